"""A database URL and its password."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.engine import make_url

from adapters.relational.address import takes_password, with_password
from adapters.settings import SettingsError, load


@pytest.mark.parametrize(
    ("url", "takes", "whole"),
    [
        ("postgresql://u@h/x", True, "postgresql://u:s%2Fe@h/x"),
        ("postgresql+psycopg://u@h:5432/x?sslmode=require", True, "postgresql+psycopg://u:s%2Fe@h:5432/x?sslmode=require"),
        ("postgresql://u@/x?host=/run/postgresql", True, "postgresql://u:s%2Fe@/x?host=/run/postgresql"),
        ("postgresql://u:own@h/x", True, "postgresql://u:own@h/x"),
        ("postgresql://h/x", False, "postgresql://h/x"),
        ("postgresql://h/x?user=a@b", False, "postgresql://h/x?user=a@b"),
        ("sqlite:///a@b.sqlite", False, "sqlite:///a@b.sqlite"),
    ],
    ids=["a user", "a driver and options", "a socket", "its own password", "no user", "an @ behind", "a file"],
)  # fmt: skip
def test_a_password_goes_where_a_user_is_named_without_one(url: str, takes: bool, whole: str) -> None:  # noqa: FBT001  # a column
    assert takes_password(url) == takes
    assert with_password(url, "s/e") == whole
    assert with_password(url, None) == url


def test_the_password_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("a@b\n", encoding="utf-8")
    environ = {
        "SMARTPARK_DATABASE_URL": "postgresql://park@host/name",
        "SMARTPARK_DATABASE_PASSWORD_FILE": str(tmp_path / "secret"),
    }
    settings = load(environ=environ)
    assert settings.database() == "postgresql://park:a%40b@host/name"
    assert "a@b" not in repr(settings)


@pytest.mark.parametrize(
    "url", [None, "sqlite:///x.sqlite", "postgresql://host/name"], ids=["no URL", "a file", "no user"]
)
def test_a_password_of_nobody_is_a_mistake(url: str | None) -> None:
    environ = {"SMARTPARK_DATABASE_PASSWORD": "hunter2"} | ({"SMARTPARK_DATABASE_URL": url} if url else {})
    with pytest.raises(SettingsError, match="needs a user name in SMARTPARK_DATABASE_URL") as refused:
        load(environ=environ)
    assert "hunter2" not in str(refused.value)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1))
def test_any_password_arrives_as_it_is(password: str) -> None:
    place = make_url(with_password("postgresql://park@host:5432/name", password))
    assert (place.username, place.password, place.host, place.port) == ("park", password, "host", 5432)
