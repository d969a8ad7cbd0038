"""The evaluation: who is compared with whom, their points, places and grades; the order of input does not matter."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from park.evaluation.grade import grade, places
from park.evaluation.indicator import indicators
from park.evaluation.marks import applied, hold
from park.evaluation.panel import panel
from park.evaluation.result import Evaluation, Group, Result, Standard, State
from park.evaluation.said import NOTHING_SAID, Said, plain
from park.evaluation.scheme import YEAR, Cohort, Grade, Method, Scheme
from park.evaluation.scheme_members import belongs
from park.evaluation.score import standard
from park.evaluation.scoring import scored, whole
from park.evaluation.subject import Kind, Subject

EVERYWHERE = ("tax_per_mu", "value_added_per_mu", "output_per_mu", "energy_productivity", "carbon_productivity")
"""What is shown for the park as a whole, whether or not the scheme weighs it."""
Standards = dict[str, Standard]


def evaluate(scheme: Scheme, subjects: Iterable[Subject], *, months: int = YEAR) -> Evaluation:
    """Evaluate enterprises by a scheme over a term of so many months."""
    everybody = sorted(subjects, key=lambda subject: subject.id)
    exclusions = {one.id: applied(scheme.exclusions, Kind.EXCLUSION, one.flags) for one in everybody}
    counted = [subject for subject in everybody if not exclusions[subject.id]]
    placed = {subject.id: place(scheme, subject, months) for subject in everybody}
    groups, results = [], []
    for cohort in scheme.cohorts:
        members = [subject for subject in counted if placed[subject.id][0] is cohort]
        held = {item.key: standard(item, members) for item in cohort.items}
        results += _ranked(scheme, [_judge(scheme, cohort, one, held, placed[one.id][1]) for one in members])
        groups.append(_group(cohort, members, held))
    for subject in everybody:
        cohort_or_none, why = placed[subject.id]
        if exclusions[subject.id]:
            results.append(_set_aside(scheme, subject, cohort_or_none, why))
        elif cohort_or_none is None:
            results.append(_bare(subject, State.WAITING, None, why))
    return Evaluation(
        scheme=scheme.id,
        months=months,
        groups=tuple(groups),
        panels=tuple(panel(indicators()[key], counted) for key in EVERYWHERE),
        results=tuple(results),
        notes=_notes(scheme, months),
    )


def place(scheme: Scheme, subject: Subject, months: int) -> tuple[Cohort | None, Said]:
    """Find the first cohort an enterprise belongs to; None while that cannot be known."""
    for cohort in scheme.cohorts:
        does, why = belongs(cohort, subject.id, subject.industry, subject.quantities.get("revenue"), months)
        if does is None:
            return None, why
        if does:
            return cohort, why
    return None, Said("不属于任何分组", "it belongs to no cohort")


def _judge(scheme: Scheme, cohort: Cohort, subject: Subject, held: Standards, why: Said) -> Result:
    """Score one enterprise; places and grades come when all are scored."""
    scores = tuple(scored(item, subject, held[item.key]) for item in cohort.items)
    base, step = whole(cohort, scores)
    adders = applied(scheme.adders, Kind.ADDER, subject.flags)
    added = hold(scheme, adders)
    return replace(
        _bare(subject, State.WAITING if base is None else State.GRADED, cohort, step if base is None else NOTHING_SAID),
        cohort_why=why,
        scores=scores,
        base=base,
        base_step=NOTHING_SAID if base is None else step,
        adders=adders,
        added=added,
        vetoes=applied(scheme.vetoes, Kind.VETO, subject.flags),
        total=None if base is None else round(base + added, scheme.digits),
    )


def _ranked(scheme: Scheme, judged: Sequence[Result]) -> list[Result]:
    totals = {result.id: result.total for result in judged if result.total is not None}
    ranks = places(totals, frozenset(result.id for result in judged if result.vetoes))
    graded = [_graded(scheme, result, ranks.get(result.id), len(totals)) for result in judged]
    return sorted(graded, key=lambda result: (result.rank is None, result.rank or 0, result.id))


def _graded(scheme: Scheme, result: Result, rank: int | None, of: int) -> Result:
    """Grade one result; a veto is a D whether or not the data are there."""
    if result.vetoes:
        zh = ", ".join(veto.name for veto in result.vetoes)
        en = ", ".join(veto.name_en or veto.name for veto in result.vetoes)
        letter, reason = Grade.D, Said(f"一票否决: {zh}", f"veto: {en}")
    elif result.total is None or rank is None:
        return result
    else:
        letter, reason = grade(scheme.grading, result.total, rank, of)
    return replace(
        result, state=State.GRADED, rank=rank, of=of if rank is not None else None, grade=letter, reason=reason
    )


def _set_aside(scheme: Scheme, subject: Subject, cohort: Cohort | None, why: Said) -> Result:
    exclusions = applied(scheme.exclusions, Kind.EXCLUSION, subject.flags)
    zh = "; ".join(f"{one.name} ({one.reason})" for one in exclusions)
    en = "; ".join(f"{one.name_en or one.name} ({one.reason})" for one in exclusions)
    bare = _bare(subject, State.EXCLUDED, cohort, Said(f"不参评: {zh}", f"not evaluated: {en}"))
    return replace(bare, cohort_why=why, exclusions=exclusions)


def _bare(subject: Subject, state: State, cohort: Cohort | None, reason: Said) -> Result:
    key = cohort.key if cohort else None
    return Result(subject.id, subject.name, subject.name_en, state, key, reason, reason=reason)


def _group(cohort: Cohort, members: Sequence[Subject], held: Standards) -> Group:
    return Group(
        key=cohort.key,
        name=cohort.name,
        name_en=cohort.name_en,
        members=len(members),
        standards=tuple(held[item.key] for item in cohort.items),
        panels=tuple(panel(indicators()[item.key], members) for item in cohort.items),
    )


def _notes(scheme: Scheme, months: int) -> tuple[Said, ...]:
    """Warn where a benchmark of a year is held against less than a year."""
    fixed = any(
        item.benchmark.fixed is not None and item.method is Method.RATIO
        for cohort in scheme.cohorts
        for item in cohort.items
    )
    if months == YEAR or not fixed:
        return ()
    return (
        Said(
            f"固定基准值一般是年度值, 本期只有 {plain(months)} 个月; 亩均与人均指标会偏低, 只宜看进度。",
            f"Fixed benchmarks are those of a year and this term has {plain(months)} months; what is per mu or per "
            "person comes out low and tells the progress only.",
        ),
    )
