"""From what the leaves know to one verdict on a condition: three answers and "no evidence", never a guess."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from park import condition as c
from park.alert import Verdict
from park.evidence import Evidence, Why


class Judgement(NamedTuple):
    """What the evidence comes to.  `verdict` None is: nothing that would move an alert either way."""

    verdict: Verdict | None
    why: Why
    value: float | None
    metric: str


def judge(condition: c.Condition, evidence: Sequence[Evidence]) -> Judgement:
    """Judge a condition by the evidence of its leaves, in their order."""
    return _judge(condition, iter(evidence))


def _judge(condition: c.Condition, evidence: Iterator[Evidence]) -> Judgement:
    match condition:
        case c.All(parts):
            return _first([_judge(part, evidence) for part in parts], Verdict.CLEAR, Verdict.BREACH)
        case c.Any(parts):
            return _first([_judge(part, evidence) for part in parts], Verdict.BREACH, Verdict.CLEAR)
        case c.Not(part):
            return _turned(_judge(part, evidence))
        case _:
            known = next(evidence)
            return Judgement(known.verdict, known.why, known.value, condition.metric)


def _first(parts: list[Judgement], decides: Verdict, else_: Verdict) -> Judgement:
    """Take the part that decides alone; failing that what is unknown, then what is silent, then the rest."""
    for verdict in (decides, None, Verdict.SILENT, else_):
        for part in parts:
            if part.verdict is verdict:
                return part
    raise ValueError("a condition over nothing")


def _turned(part: Judgement) -> Judgement:
    turn = {Verdict.CLEAR: Verdict.BREACH, Verdict.BREACH: Verdict.CLEAR}
    return part if part.verdict is None else part._replace(verdict=turn.get(part.verdict, part.verdict))
