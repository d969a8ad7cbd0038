"""Pages of a list that grows while it is read: a cursor names the last row seen, it does not count."""

DIGITS = 18  # of a number that every database takes


class WrongCursor(ValueError):
    """A cursor that no page of this list gave out."""


def read(cursor: str, parts: int = 1) -> tuple[int, ...]:
    """Read the whole numbers a cursor is made of.  Raises WrongCursor."""
    numbers = cursor.split(".")
    if len(numbers) != parts or not all(
        number.isascii() and number.isdigit() and len(number) <= DIGITS for number in numbers
    ):
        raise WrongCursor(f"cursor {cursor[:60]!r} is not one that this list gave out: start again without it")
    return tuple(map(int, numbers))


def write(*numbers: int) -> str:
    """Write a cursor."""
    return ".".join(map(str, numbers))
