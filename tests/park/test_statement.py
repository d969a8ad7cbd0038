"""Statements are revised and never edited; what a revision leaves out stays; nothing verified becomes flash again."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park import term
from park.amount import Fold
from park.registry_notes import Notes
from park.revision import Plan
from park.statement import Statement, Status, amounts, due, lines
from park.statement_check import check_statement, plan_statements
from park.statement_doubt import doubts
from park.units import parse
from park.window import SITE

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def statement(
    name: str = "2026-10", status: Status = Status.FLASH, enterprise: str = "e01", **values: str | None
) -> Statement:
    given = {key: None if value is None else Decimal(value) for key, value in values.items()}
    return Statement(enterprise, term.read(name), status, given)


def stating(values: Mapping[str, str], name: str = "2026-10") -> Statement:
    return Statement("e01", term.read(name), Status.FLASH, {key: Decimal(value) for key, value in values.items()})


def planned(kept: Statement | None, *new: Statement, reason: str | None = "更正") -> Plan[Statement]:
    known: Mapping[object, Statement] = {} if kept is None else {kept.key: kept}
    return plan_statements(known, [(f"A{row}", one) for row, one in enumerate(new, 3)], reason=reason, now=NOW)


def kept(*revisions: Statement) -> Statement:
    newest: Statement | None = None
    for one in revisions:
        done = planned(newest, one)
        newest = done.steps[0].new
    assert newest is not None
    return newest


def test_every_line_has_a_unit_pint_knows_both_names_and_a_fold() -> None:
    assert list(lines())[:4] == ["value_added", "output", "revenue", "tax"]
    for line in lines().values():
        assert line.zh, line
        assert line.en, line
        assert line.unit == "人" or parse(line.unit), line
    assert {name for name, line in lines().items() if line.fold is Fold.ENTERED} == {
        "value_added_growth",
        "output_growth",
    }
    assert lines()["employees"].fold is Fold.MEAN


def test_a_first_statement_is_revision_1_and_needs_no_reason() -> None:
    done = planned(None, statement(tax="86.2"), reason="")
    assert done.mistakes == ()
    assert [step.new.revision for step in done.added] == [1]


def test_a_correction_is_a_new_revision_with_its_reason() -> None:
    done = planned(kept(statement(tax="86.2")), statement(tax="90"), reason=" 企业更正 ")
    [step] = done.changed
    assert step.old is not None
    assert (step.new.revision, step.new.reason, step.new.at) == (2, "企业更正", NOW)
    assert (step.old.values["tax"], step.new.values["tax"]) == (Decimal("86.2"), Decimal(90))


def test_a_correction_without_a_reason_is_refused() -> None:
    done = planned(kept(statement(tax="86.2")), statement(tax="90"), reason=" ")
    assert [mistake.path for mistake in done.mistakes] == ["reason"]


def test_what_a_revision_leaves_out_stays_and_none_withdraws_it() -> None:
    after = kept(statement(tax="86.2", rd="3"), statement(revenue="4800", rd=None))
    assert after.values == {"tax": Decimal("86.2"), "rd": None, "revenue": Decimal(4800)}
    assert list(after.values) == ["revenue", "tax", "rd"], "in the order of the form"


@pytest.mark.parametrize("again", ["86.2", "86.20", "86.200000"])
def test_saying_the_same_again_makes_no_revision(again: str) -> None:
    done = planned(kept(statement(tax="86.2")), statement(tax=again), reason="")
    assert not done
    assert len(done.unchanged) == 1


def test_verifying_the_same_figures_is_a_revision() -> None:
    done = planned(kept(statement(tax="86.2")), statement(status=Status.VERIFIED, tax="86.2"), reason="核定")
    assert [step.new.status for step in done.changed] == [Status.VERIFIED]


def test_nothing_verified_becomes_flash_again() -> None:
    done = planned(kept(statement(status=Status.VERIFIED, tax="86.2")), statement(tax="90"))
    [mistake] = done.mistakes
    assert mistake.path == "A3"
    assert "已核定 (第 1 版), 不能改回快报" in mistake.zh


def test_one_statement_given_twice_is_refused_at_the_second_place() -> None:
    done = planned(None, statement(tax="1"), statement(tax="2"))
    assert [(one.path, one.en) for one in done.mistakes] == [("A4", "This is the same as A3; keep one of them.")]


def test_a_statement_that_states_nothing_is_refused() -> None:
    assert "no value at all" in planned(None, statement(tax=None)).mistakes[0].en


WRONG: list[tuple[str, Statement, str, str]] = [
    ("a term that has not begun", statement("2026-12", tax="1"), "term", "has not begun"),
    ("a running total", statement("2026-10/ytd", tax="1"), "term", "running total"),
    ("verified before the term is over", statement("2026-11", Status.VERIFIED, tax="1"), "status", "is not over"),
    ("verified before the year is over", statement("2026", Status.VERIFIED, tax="1"), "status", "is not over"),
    ("a line there is not", statement(taxes="1"), "taxes", "did you mean tax?"),
    ("output below 0", statement(output="-1"), "output", "below the least"),
    ("employees in millionths", statement(employees="1.001"), "employees", "decimals"),
    ("a growth of less than −100 %", statement(output_growth="-101"), "output_growth", "below the least"),
]


@pytest.mark.parametrize(("given", "path", "said"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_a_wrong_statement_is_refused_at_its_place(given: Statement, path: str, said: str) -> None:
    notes = Notes({})
    check_statement(notes, given, lambda part: part, NOW)
    assert [mistake.path for mistake in notes.mistakes] == [path]
    assert said in notes.mistakes[0].en


@pytest.mark.parametrize("given", [statement("2026-11", tax="-3.5"), statement("2026", value_added="-12")])
def test_a_flash_of_a_running_term_and_a_loss_are_right(given: Statement) -> None:
    notes = Notes({})
    check_statement(notes, given, lambda part: part, NOW)
    assert notes.mistakes == []


def test_a_sum_over_several_enterprises_is_no_sum_of_statements() -> None:
    with pytest.raises(ValueError, match="2 enterprises"):
        amounts([statement(tax="1"), statement(enterprise="e02", tax="1")], "tax", term.read("2026-10"))


def test_a_withdrawn_value_is_missing_and_not_0() -> None:
    assert amounts([statement(tax=None, rd="1")], "tax", term.read("2026-10")).value is None


def test_what_is_due_is_what_is_over() -> None:
    assert list(map(str, due(NOW, SITE))) == ["2026-10", "2026-Q3", "2025"]
    assert list(map(str, due(datetime(2027, 1, 5, tzinfo=UTC), SITE))) == ["2026-12", "2026-Q4", "2026"]


def test_a_figure_in_yuan_instead_of_ten_thousands_is_doubted() -> None:
    [doubt] = doubts(statement(tax="862000"), statement(tax="86.2"))
    assert doubt.line == "tax"
    assert "请核对单位是否为万元" in doubt.sentence()


@pytest.mark.parametrize(
    ("now", "before"),
    [
        (statement(tax="90"), statement(tax="86")),
        (statement(tax="90"), None),
        (statement(tax="90"), statement(tax="0")),
        (statement(output_growth="8"), statement(output_growth="0.1")),
    ],
)
def test_what_is_within_reason_is_not_doubted(now: Statement, before: Statement | None) -> None:
    assert list(doubts(now, before)) == []


def test_more_value_added_than_output_is_doubted() -> None:
    assert [doubt.line for doubt in doubts(statement(value_added="12", output="10"))] == ["value_added"]


MONTHS = st.sampled_from([f"2026-{month:02}" for month in range(1, 11)])
VALUES = st.dictionaries(st.sampled_from(list(lines())[:5]), st.integers(1, 10**6).map(str), min_size=1)


@given(st.dictionaries(MONTHS, VALUES, min_size=1), st.randoms(use_true_random=False))
def test_the_order_of_a_file_changes_nothing(entered: dict[str, dict[str, str]], chance: object) -> None:
    given = [stating(values, name) for name, values in entered.items()]
    shuffled = list(given)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    first, second = (planned(None, *order) for order in (given, shuffled))
    assert {step.new.key: step.new for step in first.added} == {step.new.key: step.new for step in second.added}


@given(VALUES, VALUES)
def test_repeating_a_revision_changes_nothing(first: dict[str, str], second: dict[str, str]) -> None:
    one = stating(first)
    newest = planned(None, one).steps[0].new
    done = planned(newest, stating(second))
    newest = done.changed[0].new if done else newest
    assert not planned(newest, stating(second))
