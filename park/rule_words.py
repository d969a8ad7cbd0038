"""The plain parts of a rule: lists of words, yes or no, lengths of time, and texts with places to fill in."""

from datetime import timedelta
from string import Formatter

from park import period
from park.registry_notes import Notes, join, show
from park.rule import Text

PARTS = frozenset({"meter", "enterprise", "value", "limit", "unit", "since", "metric", "rule"})
"""What a message may hold in braces."""
LONGEST = 600
NO_TIME = timedelta(0)


def read_words(notes: Notes, path: str, value: object) -> tuple[str, ...]:
    """Read a list of words, or one alone."""
    items = (value,) if isinstance(value, str) else notes.items(path, value)
    texts = (notes.text(f"{path}[{place}]", item) for place, item in enumerate(items))
    return tuple(text for text in texts if text is not None)


def read_flag(notes: Notes, path: str, value: object, *, default: bool) -> bool:
    """Read yes or no."""
    if value is None:
        return default
    if isinstance(value, bool):
        return value
    notes.add(
        path, f"这里应是 true 或 false, 而不是 {show(value)}。", f"This must be true or false, not {show(value)}."
    )
    return default


def read_time(notes: Notes, path: str, value: object) -> timedelta | None:
    """Read a length of time, of 0s on."""
    if value in ("0s", 0) and value is not False:
        return NO_TIME
    try:
        return period.read(value if isinstance(value, str) else "")
    except ValueError:
        notes.add(
            path,
            f"时长 {show(value)} 无法识别; 请写成 0s、30s、10m、1h。",
            f"Time {show(value)} is not understood; write 0s, 30s, 10m or 1h.",
        )
        return None


def read_text(
    notes: Notes, path: str, value: object, *, parts: frozenset[str] = PARTS, longest: int = LONGEST
) -> Text | None:
    """Read a text in both languages, or in Chinese alone."""
    if value is None:
        return None
    if isinstance(value, str):
        value = {"zh": value}
    given = notes.mapping(path, value, ("zh", "en"), ("zh",))
    texts = {key: notes.text(join(path, key), item, longest=longest) or "" for key, item in given.items()}
    for key, text in texts.items():
        _check_parts(notes, join(path, key), text, parts)
    return Text(**texts) if "zh" in texts else None


def _check_parts(notes: Notes, path: str, text: str, known: frozenset[str]) -> None:
    """Find what stands in braces and is none of the known; a format beside a name is none either."""
    try:
        found = [
            name + ("!" + turned if turned else "") + (":" + form if form else "")
            for _, name, form, turned in Formatter().parse(text)
            if name is not None
        ]
    except ValueError:
        notes.add(
            path,
            "花括号不成对; 文字中的花括号请写两次 ({{ 或 }})。",
            "A brace has no partner; write a brace of the text twice ({{ or }}).",
        )
        return
    for part in sorted(set(found) - known):
        some = ", ".join(sorted(known)) or "—"
        notes.add(path, f"不认识 {{{part}}}; 可用: {some}。", f"{{{part}}} is not known here; there are: {some}.")
