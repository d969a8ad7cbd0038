"""What the pages on virtual meters and balance say."""

from api.console.wording import Words

WORDS: dict[str, Words] = {}
