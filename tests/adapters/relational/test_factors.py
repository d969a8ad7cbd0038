"""Factors and policies people add: revisions that nobody can change, exact in both databases."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, delete, text, update
from sqlalchemy.exc import DBAPIError

from adapters.relational import audit, factors, policies
from adapters.relational.engine import writing
from adapters.relational.factors import FactorRefused
from adapters.relational.tables_factor import own_factor, policy
from park import term
from park.factor import Basis, Purpose
from park.own_factor import FactorMistaken
from park.policy import Loss, Policy
from park.policy_entry import PolicyMistaken

NOW = datetime(2026, 11, 23, tzinfo=UTC)
LATER = NOW + timedelta(days=30)
TODAY = date(2026, 11, 23)
GAS: dict[str, Any] = {
    "enterprise": "e01",
    "key": "natural_gas",
    "purpose": "energy_calorific",
    "unit": "kgce/Nm³",
    "value": "1.210000000000000000001",
    "source": "供气合同附件 3",
}


def test_an_entry_comes_back_as_it_went_in_to_the_last_digit(engine: Engine) -> None:
    made = factors.add(engine, GAS, today=TODAY, who="王丽", now=NOW)
    assert (made.number, made.revision, made.factor.id) == (1, 1, "own/1/r1")
    assert factors.current(engine) == [made]
    assert made.value == Decimal("1.210000000000000000001")
    assert factors.current(engine)[0].value == made.value


def test_inputs_of_a_measurement_come_back_too(engine: Engine) -> None:
    steam = {
        "park": "hk",
        "key": "steam",
        "purpose": "heat_content",
        "unit": "GJ/t",
        "source": "流量计读数",
        "valid_from": "2026-01-01",
        "steam": {"pressure": 0.8, "unit": "MPa", "reference": "gauge", "temperature": 200},
    }
    made = factors.add(engine, steam, today=TODAY, who="王丽", now=NOW)
    [kept] = factors.current(engine)
    assert kept == made
    assert [one.detail for one in kept.factor.inputs] == ["gauge", "", ""]
    assert kept.factor.valid_from == date(2026, 1, 1)


def test_a_correction_is_the_next_revision_and_the_old_one_stays_readable(engine: Engine) -> None:
    first = factors.add(engine, GAS, today=TODAY, who="王丽", now=NOW)
    second = factors.revise(
        engine, 1, GAS | {"value": "1.22"}, today=TODAY, who="李强", now=LATER, reason="换新检测报告"
    )
    assert second is not None
    assert (second.revision, second.factor.value, second.reason) == (2, 1.22, "换新检测报告")
    assert factors.current(engine) == [second]
    assert factors.history(engine, 1) == [second, first]
    chosen = factors.book(engine).select(
        "natural_gas",
        Purpose.CALORIFIC,
        policy=Policy("hk"),
        term=term.read("2026-12"),
        as_of=LATER,
        enterprise="e01",
    )
    assert chosen.factor.id == "own/1/r2"


def test_the_same_again_makes_no_revision_and_no_edition(engine: Engine) -> None:
    made = factors.add(engine, GAS, today=TODAY, who="王丽", now=NOW)
    before = factors.version(engine)
    again = factors.revise(engine, 1, GAS, today=TODAY, who="李强", now=LATER, reason="手误")
    assert again == made
    assert factors.version(engine) == before
    assert len(factors.history(engine, 1)) == 1


def test_taking_back_is_a_revision_after_which_the_shipped_factor_applies(engine: Engine) -> None:
    factors.add(engine, GAS, today=TODAY, who="王丽", now=NOW)
    gone = factors.withdraw(engine, 1, who="李强", now=LATER, reason="报告作废")
    assert gone is not None
    assert (gone.revision, gone.withdrawn) == (2, True)
    assert all(not one.own for one in factors.book(engine).factors)
    assert factors.withdraw(engine, 1, who="李强", now=LATER, reason="再撤") == gone
    with pytest.raises(FactorRefused, match="taken back"):
        factors.revise(engine, 1, GAS, today=TODAY, who="李强", now=LATER, reason="恢复")


def test_what_is_not_there_is_neither_revised_nor_taken_back(engine: Engine) -> None:
    assert factors.revise(engine, 7, GAS, today=TODAY, who="李强", now=LATER, reason="x") is None
    assert factors.withdraw(engine, 7, who="李强", now=LATER, reason="x") is None
    assert factors.history(engine, 7) == []


def test_each_change_is_in_the_audit_and_moves_the_edition(engine: Engine) -> None:
    assert factors.version(engine) == 0
    factors.add(engine, GAS, today=TODAY, who="王丽", now=NOW)
    factors.revise(engine, 1, GAS | {"value": "1.22"}, today=TODAY, who="李强", now=LATER, reason="换报告")
    factors.withdraw(engine, 1, who="李强", now=LATER, reason="作废")
    assert factors.version(engine) == 3
    entries, _ = audit.entries(engine)
    assert [(one.who, one.action, one.subject) for one in entries] == [
        ("李强", "factor.withdraw", "1"),
        ("李强", "factor.change", "1"),
        ("王丽", "factor.create", "1"),
    ]
    assert entries[1].before is not None
    assert entries[1].after is not None
    assert (entries[1].before["value"], entries[1].after["value"]) == ("1.210000000000000000001", "1.22")


def test_a_refused_entry_leaves_nothing_behind(engine: Engine) -> None:
    with pytest.raises(FactorMistaken):
        factors.add(engine, GAS | {"source": ""}, today=TODAY, who="王丽", now=NOW)
    assert factors.current(engine) == []
    assert factors.version(engine) == 0
    assert audit.entries(engine)[0] == []


@pytest.mark.parametrize("table", [own_factor, policy], ids=lambda table: table.name)
def test_the_database_itself_refuses_to_change_or_delete_a_revision(engine: Engine, table: Any) -> None:  # noqa: ANN401  # either table
    factors.add(engine, GAS, today=TODAY, who="王丽", now=NOW)
    policies.save(engine, "hk", {"basis": "calorific"}, who="王丽", now=NOW)
    for statement in (update(table).values(who="nobody"), delete(table)):
        with pytest.raises(DBAPIError, match="append-only"), writing(engine) as connection:
            connection.execute(statement)
    with engine.connect() as connection:
        assert connection.execute(text(f"SELECT who FROM {table.name}")).scalar_one() == "王丽"  # noqa: S608  # our own names


# --- policies ---------------------------------------------------------------------------------------------------------


def test_nobody_decided_is_revision_zero(engine: Engine) -> None:
    assert policies.current(engine, "hk") == Policy("hk")
    assert policies.history(engine, "hk") == []
    assert policies.all_current(engine) == {}


def test_a_decision_is_a_revision_that_keeps_what_it_does_not_name(engine: Engine) -> None:
    first = policies.save(
        engine, "hk", {"basis": "calorific", "counted": ["water"], "reason": "园区自来水外购"}, who="王丽", now=NOW
    )
    second = policies.save(engine, "hk", {"losses": {"electricity": [-0.01, 0.03]}}, who="李强", now=LATER)
    assert (first.revision, second.revision) == (1, 2)
    assert second.basis is Basis.CALORIFIC
    assert second.counted == {"water"}
    assert second.losses == (Loss("electricity", -0.01, 0.03),)
    assert (second.who, second.at, second.reason) == ("李强", LATER, "")
    assert policies.current(engine, "hk") == second
    assert policies.all_current(engine) == {"hk": second}
    assert policies.history(engine, "hk") == [second, first]
    assert policies.version(engine) == 2


def test_the_same_decision_again_makes_no_revision(engine: Engine) -> None:
    made = policies.save(engine, "hk", {"region": "northwest"}, who="王丽", now=NOW)
    assert policies.save(engine, "hk", {"region": "northwest"}, who="李强", now=LATER) == made
    assert policies.save(engine, "other", {"region": "shaanxi"}, who="李强", now=LATER) == Policy("other")


def test_a_refused_decision_leaves_nothing_behind(engine: Engine) -> None:
    with pytest.raises(PolicyMistaken):
        policies.save(engine, "hk", {"region": "mars"}, who="王丽", now=NOW)
    assert policies.history(engine, "hk") == []
    assert policies.version(engine) == 0
