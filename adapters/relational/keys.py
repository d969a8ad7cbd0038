"""API keys: a secret shown once and kept only as its hash, so that reading the store opens nothing."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection, Engine, insert, select, update

from adapters.relational import audit, holder
from adapters.relational.engine import deciding, reading, writing
from adapters.relational.refusal import AccountRefused
from adapters.relational.schema import api_key as table
from park.principal import Access, Principal

PREFIX = "spk_"
SHORTEST = 16
HINT = 4
USE_NOTED = timedelta(hours=1)
"""How exactly it is known when a key was last used: a write for each request would be dear."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key as people may see it: never its secret."""

    name: str
    hint: str
    """The secret's last letters."""
    access: Access
    enterprise: str | None
    created_at: datetime
    used_at: datetime | None
    """To the hour; None: never."""
    revoked_at: datetime | None


def create_key(
    engine: Engine,
    *,
    name: str,
    access: Access,
    enterprise: str | None = None,
    now: datetime,
    who: str,
    secret: str | None = None,
) -> str:
    """Make a key and give its secret, this once.  Raises AccountRefused.

    With a `secret` of one's own (SMARTPARK_ADMIN_API_KEY) the call may be repeated: the key of that name then has that
    secret, and a former one opens nothing any more.
    """
    made = secret or PREFIX + secrets.token_urlsafe(32)
    if len(made) < SHORTEST:
        raise AccountRefused(
            f"API 密钥至少 {SHORTEST} 个字符; 例如: {PREFIX}{secrets.token_urlsafe(24)}",
            f"An API key has at least {SHORTEST} characters; for example {PREFIX}{secrets.token_urlsafe(24)}",
        )
    facts = {"access": access, "enterprise": enterprise, "digest": _digest(made), "hint": made[-HINT:]}
    with deciding(engine) as connection:
        holder.check(connection, name, access, enterprise)
        old = connection.execute(select(table).where(table.c.name == name)).one_or_none()
        if old is not None and secret is None:
            raise AccountRefused(
                f"已有名为 {name} 的密钥; 请换一个名称。", f"There is a key {name} already; take another name."
            )
        if old is not None and all(getattr(old, fact) == value for fact, value in facts.items()):
            _refuse_revoked(old.revoked_at, name)
            return made
        _refuse_known(connection, facts["digest"], name)
        if old is None:
            connection.execute(insert(table).values(name=name, created_at=now, **facts))
        else:
            connection.execute(
                update(table).where(table.c.name == name).values(created_at=now, revoked_at=None, **facts)
            )
        action = "key.create" if old is None else "key.change"
        after = {"access": access, "enterprise": enterprise, "hint": made[-HINT:]}
        audit.record(connection, at=now, who=who, action=action, subject=name, after=after)
    return made


def principal_of_key(engine: Engine, secret: str, now: datetime) -> Principal | None:
    """Give whom a key stands for, named `key:…`, or None where it opens nothing."""
    query = select(table).where(table.c.digest == _digest(secret), table.c.revoked_at.is_(None))
    with reading(engine) as connection:
        row = connection.execute(query).one_or_none()
    if row is None:
        return None
    if row.used_at is None or now - row.used_at >= USE_NOTED:
        with writing(engine) as connection:
            connection.execute(update(table).where(table.c.name == row.name).values(used_at=now))
    return Principal(f"key:{row.name}", Access(row.access), row.enterprise)


def list_keys(engine: Engine) -> list[Key]:
    """Give every key, revoked ones too, by name."""
    columns = [table.c[name] for name in Key.__dataclass_fields__]
    with reading(engine) as connection:
        return [
            Key(row.name, row.hint, Access(row.access), row.enterprise, row.created_at, row.used_at, row.revoked_at)
            for row in connection.execute(select(*columns).order_by(table.c.name))
        ]


def revoke_key(engine: Engine, name: str, *, now: datetime, who: str) -> bool:
    """Make a key open nothing from now on; False where there is no such key, or it was revoked before."""
    revoked = update(table).where(table.c.name == name, table.c.revoked_at.is_(None)).values(revoked_at=now)
    with writing(engine) as connection:
        if connection.execute(revoked).rowcount == 0:
            return False
        audit.record(connection, at=now, who=who, action="key.revoke", subject=name)
    return True


def _digest(secret: str) -> str:
    """Hash a secret.  One pass is enough: unlike a password it cannot be guessed."""
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _refuse_revoked(revoked_at: datetime | None, name: str) -> None:
    if revoked_at is not None:
        raise AccountRefused(
            f"密钥 {name} 已于 {revoked_at.isoformat()} 吊销, 不能再次使用; 请换一个新的密钥。",
            f"Key {name} was revoked at {revoked_at.isoformat()} and stays so; take a new secret.",
        )


def _refuse_known(connection: Connection, digest: object, name: str) -> None:
    other = connection.execute(select(table.c.name).where(table.c.digest == digest, table.c.name != name)).scalar()
    if other is not None:
        raise AccountRefused(
            f"该密钥已登记为 {other}; 请换一个。", f"That secret is key {other} already; take another."
        )
