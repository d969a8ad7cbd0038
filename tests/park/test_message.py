# ruff: noqa: E501  # a row of the table is a line
"""The words of notices, as somebody reads them."""

from datetime import UTC, datetime, time, timedelta
from typing import get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from park import condition as c
from park.alert import Phase
from park.alert_change import AlertChange, Kind
from park.contact import Contact
from park.message import Subject, lasting, number, say
from park.notice import Notice, joint, notice_id, passed_on
from park.receiver import Receiver, Way
from park.rule import Text
from park.severity import Severity
from tests.rules.alert_house import REGISTRY, a_rule

T0 = datetime(2026, 11, 2, tzinfo=UTC)
RULE = msgspec.structs.replace(a_rule(), name=Text("可燃气体一级报警", "Combustible gas, level 1"))
CHANGE = AlertChange(
    rule="gas", meter="gas0", episode=1, kind=Kind.RAISED, at=T0, known_at=T0, before=Phase.OK, after=Phase.FIRING,
    metric="lel", value=51.04, severity=Severity.MAJOR,
)  # fmt: skip
SUBJECT = Subject(CHANGE, RULE, RULE.when, REGISTRY.meters[0], REGISTRY.enterprises[0], T0)


def change(**changes: object) -> AlertChange:
    return msgspec.structs.replace(CHANGE, **changes)


def of(when: c.Condition, **changes: object) -> Subject:
    return SUBJECT._replace(when=when, change=change(**changes))


MINUTES = timedelta(minutes=5)
TEXTS = [
    ("a limit", SUBJECT, "可燃气体 51.04 %LEL, 限值 25 %LEL, 始于 2026-11-02 08:00:00"),
    ("an hour's mean", of(c.Mean(metric="nox_zs", of=timedelta(hours=1), limit=50.0), metric="nox_zs", value=61.0), "氮氧化物折算 61 mg/m³, 限值 50 mg/m³, 始于 2026-11-02 08:00:00"),
    ("what went through, in its own unit", of(c.Quota(metric="p", of=timedelta(days=1), limit=1200.0, register=False), metric="p", value=1312.55), "有功功率 1312.5 kWh, 限值 1200 kWh, 始于 2026-11-02 08:00:00"),
    ("a band", of(c.Outside(metric="u1", low=198.0, high=235.4, clear_low=200.0, clear_high=233.0), metric="u1", value=240.0), "A相电压 240 V, 限值 198…235.4 V, 始于 2026-11-02 08:00:00"),
    ("a share has no unit", of(c.Below(metric="pf", limit=0.9, clear=0.92), metric="pf", value=0.853), "功率因数 0.853, 限值 0.9, 始于 2026-11-02 08:00:00"),
    ("a clock, in seconds", of(c.Skew(metric="lel", by=MINUTES), value=3600.0), "可燃气体 3600 s, 限值 300 s, 始于 2026-11-02 08:00:00"),
    ("silence has no value", of(c.Silent(metric="lel", after=MINUTES), value=None), "始于 2026-11-02 08:00:00"),
    ("what stands still has no limit", of(c.Stuck(metric="lel", within=MINUTES), value=3.0), "可燃气体 3 %LEL, 始于 2026-11-02 08:00:00"),
    ("an hour of the night has none either", of(c.During(metric="lel", start=time(2), end=time(4)), value=3.0), "可燃气体 3, 始于 2026-11-02 08:00:00"),
    ("phases out of balance, in percent", of(c.Unbalance(metric="u1", beside=("u2", "u3"), limit=2.0), metric="u1", value=3.25), "A相电压 3.25 %, 限值 2 %, 始于 2026-11-02 08:00:00"),
    ("an end says how long it lasted", of(RULE.when, kind=Kind.CLEARED, at=T0 + timedelta(minutes=90), value=3.0), "可燃气体 3 %LEL, 始于 2026-11-02 08:00:00, 持续 1 小时 30 分"),
    ("a rule that is no more", SUBJECT._replace(rule=None, when=None), "可燃气体 51.04, 始于 2026-11-02 08:00:00"),
    ("a reason of our own", of(RULE.when, kind=Kind.CLEARED, note="规则已撤销"), "可燃气体 51.04 %LEL, 始于 2026-11-02 08:00:00, 持续 0 秒\n规则已撤销"),
]  # fmt: skip

EXAMPLES: dict[str, dict[str, object]] = {
    "Above": {"limit": 1, "clear": 1},
    "Below": {"limit": 1, "clear": 1},
    "Outside": {"low": 1, "high": 2, "clear_low": 1, "clear_high": 2},
    "Rise": {"by": 1, "within": "PT1M"},
    "Stuck": {"within": "PT1M"},
    "Silent": {"after": "PT1M"},
    "Mean": {"of": "PT1H", "limit": 1},
    "Quota": {"of": "PT1H", "limit": 1, "register": True},
    "Deviation": {"share": 0.5},
    "During": {"start": "02:00:00", "end": "04:00:00"},
    "Unbalance": {"beside": ["u2"], "limit": 1},
    "Is": {"state": 1},
    "Backwards": {},
    "Skew": {"by": "PT1M"},
    "Flagged": {"bits": 1},
}


def test_every_form_of_condition_has_words() -> None:
    """A limit that is a number stands in the text; one that is none, or is a time, does not."""
    for form in get_args(c.AnyLeaf):
        fields = {field.name: field for field in msgspec.structs.fields(form)}
        said = say(
            SUBJECT._replace(
                when=msgspec.convert(
                    {"type": form.__struct_config__.tag, "metric": "lel", **EXAMPLES[form.__name__]}, form, strict=False
                )
            ),
            "zh",
        ).text
        assert ("限值" in said) is ("limit" in fields or form in {c.Outside, c.Rise, c.Skew}), form


@pytest.mark.parametrize(("name", "subject", "text"), TEXTS, ids=[row[0] for row in TEXTS])
def test_the_text_without_a_template(*, name: str, subject: Subject, text: str) -> None:
    assert say(subject, "zh").text == text, name


TITLES = [
    (change(), "【重大】可燃气体一级报警 · 企业 探测器", "[Major] Combustible gas, level 1 · 企业 探测器"),
    (change(kind=Kind.CLEARED), "【恢复】【重大】可燃气体一级报警 · 企业 探测器", "[Over] [Major] Combustible gas, level 1 · 企业 探测器"),
    (change(kind=Kind.ESCALATED), "【升级】【重大】可燃气体一级报警 · 企业 探测器", "[Escalated] [Major] Combustible gas, level 1 · 企业 探测器"),
    (change(drill=True), "【演练】【重大】可燃气体一级报警 · 企业 探测器", "[DRILL] [Major] Combustible gas, level 1 · 企业 探测器"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "zh", "en"), TITLES)
def test_the_title_says_what_how_grave_and_where(said: AlertChange, zh: str, en: str) -> None:
    subject = SUBJECT._replace(change=said)
    assert (say(subject, "zh").title, say(subject, "en").title) == (zh, en)


def test_what_is_of_no_meter_names_what_there_is() -> None:
    subject = SUBJECT._replace(meter=None, enterprise=None, change=change(meter="desk", drill=True))
    assert say(subject, "zh").title == "【演练】【重大】可燃气体一级报警 · desk"


def test_a_template_and_its_runbook_are_filled_in() -> None:
    rule = msgspec.structs.replace(
        RULE,
        message=Text("{enterprise} {meter}: {value} {unit} (限值 {limit} {unit}), {rule}"),
        runbook=Text("停止动火; 撤离 {meter} 周边"),
    )
    assert say(SUBJECT._replace(rule=rule), "zh").text == (
        "企业 探测器: 51.04 %LEL (限值 25 %LEL), 可燃气体一级报警\n处置: 停止动火; 撤离 探测器 周边"
    )


def test_nobody_is_told_what_to_do_about_what_is_over() -> None:
    rule = msgspec.structs.replace(RULE, runbook=Text("停止动火"))
    assert "停止动火" not in say(SUBJECT._replace(rule=rule, change=change(kind=Kind.CLEARED)), "zh").text


@given(st.text(st.sampled_from("{}valuemtr. :!0[]"), max_size=30))
def test_no_template_costs_a_notice(template: str) -> None:
    say(SUBJECT._replace(rule=msgspec.structs.replace(RULE, message=Text(template))), "zh")


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "—"), (0.0, "0"), (25.0, "25"), (0.12345, "0.1235"), (999.96, "1000"), (12345.67, "12345.7"), (1e9, "1000000000"), (-3.0, "-3")],
)  # fmt: skip
def test_a_value_has_the_digits_that_are_read(value: float | None, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    ("seconds", "zh", "en"),
    [(0, "0 秒", "0 s"), (59, "59 秒", "59 s"), (3600, "1 小时", "1 h"), (90_061, "1 天 1 小时", "1 d 1 h"), (-5, "0 秒", "0 s")],
)  # fmt: skip
def test_a_time_is_told_in_its_two_largest_parts(seconds: int, zh: str, en: str) -> None:
    lasted = timedelta(seconds=seconds)
    assert (lasting(lasted, "zh"), lasting(lasted, "en")) == (zh, en)


def notice(name: str, severity: str = "larger", language: str = "zh") -> Notice:
    return Notice(
        id=name, receiver="officer", kind=Kind.RAISED, rule="gas", meter=name, episode=1, phase=Phase.FIRING,
        severity=severity, at=T0, title=f"title {name}", text="text", language=language,
    )  # fmt: skip


def test_several_in_one_begin_with_the_gravest() -> None:
    parts = (notice("a"), notice("b", "critical"), notice("c"))
    one = joint(parts)
    assert (one.severity, one.title, one.text) == ("critical", "3 条告警通知", "title b\ntitle a\ntitle c")
    assert one.parts == parts
    assert one.id == joint(parts).id != joint(parts[:2]).id


def test_what_is_too_much_to_read_is_counted() -> None:
    assert joint(tuple(notice(f"{n:02}", language="en") for n in range(25))).text.endswith(
        "… and 5 more on the console"
    )


def test_the_same_has_the_same_id_and_anything_else_another() -> None:
    others = [
        change(episode=2), change(meter="gas1"), change(rule="other"), change(kind=Kind.CLEARED),
        change(at=T0 + timedelta(milliseconds=1)), change(who="王工"),
    ]  # fmt: skip
    ids = {notice_id(one, "officer") for one in [CHANGE, *others]} | {notice_id(CHANGE, "boss")}
    assert len(ids) == len(others) + 2
    assert notice_id(change(value=1.0, known_at=T0 + MINUTES), "officer") == notice_id(CHANGE, "officer")


def test_what_is_passed_on_says_who_was_not_reached() -> None:
    boss = Receiver(id="boss", name="主任", way=Way.WEBHOOK)
    passed = passed_on(notice("a"), boss, "安全员")
    assert (passed.receiver, passed.instead_of, passed.text) == ("boss", ("officer",), "text\n未能通知 安全员。")
    assert passed.id != notice("a").id


def test_a_contact_shows_nothing_of_its_address() -> None:
    contact = Contact(receiver=Receiver(id="a", name="甲", way=Way.WEBHOOK), address="https://t0ken", secret="k3y")
    assert "t0ken" not in f"{contact!r} {contact}"
    assert "k3y" not in f"{contact!r} {contact}"
