"""A project before entry, scored as if it were there: against what the enterprises of the last evaluation were held to.

The cohort's own benchmarks, extremes and averages stay as they are: what is only planned moves nobody's score.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from park.evaluation.evaluate import evaluate, place
from park.evaluation.grade import grade
from park.evaluation.marks import applied, hold
from park.evaluation.result import Result, State
from park.evaluation.said import NOTHING_SAID, Said
from park.evaluation.scheme import YEAR, Scheme
from park.evaluation.scoring import scored, whole
from park.evaluation.subject import Kind, Subject


def score(scheme: Scheme, project: Subject, enterprises: Iterable[Subject], *, months: int = YEAR) -> Result:
    """Score a project; its place is the one it would take behind all who have more points."""
    there = evaluate(scheme, enterprises, months=months)
    cohort, why = place(scheme, project, months)
    if cohort is None:
        return Result(project.id, project.name, project.name_en, State.WAITING, None, why, reason=why)
    held = {one.key: one for group in there.groups if group.key == cohort.key for one in group.standards}
    scores = tuple(scored(item, project, held[item.key]) for item in cohort.items)
    base, step = whole(cohort, scores)
    adders = applied(scheme.adders, Kind.ADDER, project.flags)
    result = Result(
        id=project.id,
        name=project.name,
        name_en=project.name_en,
        state=State.WAITING,
        cohort=cohort.key,
        cohort_why=why,
        scores=scores,
        base=base,
        base_step=NOTHING_SAID if base is None else step,
        adders=adders,
        added=hold(scheme, adders),
        reason=step if base is None else NOTHING_SAID,
    )
    if base is None:
        return result
    total = round(base + result.added, scheme.digits)
    return _placed(scheme, result, total, [one for one in there.results if one.cohort == cohort.key])


def _placed(scheme: Scheme, result: Result, total: float, rivals: Sequence[Result]) -> Result:
    ranked = [one for one in rivals if one.total is not None]
    better = sum(1 for one in ranked if not one.vetoes and one.total is not None and one.total > total)
    rank, of = better + 1, len(ranked) + 1
    letter, reason = grade(scheme.grading, total, rank, of)
    said = Said(f"若已入园: {reason.zh}", f"were it here: {reason.en}")
    return replace(result, state=State.GRADED, total=total, rank=rank, of=of, grade=letter, reason=said)
