"""Terms as a request writes them: 2026-10, 2026-Q3, 2026; some may be asked for as 2026-10/ytd or 2026-10/r12."""

from typing import Annotated

from fastapi import Query

from api.mistake import Mistake
from api.problem import Problem
from park.term import Term
from park.term_words import read_words

MOST = 12
First = Annotated[
    str | None, Query(max_length=MOST, description="Only terms that end in or after this one, as 2026-01 or 2026.")
]
Last = Annotated[str | None, Query(max_length=MOST, description="Only terms that begin in or before this one.")]
SENTENCES = {
    "zh": "{value} 不是期别; 写法如 2026-10 (月)、2026-Q3 (季)、2026 (年)。",
    "en": "{value} is no term; write 2026-10, 2026-Q3 or 2026.",
}


def read_term(text: str, path: str, lang: str) -> Term:
    """Read one term.  Raises Problem."""
    found = read_words(text)
    if found is None:
        sentence = SENTENCES[lang].format(value=repr(text[:MOST]))
        raise Problem("mistakes", mistakes=[Mistake(path=path, sentence=sentence)], count=1)
    return found


def read_optional(text: str | None, path: str, lang: str) -> Term | None:
    """Read a term that may be left out.  Raises Problem."""
    return None if text is None else read_term(text, path, lang)
