"""Writing an evaluation for whoever asks, in their language, with as much of it as they may see."""

from collections.abc import Sequence

from adapters.relational.evaluations import Head, Kept
from api.evaluation_body import (
    EvaluationHead,
    EvaluationItem,
    GroupItem,
    MarkItem,
    PanelItem,
    Part,
    ResultItem,
    ScoreItem,
)
from api.services import Services
from park.evaluation.indicator import indicators
from park.evaluation.result import Added, Panel, Result, Scored
from park.principal import Principal


def head(parts: Services, kept: Head | Kept) -> EvaluationHead:
    """Write which evaluation it is."""
    return EvaluationHead(
        id=kept.id,
        park=kept.park,
        scheme=kept.scheme,
        scheme_revision=kept.scheme_revision,
        period=str(kept.term),
        revision=kept.revision,
        who=kept.who,
        at=parts.local(kept.at),
        reason=kept.reason,
    )


def whole(parts: Services, principal: Principal, kept: Kept, lang: str) -> EvaluationItem:
    """Write an evaluation; an enterprise gets its own result and its place, and nothing of the others."""
    found, open_ = kept.result, principal.enterprise is None
    groups = [
        GroupItem(
            key=group.key,
            name=_name(group.name, group.name_en, lang),
            members=group.members,
            panels=[panel(one, lang) for one in group.panels],
        )
        for group in found.groups
        if open_
    ]
    return EvaluationItem(
        **head(parts, kept).model_dump(),
        basis=kept.inputs.basis,
        factors=list(kept.inputs.factors),
        digest=kept.digest,
        notes=[note.sentence(lang) for note in found.notes],
        groups=groups,
        panels=[panel(one, lang) for one in found.panels] if open_ else [],
        results=[result(one, lang) for one in found.results if principal.sees(one.id)],
    )


def result(one: Result, lang: str) -> ResultItem:
    """Write one enterprise's result."""
    return ResultItem(
        enterprise=one.id,
        name=_name(one.name, one.name_en, lang),
        state=one.state,
        cohort=one.cohort,
        cohort_why=one.cohort_why.sentence(lang),
        scores=[_score(score, lang) for score in one.scores],
        base=one.base,
        base_step=one.base_step.sentence(lang),
        adders=_marks(one.adders, lang),
        added=one.added,
        vetoes=_marks(one.vetoes, lang),
        exclusions=_marks(one.exclusions, lang),
        total=one.total,
        rank=one.rank,
        of=one.of,
        grade=one.grade,
        reason=one.reason.sentence(lang),
    )


def panel(one: Panel, lang: str) -> PanelItem:
    """Write an indicator over a group."""
    return PanelItem(
        indicator=one.key,
        name=called(one.key, lang),
        unit=one.unit,
        value=one.value,
        numerator=one.over,
        denominator=one.under,
        counted=one.counted,
        left_out=list(one.left_out),
    )


def called(key: str, lang: str) -> str:
    """Name an indicator."""
    indicator = indicators()[key]
    return indicator.zh if lang == "zh" else indicator.en


def _score(one: Scored, lang: str) -> ScoreItem:
    return ScoreItem(
        indicator=one.key,
        name=called(one.key, lang),
        unit=one.unit,
        weight=one.weight,
        value=one.value,
        benchmark=one.benchmark,
        raw=one.raw,
        score=one.score,
        step=one.step.sentence(lang),
        why=one.why.sentence(lang) if one.why else None,
        measured=one.coverage.measured,
        estimated=one.coverage.estimated,
        numerator=Part(value=one.over, source=one.over_source.sentence(lang), figure=one.over_link or None),
        denominator=Part(value=one.under, source=one.under_source.sentence(lang), figure=one.under_link or None),
    )


def _marks(marks: Sequence[Added], lang: str) -> list[MarkItem]:
    return [
        MarkItem(key=mark.key, name=_name(mark.name, mark.name_en, lang), points=mark.points, reason=mark.reason)
        for mark in marks
    ]


def _name(zh: str, en: str, lang: str) -> str:
    return (zh or en) if lang == "zh" else (en or zh)
