"""What the pages on intensity, explanation and closing say."""

from api.console.wording import Words

WORDS: dict[str, Words] = {}
