"""What boards say, in both languages: titles in the one that is chosen, descriptions in both, the chosen one first."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

Language = Literal["zh", "en"]


class Said(NamedTuple):
    """One thing in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Words:
    """Says things in one language."""

    language: Language = "zh"

    def title(self, said: Said) -> str:
        """Give a name."""
        return said.en if self.language == "en" else said.zh

    def about(self, said: Said) -> str:
        """Give a description, for whoever reads either language."""
        first, second = (said.en, said.zh) if self.language == "en" else (said.zh, said.en)
        return f"{first}\n\n{second}"
