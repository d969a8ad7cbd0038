"""The folder of a broker's accounts: what Mosquitto reads, what is handed out, and what our services read.

    mosquitto/passwords   hashes          for Mosquitto alone: mount this folder, not its files
    mosquitto/acl         rights
    handout.csv           meter,user,password: give each device its own line, then delete the file if you like
    services/NAME         one password each, for SMARTPARK_MQTT_PASSWORD_FILE

Where a password is written in the clear, it is the password and the hash follows; where it is not any more, the hash
stays.  So a run that was cut short is finished by the next, and a person may write a password of his own choice.
"""

import csv
import io
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from adapters import private
from adapters.mosquitto_files import hash_password, new_password, read_passwords, verifies, write_acl, write_passwords
from park.broker_rights import BrokerAccount

OURS = "smartpark"
"""What our services' names begin with, before the dot."""
HEADER = ("meter", "user", "password")
SHARED_FILE = 0o640
SHARED_FOLDER = 0o750
"""Mosquitto runs as a user of its own: its group may be given these."""
PASSAGE = 0o711
"""It may pass through on its way there, and see nothing."""


class FolderError(ValueError):
    """A file in the folder that a person must look at; the sentence says which and why."""


class Fate(StrEnum):
    """What became of an account."""

    MADE = "made"
    ROTATED = "rotated"
    REWRITTEN = "rewritten"
    """Someone has written another password into the hand-out or a service's file."""
    KEPT = "kept"


class Settled(NamedTuple):
    """An account's fate, its hash, and its password where it is new."""

    fate: Fate
    hashed: str
    password: str | None = None


@dataclass(slots=True)
class Outcome:
    """What became of all accounts."""

    removed: list[str]
    fates: dict[str, Fate] = field(default_factory=dict)
    changed: bool = False
    """Whether Mosquitto must read its files again."""
    passwords: dict[str, str] = field(default_factory=dict, repr=False)
    """The new ones."""

    def note(self, user: str, settled: Settled) -> None:
        """Write down one account's."""
        self.fates[user] = settled.fate
        if settled.password is not None:
            self.passwords[user] = settled.password

    def of(self, fate: Fate) -> list[str]:
        """Give the accounts of one fate."""
        return [user for user, its in self.fates.items() if its is fate]


class BrokerFolder:
    """The files below one folder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.hashes = path / "mosquitto" / "passwords"
        self.acl = path / "mosquitto" / "acl"
        self.handout = path / "handout.csv"
        self.services = path / "services"

    def update(self, accounts: Iterable[BrokerAccount], *, rotate: Iterable[str] = ()) -> Outcome:
        """Make the folder hold just these accounts; `rotate` names those that get a new password.

        Raises FolderError, MosquittoFileError and OSError; what is on the disk then is finished by the next run.
        """
        accounts = tuple(accounts)
        renewed = frozenset(rotate)
        before = read_passwords(_read(self.hashes))
        devices = [user for user in before if user.partition(".")[0] != OURS]
        if devices and not any(account.meters for account in accounts):
            raise FolderError(
                f"台账中没有设备, 而 {self.hashes} 有 {len(devices)} 个设备账号; 请检查 --data-dir 与数据库设置, "
                f"未作任何改动 / the registry has no meters and that file has {len(devices)}: check --data-dir "
                "and which database this is; nothing was changed"
            )
        clear = self._clear()
        users = {account.user for account in accounts}
        outcome = Outcome(removed=[user for user in before if user not in users])
        hashes: dict[str, str] = {}
        for account in accounts:
            user = account.user
            settled = _settle(before.get(user), clear.get(user), new=user in renewed)
            hashes[user] = settled.hashed
            outcome.note(user, settled)
        known = {user: password for user, password in (clear | outcome.passwords).items() if user in hashes}
        acl = write_acl(accounts)
        self._folders()
        self._hand_out(accounts, known)
        outcome.changed = _write(self.acl, acl, SHARED_FILE)  # the list first: it gives nobody entrance
        outcome.changed |= _write(self.hashes, write_passwords(hashes), SHARED_FILE)
        return outcome

    def _clear(self) -> dict[str, str]:
        """Read the passwords that are written down in the clear.  Raises FolderError."""
        found: dict[str, str] = {}
        rows = csv.reader(io.StringIO(_read(self.handout).removeprefix("\ufeff")))  # a spreadsheet leaves a mark there
        for number, row in enumerate(rows, 1):
            if not row or (number == 1 and tuple(row) == HEADER):
                continue
            place = f"{self.handout}:{number}"
            if len(row) != len(HEADER) or not row[1] or not row[2] or not row[2].isprintable():
                raise FolderError(f"{place}: 应为 meter,user,password 三项且不空 / must be meter,user,password")
            if found.setdefault(row[1], row[2]) != row[2]:
                raise FolderError(f"{place}: 用户 {row[1]} 有两个密码 / user {row[1]} stands there with two passwords")
        for file in sorted(self.services.glob("*")) if self.services.is_dir() else []:
            password = _read(file).strip()
            if not password or not password.isprintable():
                raise FolderError(f"{file}: 应只含一个密码; 可删除后用 --rotate / must hold one password")
            found[file.name] = password
        return found

    def _folders(self) -> None:
        if not self.path.is_dir():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.mkdir(mode=PASSAGE)
        private.folder(self.services)
        if not self.hashes.parent.is_dir():
            self.hashes.parent.mkdir(mode=SHARED_FOLDER)

    def _hand_out(self, accounts: tuple[BrokerAccount, ...], known: Mapping[str, str]) -> None:
        """Write what is known in the clear, each for its reader."""
        text = io.StringIO()
        rows = csv.writer(text, lineterminator="\n")
        rows.writerow(HEADER)
        for account in accounts:
            if account.user in known:
                rows.writerows((meter, account.user, known[account.user]) for meter in account.meters)
        _write(self.handout, text.getvalue(), private.FILE)
        ours = {account.user for account in accounts if not account.meters}
        for user in ours & known.keys():
            _write(self.services / user, known[user] + "\n", private.FILE)
        for file in self.services.iterdir():
            if file.name not in ours:
                file.unlink()


def _settle(hashed: str | None, clear: str | None, *, new: bool) -> Settled:
    """Decide one account's password and hash from what stands hashed and what stands in the clear."""
    if new or (hashed is None and clear is None):
        password = new_password()
        return Settled(Fate.MADE if hashed is None else Fate.ROTATED, hash_password(password), password)
    if hashed is None:
        return Settled(Fate.MADE, hash_password(clear or ""))
    if clear is None or verifies(clear, hashed):
        return Settled(Fate.KEPT, hashed)
    return Settled(Fate.REWRITTEN, hash_password(clear))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        raise FolderError(f"{path}: 不是 UTF-8 文本 / is no UTF-8 text") from error


def _write(path: Path, text: str, mode: int) -> bool:
    """Replace a file in one go, keeping the owner and mode somebody gave it; tell whether anything changed."""
    held = path.stat() if path.exists() else None
    if held is not None and path.read_text(encoding="utf-8") == text:
        return False
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        descriptor = os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, private.FILE)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            if held is not None and (held.st_uid, held.st_gid) != (os.geteuid(), os.getegid()):
                os.fchown(file.fileno(), held.st_uid, held.st_gid)
            os.fchmod(file.fileno(), mode if held is None else held.st_mode & 0o777)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return True
