"""InfluxQL cut into tokens: less than the server reads, and nothing that it might read otherwise than we do.

No comments, no escapes but of a quote in a string, no casts, no bound parameters.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

MOST_LETTERS: Final = 20_000

_TOKEN: Final = re.compile(
    r"""
    (?P<name>"[^"\\\n]+")
  | (?P<text>'(?:[^'\\\n]|\\['\\])*')
  | (?P<number>(?:[0-9]+(?:ns|us|ms|u|s|m|h|d|w))+(?![A-Za-z0-9_.])|[0-9]+(?:\.[0-9]+)?(?![A-Za-z0-9_.]))
  | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
  | (?P<sign><=|>=|!=|<>|=~|!~|[=<>+\-*/%(),;])
    """,
    re.VERBOSE,
)
# Between slashes no slash, however it is written: the server ends a pattern elsewhere than one might think.
_PATTERN: Final = re.compile(r"/(?:[^/\\\n]|\\[^/\\\n])*/")
_SPACE: Final = re.compile(r"[ \t\r\n]+")
_BEFORE_PATTERN: Final = frozenset({"=~", "!~"})
_OPERANDS: Final = frozenset({"name", "number"})
_GLUED: Final = re.compile(r"--|/\*|//|\*/")


class NotConfined(ValueError):
    """A question that cannot be kept to one enterprise, and what is to be written instead."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh = zh
        self.en = en

    def sentence(self, language: str) -> str:
        """Say why, in one language."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Token:
    """A name, text, number, word, sign or pattern, and where it stands."""

    kind: str
    text: str
    place: int
    """Counted from 1."""
    apart: bool
    """Whether a space stands before it."""

    @property
    def word(self) -> str:
        """The word in small letters; empty for what is none."""
        return self.text.lower() if self.kind == "word" else ""

    @property
    def sign(self) -> str:
        """The sign; empty for what is none."""
        return self.text if self.kind == "sign" else ""

    @property
    def inside(self) -> str:
        """What stands between the quotes of a name."""
        return self.text[1:-1]

    def __str__(self) -> str:
        """Write it as it stood, a space for whatever space there was."""
        return f" {self.text}" if self.apart else self.text


def tokens(influxql: str) -> Iterator[Token]:
    """Cut a query.  Raises NotConfined at the first letter that is none of ours."""
    if len(influxql) > MOST_LETTERS:
        raise NotConfined(
            f"查询超过 {MOST_LETTERS} 个字符; 请拆成几个。",
            f"The query is longer than {MOST_LETTERS} letters; split it.",
        )
    at, apart, before = 0, False, Token("sign", ";", 0, apart=False)
    while at < len(influxql):
        if space := _SPACE.match(influxql, at):
            at, apart = space.end(), True
            continue
        kind, text = _next(influxql, at, before)
        before = Token(kind, text, at + 1, apart=apart)
        yield before
        at, apart = at + len(text), False


def _next(influxql: str, at: int, before: Token) -> tuple[str, str]:
    """Give what stands here: after =~ a pattern alone, and a slash only where the server cannot begin one."""
    if before.sign in _BEFORE_PATTERN:
        if found := _PATTERN.match(influxql, at):
            return "pattern", found[0]
    elif not _GLUED.match(influxql, at):
        found = _TOKEN.match(influxql, at)
        if found and (found[0] != "/" or before.kind in _OPERANDS or before.sign == ")"):
            return str(found.lastgroup), found[0]
    shown, place = influxql[at : at + 12], at + 1
    raise NotConfined(
        f"第 {place} 个字符 {shown!r}: 这里只允许名称、单引号的文字、数字、=~ 之后的 /正则/ 和运算符; "
        "不允许注释与转义。",
        f"Letter {place}, {shown!r}: only names, text in single ones, numbers, /patterns/ after =~ "
        "and operators are taken here; no comments and no escapes.",
    )
