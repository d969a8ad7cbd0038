# ruff: noqa: E501  # a row of the table is a line
"""Who is told what, when, and the reason for telling or not: a sentence a row."""

from datetime import UTC, datetime, time, timedelta

import msgspec
import pytest

from park.alert import OnSilence, Phase, Timing
from park.alert_change import AlertChange, Kind
from park.alert_record import AlertRecord
from park.care import Care
from park.condition import Above
from park.inhibition import Inhibition
from park.receiver import Hours, Receiver, Way
from park.rule import Rule, Scope, Text
from park.rulebook import Key
from park.severity import Severity
from park.tell import Decision, Reason, Scene, decide

NIGHT = datetime(2026, 11, 23, 18, 30, tzinfo=UTC)
"""02:30 on a Tuesday, local time."""
MINUTE = timedelta(minutes=1)
OFFICER = Receiver(id="officer", name="安全员", way=Way.APPRISE)
SLEEPER = Receiver(id="officer", name="安全员", way=Way.APPRISE, quiet=Hours(time(22), time(7)))
PANEL = Receiver(id="panel", name="声光", way=Way.MQTT)


def rule(name: str, *, inhibits: tuple[str, ...] = (), receivers: tuple[str, ...] = ()) -> Rule:
    timing = Timing(timedelta(0), timedelta(0), OnSilence.KEEP)
    return Rule(
        id=name, name=Text(name), severity=Severity.LARGER, scope=Scope(), timing=timing, inhibits=inhibits,
        when=Above(metric="lel", limit=25, clear=20), receivers=receivers,
    )  # fmt: skip


def change(kind: Kind = Kind.RAISED, severity: Severity = Severity.LARGER, rule: str = "gas") -> AlertChange:
    return AlertChange(
        rule=rule, meter="m1", episode=1, kind=kind, at=NIGHT, known_at=NIGHT, before=Phase.OK, after=Phase.FIRING,
        severity=severity,
    )  # fmt: skip


def record(rule: str = "gas", care: Care | None = None, phase: Phase = Phase.FIRING) -> AlertRecord:
    return AlertRecord(
        rule=rule, meter="m1", episode=1, phase=phase, since=NIGHT, raised_at=NIGHT, severity=Severity.LARGER,
        care=care or Care(),
    )  # fmt: skip


CALM = Scene({"gas": rule("gas")}, {Key("gas", "m1"): record()}, Inhibition(), "e01", "", (), (), (), {})
SHELF = Care(shelved_until=NIGHT + MINUTE, shelf_reason="探头更换")
HIGHER = Inhibition({"gas": ("gas-2",)})
BOTH = {Key("gas", "m1"): record(), Key("gas-2", "m1"): record("gas-2")}


LATER = {Reason.OVER, Reason.INSTEAD, Reason.GONE}
"""What only becomes of a notice on its way."""


def with_(receiver: Receiver, **changes: object) -> Receiver:
    return msgspec.structs.replace(receiver, **changes)


ROWS = [
    ("a burning alert is told at once", change(), OFFICER, CALM, Reason.TOLD, 0),
    ("what only people on the desk care about is told to nobody", change(Kind.PENDING), OFFICER, CALM, Reason.NO_NEWS, 0),
    ("a receiver that is off is not told", change(), with_(OFFICER, enabled=False), CALM, Reason.DISABLED, 0),
    ("another enterprise's alert is nobody's business", change(), with_(OFFICER, enterprises=("e02",)), CALM, Reason.NOT_THEIRS, 0),
    ("a rule that names its receivers tells no other", change(), OFFICER, CALM._replace(rules={"gas": rule("gas", receivers=("boss",))}), Reason.NOT_THEIRS, 0),
    ("what is not grave enough is not told", change(), with_(OFFICER, least=Severity.MAJOR), CALM, Reason.TOO_LOW, 0),
    ("who is off duty sleeps", change(), with_(OFFICER, on_duty_only=True), CALM, Reason.OFF_DUTY, 0),
    ("who is on duty does not", change(), with_(OFFICER, on_duty_only=True), CALM._replace(on_duty=("officer",)), Reason.TOLD, 0),
    ("a shelved alert is not told", change(), OFFICER, CALM._replace(records={Key("gas", "m1"): record(care=SHELF)}), Reason.SHELVED, 0),
    ("a shelved alert still shows on the panel", change(), PANEL, CALM._replace(records={Key("gas", "m1"): record(care=SHELF)}), Reason.TOLD, 0),
    ("a meter that nobody knows has no topic to stand on", change(), PANEL, CALM._replace(enterprise=""), Reason.NOT_THEIRS, 0),
    ("the second level stands for the first", change(), OFFICER, CALM._replace(inhibition=HIGHER, records=BOTH), Reason.INHIBITED, 0),
    ("maintenance is no alarm", change(), OFFICER, CALM._replace(maintenance="年检"), Reason.MAINTENANCE, 0),
    ("its end is told to those who were told", change(Kind.CLEARED), OFFICER, CALM._replace(told=("officer",)), Reason.TOLD, 0),
    ("its end is no news to those who were not", change(Kind.CLEARED), OFFICER, CALM, Reason.NEVER_RAISED, 0),
    ("its end is told during maintenance too", change(Kind.CLEARED), OFFICER, CALM._replace(told=("officer",), maintenance="年检"), Reason.TOLD, 0),
    ("its end is told to whom only an escalation told that it burns", change(Kind.CLEARED), with_(OFFICER, enterprises=("e02",)), CALM._replace(told=("officer",)), Reason.TOLD, 0),
    ("it is escalated to those whose turn it is, whatever they hear otherwise", change(Kind.ESCALATED), with_(OFFICER, least=Severity.CRITICAL, enterprises=("e02",)), CALM._replace(turn=("officer",)), Reason.TOLD, 0),
    ("it is not escalated to others", change(Kind.ESCALATED), OFFICER, CALM._replace(turn=("boss",)), Reason.NOT_THEIR_TURN, 0),
    ("what was shelved is told when that is over", change(Kind.RELEASED), OFFICER, CALM, Reason.TOLD, 0),
    ("who was told before the shelf is not told after it", change(Kind.RELEASED), OFFICER, CALM._replace(told=("officer",)), Reason.ALREADY, 0),
    ("what nobody acknowledges is said again", change(Kind.RENOTIFIED), OFFICER, CALM._replace(told=("officer",)), Reason.TOLD, 0),
    ("quiet hours hold a notice back until morning", change(), SLEEPER, CALM, Reason.QUIET, 270),
    ("quiet hours never hold back what is grave", change(severity=Severity.MAJOR), SLEEPER, CALM, Reason.TOLD, 0),
    ("what comes soon after is told with the next", change(), with_(OFFICER, group=5 * MINUTE), CALM._replace(sent={"officer": [NIGHT - MINUTE]}), Reason.GROUPED, 4),
    ("too many an hour wait for the hour", change(), with_(OFFICER, most_an_hour=2), CALM._replace(sent={"officer": [NIGHT - 50 * MINUTE, NIGHT - MINUTE]}), Reason.RATE, 10),
    ("too many an hour never hold back what is grave", change(severity=Severity.CRITICAL), with_(OFFICER, most_an_hour=1), CALM._replace(sent={"officer": [NIGHT]}), Reason.TOLD, 0),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "change", "receiver", "scene", "reason", "minutes"), ROWS, ids=[row[0] for row in ROWS]
)
def test_every_decision_has_its_reason(
    *, name: str, change: AlertChange, receiver: Receiver, scene: Scene, reason: Reason, minutes: int
) -> None:
    decision = decide(change, receiver, scene, NIGHT)
    assert (decision.reason, decision.due) == (reason, NIGHT + minutes * MINUTE), name


def test_every_reason_has_a_row() -> None:
    assert {row[4] for row in ROWS} | {Reason.NO_CLEARED} | LATER == set(Reason)
    quiet_end = decide(change(Kind.CLEARED), with_(OFFICER, cleared=False), CALM._replace(told=("officer",)), NIGHT)
    assert quiet_end == Decision("officer", Reason.NO_CLEARED, NIGHT)


def test_what_stands_in_the_way_is_named() -> None:
    assert decide(change(), OFFICER, CALM._replace(inhibition=HIGHER, records=BOTH), NIGHT).by == "gas-2"


@pytest.mark.parametrize(
    ("name", "local", "end"),
    [
        ("before it begins", "2026-11-24T21:59", None),
        ("as it begins", "2026-11-24T22:00", "2026-11-25T07:00"),
        ("after midnight", "2026-11-25T06:59", "2026-11-25T07:00"),
        ("as it ends", "2026-11-25T07:00", None),
    ],
)
def test_hours_go_over_midnight(name: str, local: str, end: str | None) -> None:
    found = Hours(time(22), time(7)).hold(datetime.fromisoformat(f"{local}+08:00"))
    assert found == (None if end is None else datetime.fromisoformat(f"{end}+08:00")), name


def test_hours_over_midnight_belong_to_the_day_they_begin_on() -> None:
    friday_night = Hours(time(22), time(7), weekdays=(4,))
    assert friday_night.hold(datetime.fromisoformat("2026-11-28T03:00+08:00")) is not None
    assert friday_night.hold(datetime.fromisoformat("2026-11-27T03:00+08:00")) is None
