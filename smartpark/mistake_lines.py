"""What is wrong in a registry file, as lines for a person: place, sentence, and how many in the end."""

from collections.abc import Sequence
from pathlib import Path

from park.mistake import Mistake


def mistake_lines(file: Path, mistakes: Sequence[Mistake], language: str) -> list[str]:
    """Give a line for each mistake, and one that says that nothing was changed."""
    lines = []
    for mistake in mistakes:
        place = f"{file}:{mistake.line}" if mistake.line else str(file)
        path = f" {mistake.path}" if mistake.path else ""
        lines.append(f"{place}{path}: {mistake.sentence(language)}")
    count = len(mistakes)
    if language == "zh":
        return [*lines, f"共 {count} 处错误, 未作任何改动。"]
    return [*lines, f"{many(count, 'mistake')}; nothing was changed."]


def many(count: int, noun: str) -> str:
    """Say how many of something there are, in English: 1 meter, 2 meters."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
