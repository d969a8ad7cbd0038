"""The one error a decoder raises."""

from park.reason import Reason, quoted, sentence


class Malformed(ValueError):
    """A message that cannot be read; it goes to quarantine whole, with this reason."""

    def __init__(self, reason: Reason, subject: str) -> None:
        """Keep the reason and the part it is about, cut to 200 letters and made printable."""
        self.reason = reason
        self.subject = quoted(subject, 200)
        self.seq: int | None = None
        """The message's number, where that much could be read: it came, whatever was wrong with it."""
        super().__init__(sentence(reason, self.subject, "en"))
