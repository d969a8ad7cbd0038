"""The calculation sheet of one enterprise's evaluation, to be printed and signed."""

from datetime import datetime

from adapters.relational import evaluations
from adapters.relational.evaluations import Kept
from api.evaluation_body import MarkItem, Part, ResultItem
from api.evaluation_view import called, result
from api.figure_report import called as pick
from api.figure_report import set_name
from api.report_words import BASES, SIGNERS, word
from park.evaluation.result import Result
from park.factor import Basis
from park.report import Cell, Column, Kind, Report, Table, canonical, digest

COLUMNS = (
    ("indicator", 1.6, Kind.TEXT), ("numerator", 3.6, Kind.TEXT), ("denominator", 3.2, Kind.TEXT),
    ("value", 1.0, Kind.NUMBER), ("unit", 1.0, Kind.TEXT), ("benchmark", 1.0, Kind.NUMBER),
    ("weight", 0.7, Kind.NUMBER), ("step", 2.6, Kind.TEXT), ("points", 0.8, Kind.NUMBER),
    ("measured", 0.7, Kind.SHARE), ("estimated", 0.7, Kind.SHARE), ("missing", 0.7, Kind.SHARE),
)  # fmt: skip


def sheet(kept: Kept, one: Result, *, park: str, by: str, at: datetime, run: datetime, lang: str) -> Report:
    """Write one result; `at` and `by` say when it was exported and for whom, `run` when it was evaluated."""
    item = result(one, lang)
    rules = evaluations.scheme_of(kept.inputs)
    content = canonical({"evaluation": kept.digest, "result": result(one, "zh").model_dump(mode="json")})
    cohort = item.cohort_why
    if one.cohort is not None:
        group = rules.cohort(one.cohort)
        cohort = f"{pick(group.name, group.name_en, lang)} ({item.cohort_why})"
    scheme = word("scheme_revision", lang).format(name=pick(rules.name, rules.name_en, lang), n=kept.scheme_revision)
    facts = (
        (word("park", lang), park),
        (word("of", lang), f"{one.id} {item.name}"),
        (word("term", lang), str(kept.term)),
        (word("scheme", lang), scheme),
        (word("cohort", lang), cohort),
        (word("basis", lang), BASES[Basis(kept.inputs.basis)].pick(lang)),
        (word("sets", lang), "; ".join(set_name(each, lang) for each in kept.inputs.factors) or "—"),
        (word("evaluation_revision", lang), str(kept.revision)),
        (word("evaluated", lang), f"{run.isoformat(timespec='seconds')} {kept.who}"),
        (word("evaluation_digest", lang), kept.digest),
        (word("exported", lang), f"{at.isoformat(timespec='seconds')} {by}"),
    )
    title = word("evaluation", lang)
    return Report(
        title=f"{title} {kept.term} · {item.name}",
        facts=facts,
        tables=(
            Table(
                title, tuple(Column(word(key, lang), width, kind) for key, width, kind in COLUMNS), _rows(item, lang)
            ),
        ),
        digest=digest(content),
        notes=(*_notes(item, lang), *(note.sentence(lang) for note in kept.result.notes)),
        signers=tuple(signer.pick(lang) for signer in SIGNERS),
    )


def _rows(item: ResultItem, lang: str) -> tuple[tuple[Cell, ...], ...]:
    return tuple(
        (
            called(score.indicator, lang),
            _part(score.numerator),
            _part(score.denominator),
            score.value,
            score.unit,
            score.benchmark,
            score.weight,
            score.step if score.why is None else f"{score.step} {score.why}",
            score.score,
            *((score.measured, score.estimated, max(0.0, round(1 - score.measured - score.estimated, 9)))
              if score.value is not None else (None, None, None)),
        )
        for score in item.scores
    )  # fmt: skip


def _part(part: Part) -> str:
    value = "—" if part.value is None else f"{part.value:,.6g}" if abs(part.value) < 1e5 else f"{part.value:,.2f}"  # noqa: PLR2004  # no more digits tell there
    return f"{value} ({part.source})" if part.source else value


def _notes(item: ResultItem, lang: str) -> list[str]:
    told = [word("base", lang).format(step=item.base_step)] if item.base is not None else []
    groups: tuple[tuple[str, list[MarkItem]], ...] = (
        ("adder", item.adders), ("veto", item.vetoes), ("exclusion", item.exclusions),
    )  # fmt: skip
    for key, marks in groups:
        told += [word(key, lang).format(name=one.name, points=one.points or 0, reason=one.reason) for one in marks]
    total = word("total", lang).format(
        total="—" if item.total is None else f"{item.total:g}",
        grade=item.grade or "—",
        rank="—" if item.rank is None else f"{item.rank} / {item.of}",
    )
    return [*told, total, item.reason]
