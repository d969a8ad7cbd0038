"""A mistake in what a person wrote: where it is, and how to mend it, in both languages."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake with its place.  `line` is None where the document came without lines."""

    path: str
    """As in `meters[3].multiplier[0].from`; empty for the document as a whole."""
    line: int | None
    zh: str
    en: str

    def sentence(self, language: str = "zh") -> str:
        """Say it in one language."""
        return self.zh if language == "zh" else self.en
