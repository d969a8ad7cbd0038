"""Principals: who may do what, written out in full so that a change of rights is a change here."""

import pytest

from park.principal import RIGHTS, Access, Principal, Right

#                    viewer safety operator admin enterprise
MAY = {
    Right.SEE:            "yes yes yes yes yes",
    Right.SEE_QUARANTINE: "yes yes yes yes no",
    Right.ANSWER_ALERTS:  "no  yes yes yes no",
    Right.KEEP_RULES:     "no  yes yes yes no",
    Right.KEEP_REGISTRY:  "no  no  yes yes no",
    Right.KEEP_ACCOUNTS:  "no  no  yes yes no",
    Right.KEEP_STATEMENTS: "no  no  yes yes no",
    Right.KEEP_QUARANTINE: "no no  yes yes no",
    Right.KEEP_USERS:     "no  no  no  yes no",
    Right.SEE_AUDIT:      "no  no  no  yes no",
}  # fmt: skip
CASES = [
    (access, right, word == "yes")
    for right, words in MAY.items()
    for access, word in zip(Access, words.split(), strict=True)
]


def principal(access: Access) -> Principal:
    return Principal("somebody", access, "e01" if access is Access.ENTERPRISE else None)


def test_every_right_and_every_role_is_in_the_table() -> None:
    assert set(MAY) == set(Right)
    assert set(RIGHTS) == set(Access)


@pytest.mark.parametrize(("access", "right", "may"), CASES)
def test_who_may_what(access: Access, right: Right, may: bool) -> None:  # noqa: FBT001  # a column of the table
    assert principal(access).may(right) is may


def test_an_enterprise_user_sees_its_own_and_no_other() -> None:
    own = principal(Access.ENTERPRISE)
    assert own.sees("e01")
    assert not own.sees("e02")
    assert not own.sees("")


@pytest.mark.parametrize("access", [access for access in Access if access is not Access.ENTERPRISE])
def test_everybody_of_the_committee_sees_all(access: Access) -> None:
    assert principal(access).sees("e01")
    assert principal(access).sees("e02")


@pytest.mark.parametrize("access", Access)
def test_an_enterprise_belongs_to_enterprise_users_and_only_to_them(access: Access) -> None:
    with pytest.raises(ValueError, match="enterprise"):
        Principal("somebody", access, None if access is Access.ENTERPRISE else "e01")
