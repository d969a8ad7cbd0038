"""Schemes, marks, evaluations, targets and projects in the store: revisions that stay, and can be done again."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, delete, func, select, update
from sqlalchemy.exc import DatabaseError, IntegrityError

from adapters.relational import audit, evaluation_flags, evaluations, projects, schemes, targets
from adapters.relational.engine import writing
from adapters.relational.evaluations import Kept
from adapters.relational.refusal import EntryRefused
from adapters.relational.schemes import KeptScheme
from adapters.relational.tables_evaluation import evaluation, evaluation_result, plan_target
from park import term as terms
from park.evaluation.scheme_file import check
from park.evaluation.shipped import NAMES
from park.evaluation.subject import Flag, Kind, Subject
from park.target import Target
from tests.park.evaluation.examples import HUANGYAN, document, subject
from tests.park.evaluation.test_huangyan import LARGE, SMALL

NOW = datetime(2026, 11, 23, tzinfo=UTC)
YEAR = terms.read("2026")
VETO = Flag(Kind.VETO, "safety", "2026-05-11 事故调查报告")


def firms() -> list[Subject]:
    return [subject("e01", given=LARGE), subject("e02", given=SMALL), subject("e03", tax=1.0)]


def ran(engine: Engine, subjects: list[Subject] | None = None, *, term: str = "2026", reason: str = "") -> Kept:
    inputs = evaluations.gather(
        KeptScheme(HUANGYAN), terms.read(term), "equivalent", subjects or firms(), ("GB/T 2589",)
    )
    kept, _ = evaluations.save(
        engine, inputs, park="hk", term=terms.read(term), revision=0, who="王丽", now=NOW, reason=reason
    )
    return kept


def own(**changes: object) -> dict[str, Any]:
    return document() | {"id": "ours", "name": "本园方案"} | changes


def test_the_shipped_schemes_are_there_and_cannot_be_changed(engine: Engine) -> None:
    assert list(schemes.current(engine)) == list(NAMES)
    with pytest.raises(EntryRefused, match="save yours under another id"):
        schemes.save(engine, document(), who="王丽", now=NOW)


def test_a_scheme_of_ones_own_is_kept_by_revisions_and_a_change_needs_a_reason(engine: Engine) -> None:
    first = schemes.save(engine, own(), who="王丽", now=NOW)
    assert (first.revision, schemes.save(engine, own(), who="李强", now=NOW)) == (1, first)
    with pytest.raises(EntryRefused, match="say why"):
        schemes.save(engine, own(digits=1), who="王丽", now=NOW)
    second = schemes.save(engine, own(digits=1), who="王丽", now=NOW, reason="专题会议纪要 3 号")
    assert [kept.revision for kept in schemes.history(engine, "ours")] == [2, 1]
    assert schemes.find(engine, "ours") == second
    found, _ = audit.entries(engine, 2)
    assert [entry.action for entry in found] == ["scheme.change", "scheme.create"]


def test_a_bad_scheme_is_refused_whole_with_each_mistake(engine: Engine) -> None:
    with pytest.raises(EntryRefused) as refused:
        schemes.save(engine, own(digits=9, colour="red"), who="王丽", now=NOW)
    assert {mistake.path for mistake in refused.value.mistakes} == {"digits", "colour"}
    assert "ours" not in schemes.current(engine)


def test_an_evaluation_is_kept_with_all_it_was_made_of_and_doing_it_again_gives_the_same(engine: Engine) -> None:
    kept = ran(engine)
    assert kept.revision == 1
    assert evaluations.find(engine, kept.id) == kept
    assert evaluations.rerun(kept.inputs) == kept.result
    assert kept.inputs.factors == ("GB/T 2589",)
    one = kept.result.of("e01")
    assert one is not None
    assert one.total == 85.9
    with engine.connect() as connection:
        rows = connection.execute(select(evaluation_result).order_by(evaluation_result.c.enterprise)).all()
    assert [(row.enterprise, row.state, row.total) for row in rows] == [
        ("e01", "graded", 85.9), ("e02", "graded", 117.38), ("e03", "waiting", None),
    ]  # fmt: skip


def test_made_of_the_same_it_is_no_new_revision_in_whatever_order_and_made_of_other_it_is_one(engine: Engine) -> None:
    first = ran(engine)
    assert ran(engine, list(reversed(firms()))) == first
    late = [*firms()[:2], subject("e03", given=SMALL)]
    second = ran(engine, late, reason="e03 补报年报")
    assert (second.revision, second.reason) == (2, "e03 补报年报")
    assert evaluations.current(engine, "hk", HUANGYAN.id, YEAR) == second
    assert evaluations.find(engine, first.id) == first, "the old revision is still readable"
    assert [head.revision for head in evaluations.listing(engine, park="hk", term=YEAR)] == [2, 1]
    assert evaluations.listing(engine, park="elsewhere") == []


def test_the_latest_is_that_of_the_latest_term_whenever_it_was_run(engine: Engine) -> None:
    this_year = ran(engine)
    ran(engine, term="2025")
    assert evaluations.latest(engine, "hk", HUANGYAN.id) == this_year
    assert evaluations.latest(engine, "hk", "custom") is None


def test_what_was_decided_cannot_be_altered_or_deleted(engine: Engine) -> None:
    ran(engine)
    targets.save(engine, "hk", 2026, {"output_growth": Target(benchmark=Decimal("6.1"))}, who="王丽", now=NOW)
    for statement in (
        update(evaluation).values(who="nobody"),
        delete(evaluation_result),
        update(plan_target).values(goal="1"),
    ):
        with pytest.raises((IntegrityError, DatabaseError), match="append-only"), writing(engine) as connection:
            connection.execute(statement)


def test_a_mark_is_set_with_a_reason_and_taken_back_with_one(engine: Engine) -> None:
    evaluation_flags.set_flag(engine, HUANGYAN, YEAR, "e01", VETO, standing=True, who="王丽", now=NOW)
    [kept] = evaluation_flags.current(engine, HUANGYAN.id, YEAR)
    assert (kept.enterprise, kept.flag(), kept.who) == ("e01", VETO, "王丽")
    assert evaluation_flags.current(engine, HUANGYAN.id, terms.read("2025")) == []
    back = Flag(Kind.VETO, "safety", "复议撤销")
    later = NOW + timedelta(days=1)
    evaluation_flags.set_flag(engine, HUANGYAN, YEAR, "e01", back, standing=False, who="李强", now=later)
    assert evaluation_flags.current(engine, HUANGYAN.id, YEAR) == []
    found, _ = audit.entries(engine, 2)
    assert [entry.action for entry in found] == ["evaluation.unmark", "evaluation.mark"]


def test_a_mark_the_scheme_does_not_have_or_without_a_reason_is_refused(engine: Engine) -> None:
    with pytest.raises(EntryRefused) as refused:
        evaluation_flags.set_flag(
            engine, HUANGYAN, YEAR, "e01", Flag(Kind.VETO, "safty", " "), standing=True, who="王丽", now=NOW
        )
    assert [mistake.path for mistake in refused.value.mistakes] == ["mark", "reason"]
    assert "safety?" in refused.value.mistakes[0].zh


def test_targets_are_exact_and_revised_and_the_same_again_is_no_revision(engine: Engine) -> None:
    entered = {
        "output_growth": Target(Decimal("3.0"), Decimal("6.10"), None, "统计公报"),
        "new_enterprises": Target(Decimal(8), None, Decimal(3)),
    }
    kept = targets.save(engine, "hk", 2026, entered, who="王丽", now=NOW)
    assert {item: one.target for item, one in kept.items()} == entered
    assert str(kept["output_growth"].target.benchmark) == "6.10"
    again = targets.save(
        engine, "hk", 2026, entered | {"new_enterprises": Target(Decimal(8), None, Decimal(4))}, who="王丽", now=NOW
    )
    assert {item: one.revision for item, one in again.items()} == {"output_growth": 1, "new_enterprises": 2}
    assert targets.current(engine, "hk", 2025) == {}
    before = [one.target.value for one in targets.history(engine, "hk", 2026, "new_enterprises")]
    assert before == [Decimal(4), Decimal(3)]


def test_a_project_is_scored_against_what_is_kept_and_changes_nothing_there(engine: Engine) -> None:
    against = ran(engine)
    made = projects.save(engine, subject("p1", given=LARGE), against, who="王丽", now=NOW)
    assert (made.result.total, made.result.rank, made.result.of) == (85.9, 1, 2)
    assert projects.listing(engine, "hk") == [made]
    assert projects.listing(engine, "elsewhere") == []
    assert evaluations.find(engine, against.id) == against
    with engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(evaluation)).scalar_one() == 1


def test_a_kept_scheme_is_the_one_of_its_revision_whatever_came_later(engine: Engine) -> None:
    kept = ran(engine)
    assert evaluations.scheme_of(kept.inputs) == HUANGYAN
    assert check(kept.inputs.scheme).scheme == HUANGYAN
