"""Users who sign in with a password.  API keys are in `keys`, whose names are here too."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, Engine, Row, func, insert, select, update

from adapters.relational import audit, holder, lockout, passwords
from adapters.relational.engine import deciding, reading, writing
from adapters.relational.keys import Key, create_key, list_keys, principal_of_key, revoke_key
from adapters.relational.passwords import one_time_password
from adapters.relational.refusal import AccountRefused
from adapters.relational.schema import user as table
from park.principal import Access, Principal

__all__ = [
    "AccountRefused",
    "Attempt",
    "Denied",
    "Key",
    "User",
    "any_user",
    "create_key",
    "create_user",
    "disable_user",
    "enable_user",
    "find_user",
    "list_keys",
    "list_users",
    "one_time_password",
    "principal_of_key",
    "revoke_key",
    "set_password",
    "verify",
]


class Denied(StrEnum):
    """Why a sign-in did not succeed."""

    WRONG = "wrong"
    """No such user, or another password: which of the two is not said."""
    LOCKED = "locked"
    """Too many failures under this name; `Attempt.until` says when it may be tried again."""
    DISABLED = "disabled"
    """Name and password are right, but the user was disabled."""


@dataclass(frozen=True, slots=True)
class User:
    """A user as people may see it: never the password, nor its hash."""

    name: str
    access: Access
    enterprise: str | None
    must_change: bool
    """Whether the password was given by somebody else and must be changed at sign-in."""
    password_at: datetime
    """When the password was set: a session begun before is over."""
    created_at: datetime
    signed_in_at: datetime | None
    disabled_at: datetime | None

    @property
    def principal(self) -> Principal:
        """Whom requests of this user act for."""
        return Principal(self.name, self.access, self.enterprise)


@dataclass(frozen=True, slots=True)
class Attempt:
    """How a sign-in went: either a user, or why not."""

    user: User | None = None
    denied: Denied | None = None
    until: datetime | None = None
    """Where locked: until when."""

    @property
    def principal(self) -> Principal | None:
        """Whom the new session acts for, None where there is none."""
        return None if self.user is None else self.user.principal


def create_user(
    engine: Engine,
    *,
    name: str,
    password: str,
    access: Access,
    enterprise: str | None = None,
    now: datetime,
    who: str,
    must_change: bool = False,
) -> User:
    """Add a user.  Raises AccountRefused."""
    facts = {"access": access, "enterprise": enterprise, "must_change": must_change}
    secret = {"password_hash": passwords.hash_password(password), "password_at": now}
    with deciding(engine) as connection:
        holder.check(connection, name, access, enterprise)
        if _find(connection, name) is not None:
            raise AccountRefused(
                f"已有用户 {name}; 请换一个名称。", f"There is a user {name} already; take another name."
            )
        connection.execute(insert(table).values(name=name, created_at=now, **facts, **secret))
        audit.record(connection, at=now, who=who, action="user.create", subject=name, after=facts)
        return _present(connection, name)


def verify(engine: Engine, name: str, password: str, now: datetime) -> Attempt:
    """Try a name and password.  It takes as long for a name nobody has, and locks it as well."""
    known = holder.NAME.fullmatch(name) is not None
    with reading(engine) as connection:
        until = lockout.locked_until(connection, name, now) if known else None
        row = _find(connection, name) if known else None
    if until is not None:
        return Attempt(denied=Denied.LOCKED, until=until)
    if not passwords.matches(row.password_hash if row else None, password):
        return _failed(engine, name, now) if known else Attempt(denied=Denied.WRONG)
    if row is None or row.disabled_at is not None:
        return Attempt(denied=Denied.DISABLED)
    with writing(engine) as connection:
        lockout.forgive(connection, name)
        noted: dict[str, object] = {"signed_in_at": now}
        if passwords.is_outdated(row.password_hash):
            noted["password_hash"] = passwords.hash_password(password)
        # The password may have been changed since it was read: a newer hash is not overwritten.
        same = (table.c.name == name) & (table.c.password_hash == row.password_hash)
        connection.execute(update(table).where(same).values(noted))
        return Attempt(_present(connection, name))


def set_password(
    engine: Engine, name: str, password: str, *, now: datetime, who: str, must_change: bool = False
) -> None:
    """Give a user a new password and forget failed sign-ins; sessions begun before are over.  Raises AccountRefused."""
    password_hash = passwords.hash_password(password)
    with writing(engine) as connection:
        _present(connection, name)
        values = {"password_hash": password_hash, "password_at": now, "must_change": must_change}
        connection.execute(update(table).where(table.c.name == name).values(values))
        lockout.forgive(connection, name)
        facts = {"must_change": must_change}
        audit.record(connection, at=now, who=who, action="user.password", subject=name, after=facts)


def disable_user(engine: Engine, name: str, *, now: datetime, who: str) -> None:
    """Keep a user from signing in; what was done under the name stays.  Raises AccountRefused for the last admin."""
    with deciding(engine) as connection:
        user = _present(connection, name)
        if user.disabled_at is not None:
            return
        others = select(func.count()).where(
            table.c.access == Access.ADMIN, table.c.disabled_at.is_(None), table.c.name != name
        )
        if user.access is Access.ADMIN and connection.execute(others).scalar_one() == 0:
            raise AccountRefused(
                f"{name} 是唯一可用的管理员, 不能停用; 请先添加另一名管理员。",
                f"{name} is the only admin left and cannot be disabled; add another admin first.",
            )
        connection.execute(update(table).where(table.c.name == name).values(disabled_at=now))
        audit.record(connection, at=now, who=who, action="user.disable", subject=name)


def enable_user(engine: Engine, name: str, *, now: datetime, who: str) -> None:
    """Let a disabled user sign in again, with the same password.  Raises AccountRefused."""
    with deciding(engine) as connection:
        user = _present(connection, name)
        if user.disabled_at is None:
            return
        holder.check(connection, name, user.access, user.enterprise)  # its enterprise may be gone
        connection.execute(update(table).where(table.c.name == name).values(disabled_at=None))
        audit.record(connection, at=now, who=who, action="user.enable", subject=name)


def list_users(engine: Engine) -> list[User]:
    """Give every user, disabled ones too, by name."""
    with reading(engine) as connection:
        return [_user(row) for row in connection.execute(select(table).order_by(table.c.name))]


def find_user(engine: Engine, name: str) -> User | None:
    """Give one user as it stands now; a session asks again, for a user may have been disabled since."""
    with reading(engine) as connection:
        row = _find(connection, name)
    return None if row is None else _user(row)


def any_user(engine: Engine) -> bool:
    """Tell whether there is a user at all; where there is none, the first start makes an admin."""
    with reading(engine) as connection:
        return connection.execute(select(table.c.name).limit(1)).first() is not None


def _failed(engine: Engine, name: str, now: datetime) -> Attempt:
    with writing(engine) as connection:
        until = lockout.count_failure(connection, name, now)
    return Attempt(denied=Denied.WRONG if until is None else Denied.LOCKED, until=until)


def _find(connection: Connection, name: str) -> Row[tuple[object, ...]] | None:
    return connection.execute(select(table).where(table.c.name == name)).one_or_none()


def _present(connection: Connection, name: str) -> User:
    row = _find(connection, name)
    if row is None:
        raise AccountRefused(f"没有用户 {name}。", f"There is no user {name}.")
    return _user(row)


def _user(row: Row[tuple[object, ...]]) -> User:
    return User(
        name=row.name,
        access=Access(row.access),
        enterprise=row.enterprise,
        must_change=row.must_change,
        password_at=row.password_at,
        created_at=row.created_at,
        signed_in_at=row.signed_in_at,
        disabled_at=row.disabled_at,
    )
