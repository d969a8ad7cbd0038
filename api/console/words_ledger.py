"""What the pages on the ledger: review of epochs, intervals say."""

from api.console.wording import Words

WORDS: dict[str, Words] = {}
