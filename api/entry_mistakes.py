"""Mistakes of a document that the domain checked, as the sender of a body knows them."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from api.mistake import Mistake
from api.problem import Problem
from park import term
from park.factor_table import keys
from park.mistake import Mistake as Found
from park.own_factor import FactorMistaken
from park.policy_entry import PolicyMistaken
from park.term import Term

T = TypeVar("T")
Document = Mapping[str, Any]


def checked(make: Callable[[], T], lang: str) -> T:
    """Do what takes a document.  Raises Problem with every mistake where the domain refuses it."""
    try:
        return make()
    except (FactorMistaken, PolicyMistaken) as refused:
        raise mistakes(refused.mistakes, lang) from None


def mistakes(found: Iterable[Found], lang: str) -> Problem:
    """Make the problem that names mistakes with their places in the body."""
    told = [Mistake(path=f"body.{one.path}", sentence=one.sentence(lang)) for one in found]
    return Problem("mistakes", mistakes=told, count=len(told))


def term_of(text: str, lang: str) -> Term:
    """Read the term of a query.  Raises Problem."""
    try:
        return term.read(text)
    except ValueError:
        zh = "应为 2026-10、2026-Q3、2026、2026-10/ytd 或 2026-10/r12 之一的写法。"
        en = "Write it as 2026-10, 2026-Q3, 2026, 2026-10/ytd or 2026-10/r12."
        told = Mistake(path="query.term", sentence=zh if lang == "zh" else en)
        raise Problem("mistakes", mistakes=[told], count=1) from None


def key_of(text: str) -> str:
    """Read what a factor is asked about.  Raises Problem."""
    if text not in keys():
        raise Problem("no_such", what="carrier", id=text[:64])
    return text
