"""What a PostgreSQL driver's error comes from, by its SQLSTATE, or by its words where there is none."""

import re
from collections.abc import Mapping
from enum import StrEnum


class Cause(StrEnum):
    """What stands between us and the server."""

    UNREACHABLE = "unreachable"
    """Nobody answers there, or not in time."""
    PASSWORD = "password"  # noqa: S105  # a word, not one of them
    """It knows no such user with this password: which of the two it does not say."""
    NO_DATABASE = "no_database"
    NOT_LET_IN = "not_let_in"
    """Its access rules, or those about encryption, keep us out."""
    STARTING = "starting"
    """It is on its way up or down: it will be there by itself."""
    FULL = "full"
    """It has no connection left."""
    OPTION = "option"
    """The URL asks for what the driver does not know."""
    ENDED = "ended"
    """The connection ended in mid-operation: what was not committed did not happen."""
    TOO_LONG = "too_long"
    LOCKED = "locked"
    NO_RIGHT = "no_right"
    NO_TABLE = "no_table"
    READ_ONLY = "read_only"
    NO_SPACE = "no_space"


# SQLSTATE, or its first two letters → cause
STATES: Mapping[str, Cause] = {
    "08": Cause.ENDED,
    "25006": Cause.READ_ONLY,
    "28P01": Cause.PASSWORD,
    "28": Cause.NOT_LET_IN,
    "3D000": Cause.NO_DATABASE,
    "42501": Cause.NO_RIGHT,
    "42P01": Cause.NO_TABLE,
    "53300": Cause.FULL,
    "53": Cause.NO_SPACE,
    "55P03": Cause.LOCKED,
    "57014": Cause.TOO_LONG,
    "57P01": Cause.ENDED,
    "57P02": Cause.ENDED,
    "57P03": Cause.STARTING,
    "57P05": Cause.ENDED,
}

# A connection that was not made has no SQLSTATE, only words; those not found here are said as they are.
WORDS: tuple[tuple[re.Pattern[str], Cause], ...] = tuple(
    (re.compile(pattern), cause)
    for pattern, cause in (
        (r"password authentication failed|no password supplied|role \".*\" does not exist", Cause.PASSWORD),
        (r"database \".*\" does not exist", Cause.NO_DATABASE),
        (r"is starting up|is shutting down|recovery mode|not accepting connections", Cause.STARTING),
        (r"too many clients|too many connections|connection slots", Cause.FULL),
        (r"pg_hba\.conf|SSL|certificate|permission denied for database|not permitted to log in", Cause.NOT_LET_IN),
        (
            r"invalid (URI query parameter|connection option)|(bad|invalid) (integer )?value|invalid .* value",
            Cause.OPTION,
        ),
    )
)


def cause_of(error: BaseException, *, connecting: bool, gone: bool) -> Cause | None:
    """Give what a driver's error comes from; None where it is about the data, and the caller's own."""
    state = getattr(error, "sqlstate", None)
    if state is not None:
        return STATES.get(state) or STATES.get(state[:2]) or (Cause.ENDED if gone else None)
    if not connecting:
        return Cause.ENDED if gone else None
    words = str(error)
    return next((cause for pattern, cause in WORDS if pattern.search(words)), Cause.UNREACHABLE)
