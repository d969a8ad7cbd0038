"""The folder of accounts: run again, it changes nothing; cut short, the next run finishes it."""

import csv
import shutil
import stat
from pathlib import Path

import pytest

from adapters.broker_folder import BrokerFolder, Fate, FolderError
from adapters.mosquitto_files import read_passwords, verifies
from park.broker_rights import accounts
from park.place import Meter
from tests.park.examples import meter, registry


@pytest.fixture
def folder(tmp_path: Path) -> BrokerFolder:
    """A folder with the accounts of m1 and m2."""
    made = BrokerFolder(tmp_path / "broker")
    made.update(accounts(registry(meter("m1"), meter("m2"))))
    return made


def handed_out(folder: BrokerFolder) -> dict[str, str]:
    """Read the hand-out as whoever hands it out does."""
    with folder.handout.open(encoding="utf-8", newline="") as file:
        return {row["meter"]: row["password"] for row in csv.DictReader(file)}


def hashes(folder: BrokerFolder) -> dict[str, str]:
    """Read what Mosquitto reads."""
    return read_passwords(folder.hashes.read_text(encoding="utf-8"))


def rewrite(folder: BrokerFolder, *meters: Meter, rotate: tuple[str, ...] = ()) -> list[str]:
    """Run again; give the accounts that got a new password."""
    return list(folder.update(accounts(registry(*meters)), rotate=rotate).passwords)


def everything(folder: BrokerFolder) -> dict[str, tuple[bytes, int]]:
    """Give every file with its bytes and inode: a file written again has another."""
    files = [path for path in folder.path.rglob("*") if path.is_file()]
    return {str(path): (path.read_bytes(), path.stat().st_ino) for path in files}


def test_what_is_handed_out_opens_and_stands_nowhere_mosquitto_reads(folder: BrokerFolder) -> None:
    for user, password in handed_out(folder).items():
        assert verifies(password, hashes(folder)[user])
        assert password not in folder.hashes.read_text(encoding="utf-8") + folder.acl.read_text(encoding="utf-8")
    for file in folder.services.iterdir():
        assert verifies(file.read_text(encoding="utf-8").strip(), hashes(folder)[file.name])


def test_what_is_in_the_clear_is_for_the_owner_only(folder: BrokerFolder) -> None:
    for path in [folder.handout, *folder.services.iterdir()]:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for path in [folder.hashes, folder.acl]:
        assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_running_again_writes_nothing(folder: BrokerFolder) -> None:
    before = everything(folder)
    outcome = folder.update(accounts(registry(meter("m1"), meter("m2"))))
    assert not outcome.changed
    assert set(outcome.fates.values()) == {Fate.KEPT}
    assert everything(folder) == before


def test_a_new_meter_gets_a_password_and_the_others_keep_theirs(folder: BrokerFolder) -> None:
    before = handed_out(folder)
    assert rewrite(folder, meter("m1"), meter("m2"), meter("m3")) == ["m3"]
    assert handed_out(folder) == before | {"m3": handed_out(folder)["m3"]}


def test_a_meter_that_is_gone_disappears_everywhere(folder: BrokerFolder) -> None:
    assert folder.update(accounts(registry(meter("m1")))).removed == ["m2"]
    assert "m2" not in handed_out(folder)
    assert "m2" not in hashes(folder)
    assert "/m2/" not in folder.acl.read_text(encoding="utf-8")


def test_a_rotated_account_gets_another_password_and_the_old_one_opens_no_more(folder: BrokerFolder) -> None:
    old = handed_out(folder)
    assert rewrite(folder, meter("m1"), meter("m2"), rotate=("m1",)) == ["m1"]
    assert not verifies(old["m1"], hashes(folder)["m1"])
    assert verifies(handed_out(folder)["m1"], hashes(folder)["m1"])
    assert handed_out(folder)["m2"] == old["m2"]


def test_a_hand_out_that_was_deleted_leaves_the_accounts_and_later_names_only_the_new(folder: BrokerFolder) -> None:
    before = hashes(folder)
    folder.handout.unlink()
    assert rewrite(folder, meter("m1"), meter("m2"), meter("m3")) == ["m3"]
    assert list(handed_out(folder)) == ["m3"]
    assert {user: hashed for user, hashed in hashes(folder).items() if user != "m3"} == before


def test_a_password_that_somebody_wrote_into_the_hand_out_is_the_password(folder: BrokerFolder) -> None:
    text = folder.handout.read_text(encoding="utf-8")
    folder.handout.write_text("\ufeff" + text.replace(handed_out(folder)["m1"], "12345678"), encoding="utf-8")
    outcome = folder.update(accounts(registry(meter("m1"), meter("m2"))))
    assert outcome.of(Fate.REWRITTEN) == ["m1"]
    assert verifies("12345678", hashes(folder)["m1"])


def test_a_run_cut_short_before_mosquittos_file_is_finished_by_the_next(folder: BrokerFolder) -> None:
    held = folder.hashes.read_bytes()
    rewrite(folder, meter("m1"), meter("m2"), meter("m3"), rotate=("m1",))
    folder.hashes.write_bytes(held)
    assert rewrite(folder, meter("m1"), meter("m2"), meter("m3")) == []
    for user, password in handed_out(folder).items():
        assert verifies(password, hashes(folder)[user])


def test_a_folder_brought_back_from_a_backup_of_mosquittos_part_alone_keeps_every_device(folder: BrokerFolder) -> None:
    before = hashes(folder)
    folder.handout.unlink()
    shutil.rmtree(folder.services)
    assert rewrite(folder, meter("m1"), meter("m2")) == []
    assert hashes(folder) == before


def test_the_mode_somebody_gave_a_file_is_kept(folder: BrokerFolder) -> None:
    folder.hashes.chmod(0o644)
    rewrite(folder, meter("m1"))
    assert stat.S_IMODE(folder.hashes.stat().st_mode) == 0o644


def test_an_empty_registry_does_not_wipe_out_a_park(folder: BrokerFolder) -> None:
    before = everything(folder)
    with pytest.raises(FolderError, match="nothing was changed"):
        rewrite(folder)
    assert everything(folder) == before


@pytest.mark.parametrize("line", ["m1,m1", "m1,m1,", "m1,,x", "m1,m1,a\tb", "m1,m1,one\nm1,m1,two"])
def test_a_hand_out_that_cannot_be_meant_is_named_by_its_line_and_nothing_changes(
    folder: BrokerFolder, line: str
) -> None:
    folder.handout.write_text(f"meter,user,password\n{line}\n", encoding="utf-8")
    before = everything(folder)
    with pytest.raises(FolderError, match=r"handout\.csv:[23]"):
        rewrite(folder, meter("m1"))
    assert everything(folder) == before
