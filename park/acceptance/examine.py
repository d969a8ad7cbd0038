"""The whole acceptance: every item, once, in the order of the report."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from park.acceptance import connection, messages, registers, times, values
from park.acceptance.heard import Session
from park.acceptance.item import NAMES, Finding, Item, Verdict
from park.acceptance.listened import Listened, read_session
from park.place import Meter
from park.registry import Registry
from park.topic import PREFIX

ORDER = {item: place for place, item in enumerate(Item)}


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What came of one listening."""

    meter: Meter
    since: datetime
    until: datetime
    findings: tuple[Finding, ...]
    messages: int
    readings: int

    @property
    def accepted(self) -> bool:
        """Whether nothing failed."""
        return not self.failed

    @property
    def failed(self) -> tuple[Item, ...]:
        """The items that failed."""
        return tuple(one.item for one in self.findings if one.verdict is Verdict.FAIL)

    def document(self) -> Mapping[str, Any]:
        """Write it as plain data, the same for the same listening."""
        return {
            "meter": self.meter.id,
            "enterprise": self.meter.enterprise,
            "codec": self.meter.codec,
            "since": self.since.isoformat(),
            "until": self.until.isoformat(),
            "messages": self.messages,
            "readings": self.readings,
            "accepted": self.accepted,
            "findings": [
                {
                    "item": one.item.value,
                    "name": dict(zip(("zh", "en"), NAMES[one.item], strict=True)),
                    "verdict": one.verdict.value,
                    "zh": one.zh,
                    "en": one.en,
                }
                for one in self.findings
            ],
        }


def examine(meter: Meter, registry: Registry, session: Session, prefix: str = PREFIX) -> Acceptance:
    """Hold a session against the contract and the registry."""
    listened = read_session(meter, registry, session, prefix)
    findings = [
        *messages.examine(listened, prefix),
        *values.examine(listened),
        *times.examine(listened),
        *registers.examine(listened),
        *connection.examine(listened),
    ]
    return Acceptance(
        meter,
        session.since,
        session.until,
        tuple(sorted(_settled(listened, findings), key=lambda one: ORDER[one.item])),
        len(listened.taken),
        sum(len(each.readings) for each in listened.taken),
    )


def _settled(listened: Listened, findings: list[Finding]) -> list[Finding]:
    """Leave one cause to one item: of a device that said nothing, or nothing readable, only that is told."""
    if any(each.readings for each in listened.taken):
        return _of_two(listened, findings)
    causes = {Item.TOPIC, Item.QOS, Item.RETAINED, Item.PAYLOAD, Item.UNITS, *CONNECTION}
    return [
        one
        if one.item in causes or one.verdict is not Verdict.FAIL
        else Finding(one.item, Verdict.NOTE, "没有收到可检查的值。", "No value came that could be looked at.")
        for one in findings
    ]


def _of_two(listened: Listened, findings: list[Finding]) -> list[Finding]:
    """Leave it to one item that two devices share an id: their numbers, times and registers tell nothing of either."""
    contradict = any(one.item is Item.IDENTITY and one.verdict is Verdict.FAIL for one in findings)
    if not contradict and not registers.jumps_to_and_fro(listened):
        return findings
    unclear = MINGLED | ({Item.MONOTONY} if contradict else set())
    return [
        Finding(
            one.item,
            Verdict.NOTE,
            "可能有两台设备共用编号, 无法判断; 请先逐台核对。",
            "Two devices may share the id, so this cannot be told; look at each first.",
        )
        if one.item in unclear and one.verdict is Verdict.FAIL
        else one
        for one in findings
    ]


CONNECTION = frozenset({Item.STATE, Item.LAST_WILL, Item.RECONNECT, Item.CLIENT_ID, Item.ACCOUNT, Item.TLS})
MINGLED = frozenset({Item.SEQUENCE, Item.PERIOD, Item.JITTER, Item.REGISTER_STEP, Item.MULTIPLIER, Item.RATING})
"""What two devices under one id spoil for each other."""
