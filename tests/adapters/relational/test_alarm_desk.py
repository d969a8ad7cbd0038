"""What people at the alarm desk decide is kept whole or not at all, revised, audited, and tells nobody's secrets."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from sqlalchemy import Engine, delete, select
from sqlalchemy.exc import IntegrityError

from adapters.relational import (
    alert_actions,
    alert_watch,
    audit,
    duty,
    handover,
    maintenance,
    phonebook,
    receivers,
    rules_store,
)
from adapters.relational.alert_watch import Watched
from adapters.relational.engine import writing
from adapters.relational.refusal import EntryRefused
from adapters.relational.tables_alarm_desk import alert_action
from adapters.relational.tables_alarm_desk import handover as handover_table
from park.alert import OnSilence, Timing
from park.care import Deed
from park.condition import Above
from park.contact import Contact
from park.duty import Shift
from park.maintenance import Maintenance
from park.permit import Overlay
from park.receiver import Receiver, Way
from park.rule import Rule, Scope, Text
from park.rulebook import Key
from park.severity import Severity

NOW = datetime(2026, 11, 23, tzinfo=UTC)
HOUR = timedelta(hours=1)
GAS = Rule(
    id="gas-1",
    name=Text("一级报警"),
    severity=Severity.LARGER,
    scope=Scope(),
    when=Above(metric="h2s", limit=10.0, clear=8.0, reached=True),
    timing=Timing(timedelta(0), timedelta(0), OnSilence.KEEP),
)
WARM = """\
rules:
  - id: warm
    name: {zh: 过热}
    severity: general
    metric: cable_temp
    when: {above: 60 degC}
    silence: keep
"""


def test_what_is_asked_for_is_read_in_order_after_a_number(engine: Engine) -> None:
    first = alert_actions.ask(engine, [Key("gas-1", "m1"), Key("gas-1", "m2")], Deed.ACKNOWLEDGE, who="王丽", now=NOW)
    until = NOW + HOUR
    [shelf] = alert_actions.ask(
        engine, [Key("gas-1", "m1")], Deed.SHELVE, who="王丽", now=NOW, note="检修", until=until
    )
    assert alert_actions.since(engine, 0) == [*first, shelf]
    assert alert_actions.since(engine, first[0].id) == [first[1], shelf]
    assert alert_actions.since(engine, 0, most=1) == first[:1]
    assert (shelf.until, shelf.note, alert_actions.last_number(engine)) == (until, "检修", shelf.id)
    assert [entry.action for entry in audit.entries(engine)[0]] == ["alert.shelve", *2 * ["alert.acknowledge"]]


def test_what_was_asked_for_can_be_neither_changed_nor_taken_away(engine: Engine) -> None:
    alert_actions.ask(engine, [Key("gas-1", "m1")], Deed.ACKNOWLEDGE, who="王丽", now=NOW)
    with pytest.raises(IntegrityError), writing(engine) as connection:
        connection.execute(delete(alert_action))


def test_the_watch_says_how_far_it_is_over_what_it_said_before(engine: Engine) -> None:
    assert alert_watch.said(engine) is None
    alert_watch.say(engine, Watched(at=NOW, acted=1, rules=4, meters=9))
    later = Watched(at=NOW + HOUR, acted=7, rules=5, meters=9, heard=NOW, behind_ms=120, holder="a:1")
    alert_watch.say(engine, later)
    assert alert_watch.said(engine) == later


def test_a_receiver_is_kept_with_its_address_which_nobody_but_the_rules_service_reads(engine: Engine) -> None:
    duty_group = Receiver(id="duty", name="值班群", way=Way.APPRISE)
    receivers.save(engine, duty_group, address="dingtalk://secret-token", who="王丽", now=NOW)
    renamed = msgspec.structs.replace(duty_group, name="夜班群")
    assert receivers.save(engine, renamed, who="王丽", now=NOW) == (renamed, True, False)
    assert receivers.listing(engine) == [(renamed, True, False)]
    assert receivers.load(engine) == (Contact(receiver=renamed, address="dingtalk://secret-token"),)
    told = msgspec.json.encode([entry.after for entry in audit.entries(engine)[0]]).decode()
    assert "secret-token" not in told
    assert '"***"' in told


@pytest.mark.parametrize(
    ("given", "path"),
    [
        (Receiver(id="night", name="夜班", way=Way.APPRISE), "address"),
        (Receiver(id="night", name="夜班", way=Way.MQTT, escalates_to="nobody"), "escalates_to"),
        (Receiver(id="night", name="夜班", way=Way.MQTT, escalates_to="night"), "escalates_to"),
        (Receiver(id="Night!", name="夜班", way=Way.MQTT), "id"),
        (Receiver(id="console", name="控制台", way=Way.CONSOLE), "id"),
        (Receiver(id="night", name=" ", way=Way.MQTT), "name"),
    ],
)
def test_a_receiver_that_nothing_would_reach_is_refused(engine: Engine, given: Receiver, path: str) -> None:
    with pytest.raises(EntryRefused) as refused:
        receivers.save(engine, given, who="王丽", now=NOW)
    assert [mistake.path for mistake in refused.value.mistakes] == [path]
    assert receivers.listing(engine) == []


def test_an_escalation_in_a_ring_is_refused_and_who_is_escalated_to_stays(engine: Engine) -> None:
    for name in ("a", "b"):
        receivers.save(engine, Receiver(id=name, name=name, way=Way.MQTT), who="x", now=NOW)
    receivers.save(engine, Receiver(id="a", name="a", way=Way.MQTT, escalates_to="b"), who="x", now=NOW)
    with pytest.raises(EntryRefused):
        receivers.save(engine, Receiver(id="b", name="b", way=Way.MQTT, escalates_to="a"), who="x", now=NOW)
    with pytest.raises(EntryRefused):
        receivers.remove(engine, "b", who="x", now=NOW)
    assert receivers.remove(engine, "a", who="x", now=NOW)
    assert receivers.remove(engine, "b", who="x", now=NOW)
    assert not receivers.remove(engine, "b", who="x", now=NOW)


def test_the_phonebook_is_who_is_told_who_is_on_duty_and_where_work_goes_on(engine: Engine) -> None:
    before = phonebook.version(engine)
    group = Receiver(id="duty", name="值班群", way=Way.MQTT)
    receivers.save(engine, group, who="x", now=NOW)
    shift = Shift(receiver="duty", start=NOW, end=NOW + HOUR, note="王丽")
    duty.add(engine, [shift], who="x", now=NOW)
    work = Maintenance(start=NOW, end=NOW + HOUR, reason="标定", who="x", meters=("m1",))
    maintenance.add(engine, work, who="x", now=NOW)
    book = phonebook.load(engine)
    assert (book.contacts, book.shifts, book.maintenance) == ((Contact(receiver=group),), (shift,), (work,))
    assert phonebook.load(engine, since=NOW + HOUR).shifts == ()
    assert phonebook.load(engine, since=NOW + HOUR).maintenance == ()
    assert all(after == old + 1 for old, after in zip(before, phonebook.version(engine), strict=True))


def test_work_that_goes_on_is_ended_and_work_to_come_is_taken_back(engine: Engine) -> None:
    work = Maintenance(start=NOW, end=NOW + 2 * HOUR, reason="标定", meters=("m1",))
    going = maintenance.add(engine, work, who="x", now=NOW)
    coming = maintenance.add(engine, msgspec.structs.replace(work, start=NOW + HOUR), who="x", now=NOW)
    half = NOW + HOUR / 2
    assert maintenance.end(engine, going.id, who="x", now=half)
    assert maintenance.end(engine, coming.id, who="x", now=half)
    assert not maintenance.end(engine, going.id, who="x", now=half)
    assert [one.work.end for one in maintenance.listing(engine)] == [half]


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"end": NOW}, "end"),
        ({"end": NOW + timedelta(days=32)}, "end"),
        ({"start": NOW - 2 * HOUR, "end": NOW - HOUR}, "end"),
        ({"reason": " "}, "reason"),
        ({"meters": ()}, "meters"),
        ({"meters": ("m2",)}, "meters"),
    ],
)
def test_work_without_an_end_a_reason_or_a_place_is_refused(
    engine: Engine, changed: dict[str, object], path: str
) -> None:
    work = Maintenance(start=NOW, end=NOW + HOUR, reason="标定", meters=("m1",))
    with pytest.raises(EntryRefused) as refused:
        maintenance.add(engine, msgspec.structs.replace(work, **changed), who="x", now=NOW, known={"meters": ["m1"]})
    assert [mistake.path for mistake in refused.value.mistakes] == [path]


def test_shifts_go_on_the_roster_all_or_none(engine: Engine) -> None:
    receivers.save(engine, Receiver(id="duty", name="值班群", way=Way.MQTT), who="x", now=NOW)
    good = Shift(receiver="duty", start=NOW, end=NOW + HOUR)
    bad = [Shift(receiver="dury", start=NOW, end=NOW + HOUR), Shift(receiver="duty", start=NOW, end=NOW)]
    with pytest.raises(EntryRefused) as refused:
        duty.add(engine, [good, *bad], who="x", now=NOW)
    assert [mistake.path for mistake in refused.value.mistakes] == ["shifts[1].receiver", "shifts[2].end"]
    assert duty.listing(engine) == ()
    [kept] = duty.add(engine, [good], who="x", now=NOW)
    assert duty.remove(engine, kept.id, who="x", now=NOW)
    assert not duty.remove(engine, kept.id, who="x", now=NOW)


def test_a_rule_made_here_counts_until_it_is_withdrawn_and_every_revision_stays(engine: Engine) -> None:
    rules_store.save(engine, "warm", WARM, who="王丽", now=NOW)
    [rule] = rules_store.load(engine)
    assert (rule.id, rule.source, rule.revision) == ("warm", "console", 1)
    with pytest.raises(EntryRefused):
        rules_store.save(engine, "warm", WARM.replace("60", "70"), who="王丽", now=NOW)
    hotter = rules_store.save(engine, "warm", WARM.replace("60", "70"), who="王丽", now=NOW, reason="改造")
    assert rules_store.save(engine, "warm", hotter.written, who="王丽", now=NOW) == hotter
    rules_store.save(engine, "warm", None, who="王丽", now=NOW, reason="停用")
    assert rules_store.load(engine) == ()
    assert [one.revision for one in rules_store.history(engine, "warm")] == [3, 2, 1]


def test_a_rule_that_can_no_longer_be_read_is_left_out_and_the_others_count(engine: Engine) -> None:
    rules_store.save(engine, "warm", WARM, who="x", now=NOW)
    rules_store.save(engine, "odd", WARM.replace("warm", "odd").replace("cable_temp", "gone_metric"), who="x", now=NOW)
    rules_store.save(engine, "torn", "rules: [", who="x", now=NOW)
    assert [rule.id for rule in rules_store.overlay(engine, [GAS])] == ["gas-1", "warm"]


def test_a_shipped_rule_is_switched_and_given_limits_with_a_reason(engine: Engine) -> None:
    before = rules_store.version(engine)
    assert rules_store.overlay(engine, [GAS]) == (GAS,)
    given = Overlay(enabled=False, limits={"m1": "5 mg/m³"})
    with pytest.raises(EntryRefused):
        rules_store.lay(engine, GAS, given, who="x", now=NOW, reason=" ")
    rules_store.lay(engine, GAS, given, who="x", now=NOW, reason="许可证")
    [rule] = rules_store.overlay(engine, [GAS])
    assert not rule.enabled
    assert rule.permits == {"m1": Above(metric="h2s", limit=5.0, clear=4.0, reached=True)}
    assert rules_store.lay(engine, GAS, given, who="x", now=NOW, reason="").revision == 1
    assert rules_store.version(engine) == before + 1
    assert audit.entries(engine)[0][0].action == "rule.adjust"


def test_a_limit_in_the_wrong_unit_is_refused(engine: Engine) -> None:
    with pytest.raises(EntryRefused) as refused:
        rules_store.lay(engine, GAS, Overlay(limits={"m1": "5 kW"}), who="x", now=NOW, reason="许可证")
    assert [mistake.path for mistake in refused.value.mistakes] == ["limits.m1"]
    assert rules_store.overlays(engine) == {}


def test_what_one_shift_told_the_next_is_kept_with_how_things_stood(engine: Engine) -> None:
    state = {"counts": {"raised": 2}, "open": []}
    made = handover.write(engine, since=NOW, who="王丽", taken_by="李强", note="夜班平稳", state=state, now=NOW + HOUR)
    assert handover.listing(engine) == [made]
    assert (made.state, made.since) == (state, NOW)
    with pytest.raises(EntryRefused):
        handover.write(engine, since=NOW, who="王丽", taken_by=" ", note="", state=state, now=NOW)
    with pytest.raises(IntegrityError), writing(engine) as connection:
        connection.execute(delete(handover_table))


def test_the_numbers_of_actions_are_never_given_twice(engine: Engine) -> None:
    numbers = [
        alert_actions.ask(engine, [Key("r", "m")], Deed.COMMENT, who="x", now=NOW, note="n")[0].id for _ in range(3)
    ]
    with engine.connect() as connection:
        assert connection.execute(select(alert_action.c.id).order_by(alert_action.c.id)).scalars().all() == numbers
