"""What the pages on statements and entered activity say."""

from api.console.wording import Words

WORDS: dict[str, Words] = {}
