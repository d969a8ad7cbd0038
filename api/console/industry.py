"""What an industry is called on a page."""

from park.industry import DIVISIONS


def division(code: str) -> str:
    """Give the division of an industry code: its first two digits, also where a letter stands before them."""
    return code.strip().lstrip("ABCDEFGHIJKLMNOPQRST")[:2]


def name(code: str, language: str) -> str:
    """Name the industry of a code; a code outside the table shows as it is."""
    found = DIVISIONS.get(division(code))
    return code if found is None else found[0 if language == "zh" else 1]
