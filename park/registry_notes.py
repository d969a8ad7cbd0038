"""Reading a document that a person wrote: every mistake is noted with its place, and reading goes on."""

import math
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

from park.mistake import Mistake
from park.place import IDENTIFIER

LONGEST_TEXT = 200
SHOWN = 60
LISTED = 20


class Notes:
    """The mistakes found so far, and the ways of reading a value that find them.

    Each way gives None where the value cannot be used, after noting why.
    """

    def __init__(self, lines: Mapping[str, int]) -> None:
        """Start with none; `lines` says on which line each path begins."""
        self._lines = lines
        self.mistakes: list[Mistake] = []

    def add(self, path: str, zh: str, en: str) -> None:
        """Note a mistake; what is missing has the line of what it is missing from."""
        place, line = path, self._lines.get(path)
        while line is None and place:
            place = place[: max(place.rfind("."), place.rfind("["), 0)]
            line = self._lines.get(place)
        self.mistakes.append(Mistake(path, line, zh, en))

    def mapping(self, path: str, value: object, known: Sequence[str], required: Sequence[str]) -> Mapping[str, object]:
        """Read a mapping of known keys, with those required present; empty where it is none."""
        if not isinstance(value, Mapping):
            example = ", ".join(f"{key}: …" for key in required or known)
            self.add(
                path,
                f"这里应是键值表, 如 {{{example}}}, 而不是{kind_zh(value)}。",
                f"This must be a mapping such as {{{example}}}, not {kind(value)}.",
            )
            return {}
        for key in value:
            if key not in known:
                zh, en = near(str(key), known)
                self.add(
                    join(path, str(key)[:SHOWN]), f"没有 {show(key)} 这个键; {zh}", f"There is no key {show(key)}; {en}"
                )
        for key in required:
            if value.get(key) is None:
                self.add(join(path, key), f"缺少 {key}; 请补上。", f"{key} is missing; add it.")
        return {key: value[key] for key in known if value.get(key) is not None}

    def table(self, path: str, value: object) -> Mapping[str, object]:
        """Read a mapping of any keys, which are text; empty where it is none."""
        if not isinstance(value, Mapping):
            self.add(path, f"这里应是键值表, 而不是{kind_zh(value)}。", f"This must be a mapping, not {kind(value)}.")
            return {}
        return {str(key): item for key, item in value.items()}

    def items(self, path: str, value: object) -> Sequence[object]:
        """Read a list; empty where it is none."""
        if value is None:
            return ()
        if isinstance(value, Sequence) and not isinstance(value, str | bytes):
            return value
        self.add(path, f"这里应是列表, 而不是{kind_zh(value)}。", f"This must be a list, not {kind(value)}.")
        return ()

    def text(self, path: str, value: object, *, longest: int = LONGEST_TEXT) -> str | None:
        """Read one line of text."""
        if not isinstance(value, str):
            self.add(
                path,
                f"这里应是文字, 而不是{kind_zh(value)}; 请给 {show(value)} 加上引号。",
                f"This must be text, not {kind(value)}; put {show(value)} in quotes.",
            )
        elif not value.strip():
            self.add(path, "不能为空; 请填写, 或去掉这个键。", "This is empty; fill it in, or leave the key out.")
        elif len(value) > longest:
            self.add(
                path,
                f"文字过长 ({len(value)} 个字符); 最多 {longest} 个。",
                f"This text is too long ({len(value)} characters); {longest} are the most.",
            )
        elif any(unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"} for letter in value):
            self.add(
                path,
                "含有换行或不可见的控制字符; 请写成一行普通文字。",
                "This holds a line break or an invisible control character; write one line of plain text.",
            )
        else:
            return value
        return None

    def identifier(self, path: str, value: object) -> str | None:
        """Read an id."""
        text = self.text(path, value)
        if text is None or IDENTIFIER.fullmatch(text):
            return text
        self.add(
            path,
            f"id {show(text)} 不可用; 请使用 1 至 64 个小写字母、数字、- 或 _ (它是主题和网址的一部分)。",
            f"Id {show(text)} cannot be used; take 1 to 64 of a-z, 0-9, - and _ (it is part of topics and addresses).",
        )
        return None

    def number(self, path: str, value: object, *, example: str) -> float | None:
        """Read a finite number above 0."""
        if isinstance(value, int | float) and not isinstance(value, bool):
            try:
                number = float(value)
            except OverflowError:
                number = math.inf
            if 0 < number < math.inf:
                return number
            self.add(
                path,
                f"{show(value)} 不是大于 0 的有限数; 例如 {example}。",
                f"{show(value)} is not a finite number above 0; for example {example}.",
            )
        else:
            self.add(
                path,
                f"这里应是数字 (如 {example}), 而不是{kind_zh(value)} {show(value)}。",
                f"This must be a number (such as {example}), not {kind(value)} {show(value)}.",
            )
        return None

    def choice(self, path: str, value: object, known: Sequence[str]) -> str | None:
        """Read one of a few words."""
        text = self.text(path, value)
        if text is None or text in known:
            return text
        zh, en = near(text, known)
        self.add(path, f"{show(text)} 不在可选值之中; {zh}", f"{show(text)} is none of the choices; {en}")
        return None


def join(path: str, key: str) -> str:
    """Write the path of a key inside another path."""
    return f"{path}.{key}" if path else key


def near(word: str, known: Iterable[str]) -> tuple[str, str]:
    """Guess which known word was meant, or list them."""
    words = list(known)
    folded = {name.casefold(): name for name in words}
    close = get_close_matches(word.strip().casefold()[:SHOWN], folded, n=1)
    if close:
        meant = folded[close[0]]
        return f"是否想写 {meant}?", f"did you mean {meant}?"
    some = ", ".join(words[:LISTED]) + (" …" if len(words) > LISTED else "")
    return f"可用的有: {some}。", f"there are: {some}."


def show(value: object) -> str:
    """Write a value short enough for a sentence."""
    try:
        text = repr(value) if isinstance(value, str) else str(value)
    except ValueError:  # a number of more digits than Python writes
        text = "…"
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


KINDS: tuple[tuple[type | tuple[type, ...], str, str], ...] = (
    (type(None), "空值", "nothing"),
    (bool, "真假值", "true or false"),
    ((int, float), "数字", "a number"),
    (str, "文字", "text"),
    (Mapping, "键值表", "a mapping"),
    (Sequence, "列表", "a list"),
)


def kind(value: object) -> str:
    """Name what sort of value it is, in English."""
    return next((en for types, _, en in KINDS if isinstance(value, types)), type(value).__name__)


def kind_zh(value: object) -> str:
    """Name what sort of value it is, in Chinese."""
    return next((zh for types, zh, _ in KINDS if isinstance(value, types)), type(value).__name__)
