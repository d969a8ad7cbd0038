"""How the pages on statements write statuses, figures and what differs between two revisions."""

from decimal import Decimal

from api.console.tongue import MISSING, Tongue
from park.statement import Line, Statement, Status, lines


def mark(t: Tongue, status: Status) -> str:
    """Write a status in one letter."""
    return t(f"statements_mark_{status.value}")


def share(part: int, whole: int) -> str:
    """Write a share as a style's percentage."""
    return f"{part / whole * 100:.4g}%" if whole else "0%"


def figure(value: Decimal | None) -> str:
    """Write a figure with every digit it was entered with; missing is a dash and never 0."""
    return MISSING if value is None else f"{value:,f}".replace("-", "−")


def plain(value: Decimal | None) -> str:
    """Write a figure as it would be typed."""
    return "" if value is None else f"{value:f}"


def differences(old: Statement | None, new: Statement) -> list[tuple[Line, Decimal | None, Decimal | None]]:
    """Give the lines whose value two revisions disagree about."""
    before = {} if old is None else old.values
    pairs = [(line, before.get(name), new.values.get(name)) for name, line in lines().items()]
    return [(line, then, now) for line, then, now in pairs if then != now]
