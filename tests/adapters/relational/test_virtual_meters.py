"""Virtual meters are revised and never edited; one that would not stand is refused whole, with every mistake."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, delete, update
from sqlalchemy.exc import IntegrityError

from adapters.relational import audit, registry_store, virtual_meters
from adapters.relational.engine import writing
from adapters.relational.refusal import EntryRefused, Refused
from adapters.relational.tables_virtual import virtual_meter as table
from park import term
from park.metric import Medium
from park.place import Role
from tests.park.virtuals import device, registry, virtual

NOW = datetime(2026, 11, 23, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
PARK = registry(
    device("main"), device("pv", Role.GENERATION), device("one", Role.SUB), device("w", medium=Medium.WATER)
)
NET = virtual("net", "main - one", since="2026-01", until="2026-12")


@pytest.fixture
def store(engine: Engine) -> Engine:
    """A store with a registered park."""
    registry_store.replace(engine, PARK, now=NOW, who="test")
    return engine


def test_what_was_kept_comes_back_as_it_was(store: Engine) -> None:
    made = virtual_meters.save(store, NET, who="王丽", now=NOW)
    assert made == replace(NET, revision=1, who="王丽", at=NOW)
    assert virtual_meters.current(store) == [made]
    assert virtual_meters.current(store, "e02") == []
    assert virtual_meters.history(store, "net") == [made]


def test_a_change_is_another_revision_with_its_reason_and_the_older_stays_readable(store: Engine) -> None:
    first = virtual_meters.save(store, NET, who="王丽", now=NOW)
    second = virtual_meters.save(store, replace(NET, formula="main", reason="分表拆除"), who="李强", now=LATER)
    assert (second.revision, second.reason) == (2, "分表拆除")
    assert virtual_meters.current(store) == [second]
    assert virtual_meters.history(store, "net") == [second, first]


def test_a_change_without_a_reason_is_refused(store: Engine) -> None:
    first = virtual_meters.save(store, NET, who="王丽", now=NOW)
    with pytest.raises(EntryRefused) as refused:
        virtual_meters.save(store, replace(NET, formula="main"), who="王丽", now=LATER, place="body")
    assert [mistake.path for mistake in refused.value.mistakes] == ["body.reason"]
    assert virtual_meters.current(store) == [first]


def test_the_same_again_makes_no_revision(store: Engine) -> None:
    first = virtual_meters.save(store, NET, who="王丽", now=NOW)
    before = virtual_meters.version(store)
    assert virtual_meters.save(store, NET, who="李强", now=LATER) == first
    assert virtual_meters.version(store) == before
    assert len(virtual_meters.history(store, "net")) == 1


def test_each_change_is_told_to_those_who_ask_and_to_the_audit(store: Engine) -> None:
    versions = [virtual_meters.version(store)]
    virtual_meters.save(store, NET, who="王丽", now=NOW)
    versions.append(virtual_meters.version(store))
    virtual_meters.withdraw(store, "net", who="李强", now=LATER, reason="不再使用")
    versions.append(virtual_meters.version(store))
    assert len(set(versions)) == 3
    told = [entry for entry in audit.entries(store)[0] if entry.subject == "net"]
    assert [(entry.action, entry.who) for entry in told] == [
        ("virtual_meter.delete", "李强"),
        ("virtual_meter.create", "王丽"),
    ]
    assert told[0].before is not None
    assert told[0].before["formula"] == "main - one"


def test_what_was_taken_back_counts_no_more_and_may_come_again(store: Engine) -> None:
    virtual_meters.save(store, NET, who="王丽", now=NOW)
    gone = virtual_meters.withdraw(store, "net", who="王丽", now=LATER, reason="不再使用")
    assert gone is not None
    assert (gone.revision, gone.withdrawn) == (2, True)
    assert virtual_meters.current(store) == []
    assert virtual_meters.withdraw(store, "net", who="王丽", now=LATER, reason="再来") is None
    back = virtual_meters.save(store, replace(NET, reason="恢复"), who="王丽", now=LATER)
    assert (back.revision, back.withdrawn) == (3, False)


def test_one_that_another_stands_upon_is_not_taken_back(store: Engine) -> None:
    virtual_meters.save(store, NET, who="王丽", now=NOW)
    virtual_meters.save(store, virtual("upon", "net + pv", since="2026-01", until="2026-12"), who="王丽", now=NOW)
    with pytest.raises(Refused, match="upon"):
        virtual_meters.withdraw(store, "net", who="王丽", now=LATER, reason="不再使用")
    assert [one.id for one in virtual_meters.current(store)] == ["net", "upon"]


def test_one_that_another_stands_upon_does_not_change_under_it(store: Engine) -> None:
    virtual_meters.save(store, NET, who="王丽", now=NOW)
    virtual_meters.save(store, virtual("upon", "net + pv", since="2026-01", until="2026-12"), who="王丽", now=NOW)
    shorter = replace(NET, until=term.read("2026-06"), reason="只到六月")
    with pytest.raises(EntryRefused) as refused:
        virtual_meters.save(store, shorter, who="王丽", now=LATER)
    assert [mistake.path for mistake in refused.value.mistakes] == ["upon.formula:1"]


def test_two_that_stand_upon_each_other_are_refused(store: Engine) -> None:
    virtual_meters.save(store, virtual("x", "main"), who="王丽", now=NOW)
    virtual_meters.save(store, virtual("y", "x + pv"), who="王丽", now=NOW)
    with pytest.raises(EntryRefused) as refused:
        virtual_meters.save(store, virtual("x", "y - pv"), who="王丽", now=LATER)
    assert "x → y → x" in refused.value.zh


def test_every_mistake_is_named_and_nothing_is_kept(store: Engine) -> None:
    bad = virtual("main", "nothing + w", enterprise="e99")
    for attempt in (
        lambda: virtual_meters.save(store, bad, who="王丽", now=NOW, place="body"),
        lambda: virtual_meters.check_alone(store, bad, place="body"),
    ):
        with pytest.raises(EntryRefused) as refused:
            attempt()
        assert [mistake.path for mistake in refused.value.mistakes] == [
            "body.id", "body.enterprise", "body.formula:1", "body.formula:11",
        ]  # fmt: skip
    assert virtual_meters.current(store) == []


def test_checking_alone_keeps_nothing(store: Engine) -> None:
    virtual_meters.check_alone(store, NET)
    assert virtual_meters.current(store) == []


@pytest.mark.parametrize("change", [update(table).values(formula="pv"), delete(table)], ids=["update", "delete"])
def test_the_database_itself_refuses_to_change_a_revision(store: Engine, change: object) -> None:
    virtual_meters.save(store, NET, who="王丽", now=NOW)
    with pytest.raises(IntegrityError, match="append-only"), writing(store) as connection:
        connection.execute(change)  # type: ignore[call-overload]  # either is a statement
