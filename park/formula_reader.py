"""Read a formula over meters: `e01-main + e01-pv - 0.35 * e02-main`, with parentheses, division and shares in %.

    sum      = product { ("+" | "-") product }
    product  = single { ("*" | "/") single }
    single   = number [ "%" ] | id | "`" id "`" | "-" single | "(" sum ")"

A `-` with letters, digits, `-` or `_` on both sides is part of an id; anywhere else it is a minus.  An id of digits,
or with a `-` at an end, stands in backquotes.  What a Chinese keyboard writes for a sign is that sign,
and its minus is always one.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from park.formula import FormulaMistaken, Minus, Name, Number, Pair, Tree, mistake
from park.mistake import Mistake
from park.place import IDENTIFIER
from park.registry_notes import show

LONGEST = 1000
DEEPEST = 20
MOST_PARTS = 200
"""The most numbers and ids in one formula."""

MINUS = "−"
"""A minus that no keyboard puts into an id."""
KEYBOARDS = str.maketrans("（）＋－–×＊·÷／％｀．\u3000", "()+−−***//%`. ")
TOKEN = re.compile(
    r"""\ *(?:
        (?P<number> \d+\.\d+ | \d+(?![a-z0-9_]|-[a-z0-9_-]) )
      | (?P<id>     [a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])? )
      | (?P<quoted> `[^`]*` )
      | (?P<sign>   [-−+*/()%] )
      | (?P<odd>    [A-Za-z][A-Za-z0-9_-]* | \S )
    )""",
    re.ASCII | re.VERBOSE,
)
END = ""


class Token(NamedTuple):
    """One word of a formula."""

    sort: str
    text: str
    at: int


def read(text: str) -> Tree:
    """Read a formula.  Raises FormulaMistaken, and nothing else, for whatever is none."""
    if len(text) > LONGEST:
        raise FormulaMistaken(
            mistake(
                LONGEST,
                f"公式过长 ({len(text)} 个字符); 最多 {LONGEST} 个, 请分成几个虚拟表。",
                f"the formula has {len(text)} characters and may have {LONGEST}; make several virtual meters of it.",
            )
        )
    tokens, odd = _tokens(text)
    if odd:
        raise FormulaMistaken(*odd)
    parts = [token for token in tokens if token.sort in {"number", "id"}]
    if len(parts) > MOST_PARTS:
        raise _wrong(
            parts[MOST_PARTS],
            f"数字和设备多于 {MOST_PARTS} 个; 请分成几个虚拟表。",
            f"there are more than {MOST_PARTS} numbers and meters; make several virtual meters of it.",
        )
    return _Reader(tokens).whole()


def _tokens(text: str) -> tuple[list[Token], list[Mistake]]:
    """Cut a formula into words, and name every one that can be none."""
    line = text.translate(KEYBOARDS).replace("\t", " ").replace("\n", " ").replace("\r", " ")
    tokens: list[Token] = []
    odd: list[Mistake] = []
    place = 0
    while found := TOKEN.match(line, place):
        sort, place = str(found.lastgroup), found.end()
        word, at = found[sort], found.start(sort) + 1
        if sort == "quoted":
            sort, word = "id", word[1:-1]
        if sort == "odd" or (sort == "id" and not IDENTIFIER.fullmatch(word)):
            odd.append(_odd(word, at))
        if sort == "sign":
            sort = word = word.replace(MINUS, "-")
        tokens.append(Token(sort, word, at))
    tokens.append(Token(END, "", len(line) + 1))
    return tokens, odd


def _odd(word: str, at: int) -> Mistake:
    if word.isascii() and IDENTIFIER.fullmatch(word.lower()):
        return mistake(
            at, f"设备编号用小写: 是否想写 {word.lower()}?", f"ids are in lower case: did you mean {word.lower()}?"
        )
    if word == "`":
        return mistake(at, "反引号没有配对; 请在编号后面补上。", "this backquote has no other; put one behind the id.")
    return mistake(
        at,
        f"{show(word)} 不能出现在公式中; 可以写设备编号、数字、+ - * / % 和括号。",
        f"{show(word)} cannot stand in a formula; write meters' ids, numbers, + - * / % and parentheses.",
    )


class _Reader:
    """Goes through the words once, from left to right."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._place = 0
        self._depth = 0

    def whole(self) -> Tree:
        """Read all there is."""
        tree = self._sum()
        if self._next.sort != END:
            raise self._unexpected()
        return tree

    @property
    def _next(self) -> Token:
        return self._tokens[self._place]

    def _take(self) -> Token:
        token = self._next
        self._place += 1
        return token

    def _sum(self) -> Tree:
        return self._chain("+-", self._product)

    def _product(self) -> Tree:
        return self._chain("*/", self._single)

    def _chain(self, signs: str, part: Callable[[], Tree]) -> Tree:
        tree = part()
        while self._next.sort and self._next.sort in signs:
            sign = self._take()
            tree = Pair(sign.text, tree, part(), sign.at)
        return tree

    def _single(self) -> Tree:
        token = self._take()
        if token.sort == "number":
            share = self._next.sort == "%"
            if share:
                self._take()
            return Number(Decimal(token.text), share, token.at)
        if token.sort == "id":
            return Name(token.text, token.at)
        if token.sort in {"-", "("}:
            self._depth += 1
            if self._depth > DEEPEST:
                raise _wrong(
                    token,
                    f"括号和负号嵌套多于 {DEEPEST} 层; 请分成几个虚拟表。",
                    f"parentheses and signs are nested more than {DEEPEST} deep; make several virtual meters of it.",
                )
            tree: Tree = Minus(self._single(), token.at) if token.sort == "-" else self._inner(token)
            self._depth -= 1
            return tree
        self._place -= 1
        raise self._unexpected()

    def _inner(self, opened: Token) -> Tree:
        tree = self._sum()
        if self._next.sort == END:
            raise _wrong(opened, "括号没有合上; 请补上 )。", "this parenthesis is never closed; add a `)`.")
        if self._next.sort != ")":
            raise self._unexpected()
        self._take()
        return tree

    def _unexpected(self) -> FormulaMistaken:
        """Say what stands where something else should."""
        token = self._next
        before = self._tokens[self._place - 1] if self._place else None
        if token.sort == END:
            return _wrong(
                token, "公式没有写完; 这里应有设备编号或数字。", "the formula ends here; a meter or number is missing."
            )
        if token.sort in {"id", "number", "("} and before is not None:
            return _wrong(
                token,
                f"{show(token.text)} 前面缺少 + - * 或 /。",
                f"a + - * or / is missing before {show(token.text)}.",
            )
        if token.sort == "%":
            return _wrong(token, "% 只能紧跟在数字后面, 如 30 %。", "% only follows a number, as in 30 %.")
        if token.sort == ")" and before is not None and before.sort in {"id", "number", ")", "%"}:
            return _wrong(token, "多了一个右括号。", "this parenthesis closes none.")
        return _wrong(
            token,
            f"这里应是设备编号或数字, 而不是 {token.text}。",
            f"a meter or number must stand here, not {token.text}.",
        )


def _wrong(token: Token, zh: str, en: str) -> FormulaMistaken:
    return FormulaMistaken(mistake(token.at, zh, en))
