"""What the relational store refuses to write, said so that a person can mend it.

Errors:
    Refused
    ├── RegistryRefused  the registry would not hold together; `mistakes` names each place
    ├── EntryRefused     statements or activities that cannot be kept; `mistakes` names each place
    └── AccountRefused   a user or key that cannot be as asked

"""

from collections.abc import Sequence

from park.mistake import Mistake


class Refused(ValueError):
    """A change that was not made, and why, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        """Keep the sentence in both languages."""
        super().__init__(en)
        self.zh = zh
        self.en = en

    def sentence(self, language: str = "zh") -> str:
        """Say it in one language."""
        return self.zh if language == "zh" else self.en


class RegistryRefused(Refused):
    """A change after which the registry would not hold together."""

    def __init__(self, zh: str, en: str, mistakes: Sequence[Mistake] = ()) -> None:
        """Keep every mistake beside the sentence."""
        super().__init__(zh, en)
        self.mistakes = tuple(mistakes)


class EntryRefused(Refused):
    """Statements or activities that cannot be kept: none of them is."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        """Make the sentence of the mistakes."""
        super().__init__(
            " ".join(f"{mistake.path}: {mistake.zh}" for mistake in mistakes),
            " ".join(f"{mistake.path}: {mistake.en}" for mistake in mistakes),
        )
        self.mistakes = tuple(mistakes)


class AccountRefused(Refused):
    """A user or key that cannot be as asked."""
