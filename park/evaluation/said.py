"""A sentence in both languages: what a step of the arithmetic did, or why it could not."""

from typing import NamedTuple


class Said(NamedTuple):
    """One sentence."""

    zh: str
    en: str

    def sentence(self, language: str = "zh") -> str:
        """Say it in one language."""
        return self.zh if language == "zh" else self.en


NOTHING_SAID = Said("", "")


def plain(value: float) -> str:
    """Write a number for a sentence: as many digits as tell, and no trailing zeros."""
    return f"{value:,.6g}" if abs(value) < 1e6 else f"{value:,.0f}"  # noqa: PLR2004  # where digits behind the point end
