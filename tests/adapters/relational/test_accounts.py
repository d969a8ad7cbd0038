"""Users and keys: who gets in, who does not, and what is never kept."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine, inspect, select, text, update

from adapters.relational import accounts, audit, passwords, registry_store
from adapters.relational.accounts import AccountRefused, Denied
from adapters.relational.engine import writing
from adapters.relational.schema import user as users
from park.principal import Access, Principal
from tests.park.examples import registry

NOW = datetime(2026, 11, 23, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
RIGHT, WRONG = "a long enough password", "another password"


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Real Argon2, of little work: a wrong password need not cost a tenth of a second here."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    passwords._nobodys.cache_clear()
    yield
    passwords._nobodys.cache_clear()


def add(engine: Engine, name: str = "张三", access: Access = Access.OPERATOR, enterprise: str | None = None) -> None:
    accounts.create_user(engine, name=name, password=RIGHT, access=access, enterprise=enterprise, now=NOW, who="test")


def test_the_right_password_lets_in_as_whom_was_registered(engine: Engine) -> None:
    add(engine)
    attempt = accounts.verify(engine, "张三", RIGHT, NOW + MINUTE)
    assert attempt.principal == Principal("张三", Access.OPERATOR)
    assert attempt.denied is None
    user = accounts.find_user(engine, "张三")
    assert user is not None
    assert user.signed_in_at == NOW + MINUTE


@pytest.mark.parametrize(
    ("name", "password"),
    [("张三", WRONG), ("李四", RIGHT), ("张三", ""), ("no:such", RIGHT), ("", ""), ("张三", "x" * 5_000)],
    ids=["another password", "another name", "none", "a name nobody can have", "nothing", "far too long"],
)
def test_nothing_else_lets_in_and_which_was_wrong_is_not_said(engine: Engine, name: str, password: str) -> None:
    add(engine)
    attempt = accounts.verify(engine, name, password, NOW)
    assert (attempt.principal, attempt.denied) == (None, Denied.WRONG)


@pytest.mark.parametrize("name", ["张三", "nobody"], ids=["a user", "a name nobody has"])
def test_five_failures_lock_and_each_further_one_locks_longer(engine: Engine, name: str) -> None:
    add(engine)
    for _ in range(4):
        assert accounts.verify(engine, name, WRONG, NOW).denied is Denied.WRONG
    fifth = accounts.verify(engine, name, WRONG, NOW)
    assert (fifth.denied, fifth.until) == (Denied.LOCKED, NOW + MINUTE)
    assert accounts.verify(engine, name, RIGHT, NOW + MINUTE / 2).denied is Denied.LOCKED
    locks, at = [], NOW
    for _ in range(6):
        at += timedelta(minutes=16)
        until = accounts.verify(engine, name, WRONG, at).until
        assert until is not None
        locks.append(until - at)
    assert locks[0] == 2 * MINUTE
    assert all(earlier <= later for earlier, later in pairwise(locks))
    assert locks[-1] == 15 * MINUTE


def test_after_the_lock_the_right_password_lets_in_and_failures_are_forgotten(engine: Engine) -> None:
    add(engine)
    for _ in range(5):
        accounts.verify(engine, "张三", WRONG, NOW)
    assert accounts.verify(engine, "张三", RIGHT, NOW + MINUTE).principal is not None
    assert accounts.verify(engine, "张三", WRONG, NOW + MINUTE).denied is Denied.WRONG


def test_failures_an_hour_apart_never_lock(engine: Engine) -> None:
    for hour in range(8):
        at = NOW + hour * timedelta(minutes=61)
        assert accounts.verify(engine, "nobody", WRONG, at).denied is Denied.WRONG


def test_a_disabled_user_is_told_so_only_with_the_right_password(engine: Engine) -> None:
    add(engine)
    accounts.disable_user(engine, "张三", now=NOW, who="test")
    assert accounts.verify(engine, "张三", RIGHT, NOW).denied is Denied.DISABLED
    assert accounts.verify(engine, "张三", WRONG, NOW).denied is Denied.WRONG
    accounts.enable_user(engine, "张三", now=NOW, who="test")
    assert accounts.verify(engine, "张三", RIGHT, NOW).principal is not None


def test_the_last_admin_cannot_be_disabled(engine: Engine) -> None:
    add(engine, "admin", Access.ADMIN)
    add(engine, "second", Access.ADMIN)
    accounts.disable_user(engine, "second", now=NOW, who="test")
    with pytest.raises(AccountRefused, match="only admin left"):
        accounts.disable_user(engine, "admin", now=NOW, who="test")


def test_a_new_password_replaces_the_old_and_ends_the_lock(engine: Engine) -> None:
    add(engine)
    for _ in range(5):
        accounts.verify(engine, "张三", WRONG, NOW)
    later = NOW + MINUTE / 2
    accounts.set_password(engine, "张三", "quite another one", now=later, who="test", must_change=True)
    attempt = accounts.verify(engine, "张三", "quite another one", later)
    assert attempt.user is not None
    assert attempt.user.must_change
    assert attempt.user.password_at == later
    assert accounts.verify(engine, "张三", RIGHT, later).denied is Denied.WRONG


def test_a_hash_of_weaker_parameters_is_renewed_at_sign_in(engine: Engine) -> None:
    add(engine)
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(RIGHT)
    with writing(engine) as connection:
        connection.execute(update(users).values(password_hash=weak))
    assert accounts.verify(engine, "张三", RIGHT, NOW).principal is not None
    with engine.connect() as connection:
        assert connection.execute(select(users.c.password_hash)).scalar_one() != weak
    assert accounts.verify(engine, "张三", RIGHT, NOW).principal is not None


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": "key:x"}, "cannot be used"),
        ({"name": ""}, "cannot be used"),
        ({"name": "x" * 65}, "cannot be used"),
        ({"password": "short"}, "has 10 to 256 characters"),
        ({"name": "taken"}, "There is a user taken already"),
        ({"access": Access.ENTERPRISE}, "needs the enterprise"),
        ({"access": Access.ENTERPRISE, "enterprise": "e99"}, "not in the registry"),
        ({"enterprise": "e01"}, "Only the role enterprise is bound"),
    ],
)
def test_a_user_that_cannot_be_is_refused_with_how_to_mend_it(
    engine: Engine, changes: dict[str, object], says: str
) -> None:
    add(engine, "taken")
    given: dict[str, object] = {"name": "new", "password": RIGHT, "access": Access.VIEWER, "now": NOW, "who": "test"}
    with pytest.raises(AccountRefused, match=says) as refused:
        accounts.create_user(engine, **(given | changes))  # type: ignore[arg-type]  # by name
    assert refused.value.sentence("zh") != refused.value.sentence("en")
    assert [user.name for user in accounts.list_users(engine)] == ["taken"]


def test_an_enterprise_user_is_bound_to_an_enterprise_that_is_registered(engine: Engine) -> None:
    registry_store.replace(engine, registry(), who="test", now=NOW)
    add(engine, "e01-user", Access.ENTERPRISE, "e01")
    principal = accounts.verify(engine, "e01-user", RIGHT, NOW).principal
    assert principal == Principal("e01-user", Access.ENTERPRISE, "e01")


def test_any_user_tells_a_first_start(engine: Engine) -> None:
    assert not accounts.any_user(engine)
    add(engine)
    assert accounts.any_user(engine)


def test_a_one_time_password_is_new_each_time_and_good_enough() -> None:
    made = {accounts.one_time_password() for _ in range(50)}
    assert len(made) == 50
    assert all(len(password) == 19 and not set(password) & set("01loi") for password in made)


def test_a_key_opens_as_whom_it_was_made_for_until_it_is_revoked(engine: Engine) -> None:
    secret = accounts.create_key(engine, name="scada", access=Access.VIEWER, enterprise=None, now=NOW, who="test")
    assert secret.startswith("spk_")
    assert accounts.principal_of_key(engine, secret, NOW) == Principal("key:scada", Access.VIEWER)
    assert accounts.principal_of_key(engine, secret + "x", NOW) is None
    assert accounts.revoke_key(engine, "scada", now=NOW, who="test")
    assert accounts.principal_of_key(engine, secret, NOW) is None
    assert not accounts.revoke_key(engine, "scada", now=NOW, who="test")


def test_a_key_knows_to_the_hour_when_it_was_last_used(engine: Engine) -> None:
    secret = accounts.create_key(engine, name="scada", access=Access.VIEWER, now=NOW, who="test")
    for minutes in (1, 30, 62):
        accounts.principal_of_key(engine, secret, NOW + minutes * MINUTE)
    [key] = accounts.list_keys(engine)
    assert key.used_at == NOW + 62 * MINUTE
    assert key.hint == secret[-4:]


def test_a_key_with_a_secret_of_ones_own_may_be_made_again_and_changed(engine: Engine) -> None:
    def make(secret: str) -> str:
        return accounts.create_key(engine, name="settings", access=Access.ADMIN, now=NOW, who="test", secret=secret)

    first, second = "first-secret-of-the-settings", "second-secret-of-the-settings"
    assert make(first) == make(first) == first
    assert len(audit.entries(engine)[0]) == 1
    make(second)
    assert accounts.principal_of_key(engine, first, NOW) is None
    assert accounts.principal_of_key(engine, second, NOW) == Principal("key:settings", Access.ADMIN)
    accounts.revoke_key(engine, "settings", now=NOW, who="test")
    with pytest.raises(AccountRefused, match="was revoked"):
        make(second)
    make(first)
    assert accounts.principal_of_key(engine, first, NOW) is not None


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": "taken"}, "There is a key taken already"),
        ({"secret": "short"}, "has at least 16 characters"),
        ({"secret": "the-secret-of-the-taken-key"}, "is key taken already"),
        ({"access": Access.ENTERPRISE}, "needs the enterprise"),
    ],
)
def test_a_key_that_cannot_be_is_refused(engine: Engine, changes: dict[str, object], says: str) -> None:
    given: dict[str, object] = {"name": "new", "access": Access.VIEWER, "now": NOW, "who": "test"}
    secret = {"name": "taken", "secret": "the-secret-of-the-taken-key"}
    accounts.create_key(engine, **(given | secret))  # type: ignore[arg-type]  # by name
    with pytest.raises(AccountRefused, match=says):
        accounts.create_key(engine, **(given | changes))  # type: ignore[arg-type]  # by name


def secrets_given(engine: Engine) -> list[str]:
    """Give passwords and a key away, and which they were."""
    add(engine)
    accounts.set_password(engine, "张三", "quite another one", now=NOW, who="test")
    secret = accounts.create_key(engine, name="scada", access=Access.VIEWER, now=NOW, who="test")
    return [RIGHT, "quite another one", secret]


def test_no_secret_is_ever_kept_in_the_clear_in_the_sqlite_file(sqlite_engine: Engine, tmp_path: Path) -> None:
    hidden = secrets_given(sqlite_engine)
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"scada" in kept
    assert not [secret for secret in hidden if secret.encode() in kept]


def test_no_secret_is_ever_kept_in_the_clear_in_postgres(postgres_engine: Engine) -> None:
    hidden = secrets_given(postgres_engine)
    with postgres_engine.connect() as connection:
        tables = inspect(connection).get_table_names()
        rows = [connection.execute(text(f'SELECT t::text FROM "{table}" t')).scalars() for table in tables]  # noqa: S608  # our own tables
        kept = "".join(row for table in rows for row in table)
    assert "scada" in kept
    assert not [secret for secret in hidden if secret in kept]


def test_every_change_is_audited_with_who_made_it(engine: Engine) -> None:
    add(engine)
    accounts.set_password(engine, "张三", WRONG, now=NOW, who="root")
    accounts.disable_user(engine, "张三", now=NOW, who="root")
    accounts.create_key(engine, name="scada", access=Access.VIEWER, now=NOW, who="root")
    accounts.revoke_key(engine, "scada", now=NOW, who="root")
    entries, _ = audit.entries(engine)
    assert [(entry.who, entry.action) for entry in reversed(entries)] == [
        ("test", "user.create"),
        ("root", "user.password"),
        ("root", "user.disable"),
        ("root", "key.create"),
        ("root", "key.revoke"),
    ]
