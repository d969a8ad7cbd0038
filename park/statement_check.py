"""What a statement must be before it is kept, whatever way it comes: file, form or API."""

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from park.entered import read_number
from park.registry_notes import Notes, near, show
from park.revision import Plan, plan
from park.statement import PLAIN, Statement, Status, Values, lines, merged
from park.term import Term

Places = Callable[[str], str]
"""From a part of a statement (`term`, `tax` …) to where it was written."""
STATUS_WORDS = {Status.FLASH: ("快报", "flash"), Status.VERIFIED: ("核定", "verified")}


def check_term(notes: Notes, path: str, term: Term, now: datetime) -> bool:
    """Check that something may be entered for a term by now."""
    if term.span not in PLAIN:
        notes.add(
            path,
            f"{term} 是累计期; 请按月 (2026-10)、季 (2026-Q3) 或年 (2026) 填报。",
            f"{term} is a running total; enter a month (2026-10), a quarter (2026-Q3) or a year (2026).",
        )
    elif term.start() > now:
        notes.add(path, f"{term} 还没有开始; 请核对期别。", f"{term} has not begun; check the term.")
    else:
        return True
    return False


def check_statement(notes: Notes, statement: Statement, place: Places, now: datetime) -> None:
    """Note every mistake of one statement."""
    if (
        check_term(notes, place("term"), statement.term, now)
        and statement.status is Status.VERIFIED
        and statement.term.end() > now
    ):
        notes.add(
            place("status"),
            f"{statement.term} 尚未结束, 不能是核定数; 请填快报, 期末之后再核定。",
            f"{statement.term} is not over, so nothing of it can be verified yet; enter it as flash.",
        )
    for name, value in statement.values.items():
        line = lines().get(name)
        if line is None:
            zh, en = near(name, lines())
            notes.add(place(name), f"没有 {show(name)} 这个指标; {zh}", f"There is no line {show(name)}; {en}")
        elif value is not None:
            read_number(notes, place(name), value, unit=line.unit, digits=line.digits, least=line.least)


def plan_statements(
    current: Mapping[Hashable, Statement],
    given: Sequence[tuple[str, Statement]],
    *,
    reason: str | None,
    who: str = "",
    now: datetime,
) -> Plan[Statement]:
    """Say what keeping statements would do: what a statement leaves out stays, and nothing verified becomes flash."""

    def make(old: Statement | None, one: Statement, revision: int) -> Statement | None:
        values = merged(old, one)
        if old is not None and one.status is old.status and _stated(values) == _stated(old.values):
            return None
        why = (one.reason or reason or "") if old is not None else one.reason
        return replace(one, values=values, revision=revision, who=who, at=now, reason=why.strip())

    def check(notes: Notes, place: str, old: Statement | None, one: Statement) -> None:
        if old is None and not _stated(one.values):
            notes.add(
                place,
                "一个数也没有; 请至少填一项, 或去掉这一条。",
                "There is no value at all; fill one in or leave it out.",
            )
        if old is not None and old.status is Status.VERIFIED and one.status is Status.FLASH:
            notes.add(
                place,
                f"{one.enterprise} {one.term} 已核定 (第 {old.revision} 版), 不能改回快报; "
                "更正请按核定提交并写明原因。",
                f"{one.enterprise} {one.term} is verified (revision {old.revision}) and cannot become flash again; "
                "correct it as verified, with the reason.",
            )

    return plan(current, given, reason=reason, make=make, check=check)


def check_enterprise(notes: Notes, path: str, enterprise: str, known: Collection[str]) -> None:
    """Check that an enterprise is registered."""
    if enterprise not in known:
        zh, en = near(enterprise, known)
        notes.add(
            path,
            f"企业 {show(enterprise)} 没有登记; {zh}",
            f"There is no enterprise {show(enterprise)} registered; {en}",
        )


def _stated(values: Values) -> dict[str, Decimal]:
    return {name: value for name, value in values.items() if value is not None}
