"""How grave an alert is: five levels, in order."""

from enum import IntEnum


class Severity(IntEnum):
    """From a hint to what must wake everybody; a higher number is graver."""

    NOTICE = 1
    """提示: worth knowing; nobody need act now."""
    GENERAL = 2
    """一般: to be looked at in this shift."""
    LARGER = 3
    """较大: to be looked at now."""
    MAJOR = 4
    """重大: people may be in danger.  Never held back by quiet hours."""
    CRITICAL = 5
    """特别重大: people are in danger."""

    @property
    def word(self) -> str:
        """Its name in files and on the wire."""
        return self.name.lower()


BY_WORD = {severity.word: severity for severity in Severity}
ZH = dict(zip(Severity, ("提示", "一般", "较大", "重大", "特别重大"), strict=True))
EN = dict(zip(Severity, ("Notice", "General", "Larger", "Major", "Critical"), strict=True))
