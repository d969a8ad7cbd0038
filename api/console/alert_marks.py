"""How alerts look: a shape, a colour and a word for each severity, so that none depends on seeing colours."""

from nicegui import ui

from api import alert_words
from api.console.parts import tag, text
from api.console.tongue import Tongue
from park.severity import Severity

SHAPES = {
    Severity.NOTICE: '<circle cx="12" cy="12" r="8"/>',
    Severity.GENERAL: '<rect x="4.500" y="4.500" width="15" height="15" rx="2"/>',
    Severity.LARGER: '<path d="M12 3.500 21.500 20h-19z"/>',
    Severity.MAJOR: '<path d="M12 2 22 12 12 22 2 12z"/>',
    Severity.CRITICAL: '<path d="M8 2h8l6 6v8l-6 6H8l-6-6V8z"/>',
}


def mark(t: Tongue, severity: Severity, *, large: bool = False) -> None:
    """Put the mark of a severity here: its shape and its word."""
    with tag("span", f"sev sev-{severity.word}{' large' if large else ''}"):
        ui.html(
            f'<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">{SHAPES[severity]}</svg>',
            tag="span",
            sanitize=False,
        )
        text("b", alert_words.severity(severity, t.language))
