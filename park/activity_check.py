"""What an entered activity must be before it is kept, whatever way it comes."""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from park.activity import Activity, Sort, items
from park.entered import read_number
from park.place import Role
from park.registry import Registry
from park.registry_notes import Notes, near, show
from park.revision import Plan, plan
from park.statement_check import Places, check_term
from park.units import UnitError, conversion

LONGEST_EVIDENCE = 500
ZERO = Decimal(0)


def check_activity(
    notes: Notes, activity: Activity, place: Places, now: datetime, metered: Collection[tuple[str, str]] = ()
) -> None:
    """Note every mistake of one activity; `metered` holds the enterprises and carriers that meters count."""
    check_term(notes, place("term"), activity.term, now)
    item = items().get(activity.item)
    if item is None:
        zh, en = near(activity.item, items())
        notes.add(
            place("item"), f"没有 {show(activity.item)} 这一项; {zh}", f"There is no item {show(activity.item)}; {en}"
        )
        return
    if activity.amount is not None and (activity.enterprise, activity.item) in metered:
        notes.add(
            place("item"),
            f"{activity.enterprise} 的{item.zh}已由进出口总表计量, 再填报会重复计算; "
            "如计量不全, 请核对台账中的总表, 而不要填报。",
            f"{item.en} of {activity.enterprise} is counted by a boundary meter, so that an entry would count it "
            "twice; if the meter misses some, mend the meters in the registry instead.",
        )
    try:
        conversion(activity.unit, item.unit)
    except UnitError:
        notes.add(
            place("unit"),
            f"单位 {show(activity.unit)} 不能换算为 {item.unit}; {item.zh}请按 {item.unit} 或同类单位填报。",
            f"Unit {show(activity.unit)} does not convert to {item.unit}; enter {item.en} in {item.unit} or its like.",
        )
    if activity.amount is not None:
        read_number(notes, place("amount"), activity.amount, unit=activity.unit, digits=item.digits, least=ZERO)
        if item.sort is not Sort.FUEL and activity.amount and not activity.evidence.strip():
            notes.add(
                place("evidence"),
                f"{item.zh}须写明依据 (如核算报告、绿证编号)。",
                f"{item.en} needs its evidence (a report, the certificates' numbers).",
            )
    if len(activity.evidence) > LONGEST_EVIDENCE:
        notes.add(
            place("evidence"),
            f"依据过长; 最多 {LONGEST_EVIDENCE} 字。",
            f"The evidence is too long; {LONGEST_EVIDENCE} characters are the most.",
        )


def metered(registry: Registry) -> set[tuple[str, str]]:
    """Give every enterprise and carrier that a boundary meter counts."""
    named = {item.medium: name for name, item in items().items() if item.medium is not None}
    return {
        (meter.enterprise, named[meter.medium])
        for meter in registry.meters
        if meter.role is Role.BOUNDARY and meter.medium in named
    }


def plan_activities(
    current: Mapping[Hashable, Activity],
    given: Sequence[tuple[str, Activity]],
    *,
    reason: str | None,
    who: str = "",
    now: datetime,
) -> Plan[Activity]:
    """Say what keeping activities would do; an amount of None withdraws what was entered."""

    def make(old: Activity | None, one: Activity, revision: int) -> Activity | None:
        if old is not None and (old.amount, old.unit, old.evidence) == (one.amount, one.unit, one.evidence):
            return None
        why = (one.reason or reason or "") if old is not None else one.reason
        return replace(one, revision=revision, who=who, at=now, reason=why.strip())

    def check(notes: Notes, place: str, old: Activity | None, one: Activity) -> None:
        if old is None and one.amount is None:
            notes.add(place, "没有数量; 请填写。", "There is no amount; fill it in.")

    return plan(current, given, reason=reason, make=make, check=check)
