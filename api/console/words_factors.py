"""What the pages on factors and policy say."""

from api.console.wording import Words

WORDS: dict[str, Words] = {}
