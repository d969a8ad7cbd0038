"""What the pages on evaluation, targets and projects say."""

from api.console.wording import Words

WORDS: dict[str, Words] = {}
