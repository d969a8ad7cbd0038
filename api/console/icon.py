"""The few drawings of the console, inline so that nothing is fetched: 24 × 24, one stroke width, the text's colour."""

from typing import Final

PATHS: Final[dict[str, str]] = {
    "mark": '<path d="M3 20h18M5 20V10l5 3V10l5 3V6h4v14"/><path d="M8 17h0M12 17h0M16 17h0"/>',
    "overview": '<path d="M4 4h7v9H4zM13 4h7v5h-7zM13 11h7v9h-7zM4 15h7v5H4z"/>',
    "enterprises": '<path d="M3 20h18M5 20V9l5 3V9l5 3V5h4v15"/>',
    "meters": '<path d="M12 20a8 8 0 1 1 8-8"/><path d="M12 12l4-4M20 16v4h-4"/><circle cx="12" cy="12" r="1"/>',
    "quarantine": '<path d="M12 3l8 3v6c0 4.5-3.2 7.6-8 9-4.800-1.400-8-4.500-8-9V6z"/><path d="M12 8v5M12 16h0"/>',
    "accounts": '<path d="M4 20h16M6 20v-5M11 20V9M16 20v-8"/><path d="M5 9l6-5 4 3 5-4"/>',
    "alerts": '<path d="M6 17V11a6 6 0 0 1 12 0v6l2 2H4zM10 21.500h4"/>',
    "sound": '<path d="M4 10v4h4l5 4V6L8 10zM16.500 9a4 4 0 0 1 0 6M19 6.500a8 8 0 0 1 0 11"/>',
    "electricity": '<path d="M13 3L5 14h6l-1 7 8-11h-6z"/>',
    "water": '<path d="M12 3c4 5 6 8 6 11a6 6 0 0 1-12 0c0-3 2-6 6-11z"/>',
    "gas": '<path d="M12 3c1 4 5 6 5 11a5 5 0 0 1-10 0c0-2 1-4 2-5 0 2 1 3 2 3 1-3 0-6 1-9z"/>',
    "steam": '<path d="M7 4c-2 3 2 5 0 8M12 4c-2 3 2 5 0 8M17 4c-2 3 2 5 0 8M4 17h16M6 20h12"/>',
    "heat": '<path d="M12 4v9"/><path d="M9 13V6a3 3 0 0 1 6 0v7a5 5 0 1 1-6 0z"/>',
    "online": '<path d="M4 13a11 11 0 0 1 16 0M7 16a7 7 0 0 1 10 0M12 20h0"/>',
    "scheme": '<circle cx="12" cy="12" r="8"/><path d="M12 4a8 8 0 0 1 0 16z" fill="currentColor"/>',
    "user": '<circle cx="12" cy="8" r="4"/><path d="M4 20c1-4 4-6 8-6s7 2 8 6"/>',
    "leave": '<path d="M14 4h5v16h-5M3 12h11M10 8l4 4-4 4"/>',
}

STYLE: Final = (
    'fill="none" stroke="currentColor" stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round" '
    'aria-hidden="true" focusable="false"'
)
FAVICON: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect width="24" height="24" rx="5" fill="#17677f"/>'
    '<g fill="none" stroke="#fff" stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round">'
    '<path d="M4.500 18.500h15M6 18.500V11l4.500 2.500V11l4.500 2.500V7h3v11.500"/></g></svg>'
)


def svg(name: str) -> str:
    """Draw one icon."""
    return f'<svg viewBox="0 0 24 24" {STYLE}>{PATHS[name]}</svg>'
