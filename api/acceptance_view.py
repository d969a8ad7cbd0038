"""Acceptances as they go over the wire, and as reports."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from adapters import acceptance_files
from adapters.relational.acceptances import Kept
from api.acceptances import Run
from api.services import Services
from park.acceptance.item import Verdict

FINDING: dict[str, Any] = {
    "item": "qos", "name": "服务质量 QoS", "verdict": "pass", "sentence": "均为 QoS 1 或以上。",
}  # fmt: skip
RUN: dict[str, Any] = {
    "id": "9f86d081884c7d65", "meter": "e01-main", "who": "王丽", "since": "2026-11-23T08:00:00+08:00",
    "until": "2026-11-23T08:15:00+08:00", "messages": 42, "accepted": True, "plug": None, "trouble": None,
    "findings": [FINDING],
}  # fmt: skip
KEPT: dict[str, Any] = {
    "id": 7, "meter": "e01-main", "enterprise": "e01", "since": "2026-11-23T08:00:00+08:00",
    "until": "2026-11-23T08:15:00+08:00", "accepted": True, "failed": [], "who": "王丽", "seal": "4a5e1e4b…",
    "at": "2026-11-23T08:15:20+08:00",
}  # fmt: skip


class FindingItem(BaseModel):
    """One item, its verdict and why."""

    item: str
    name: str
    verdict: Verdict
    sentence: str = Field(description="What was seen, and how to mend it.")


class RunItem(BaseModel):
    """An acceptance that goes on."""

    model_config = ConfigDict(json_schema_extra={"examples": [RUN]})

    id: str
    meter: str
    who: str
    since: datetime
    until: datetime = Field(description="When it has listened as long as was asked; it goes on until concluded.")
    messages: int = Field(description="Messages heard so far.")
    accepted: bool = Field(description="Whether nothing has failed so far.")
    plug: datetime | None = Field(description="Since when the device is to be cut off; null before that.")
    trouble: str | None = Field(description="Why nothing is heard at present; null where all is well.")
    findings: list[FindingItem]


class KeptItem(BaseModel):
    """An acceptance that was concluded."""

    model_config = ConfigDict(json_schema_extra={"examples": [KEPT]})

    id: int
    meter: str
    enterprise: str
    since: datetime
    until: datetime
    accepted: bool
    failed: list[str] = Field(description="The items that failed.")
    who: str
    seal: str = Field(description="The installation's seal under it.")
    at: datetime


class KeptWhole(KeptItem):
    """An acceptance that was concluded, with everything that was found."""

    model_config = ConfigDict(json_schema_extra={"examples": [{**KEPT, "findings": [FINDING]}]})

    findings: list[FindingItem]


def running(parts: Services, run: Run, lang: str) -> RunItem:
    """Show one that goes on."""
    found = run.so_far()
    plug = run.ear.session().plug
    return RunItem(
        id=run.id,
        meter=run.meter.id,
        who=run.who,
        since=parts.local(run.ear.since),
        until=parts.local(run.until),
        messages=found.messages,
        accepted=found.accepted,
        plug=parts.local(plug.asked) if plug is not None and plug.until is None else None,
        trouble=run.failed or run.ear.trouble,
        findings=findings(found.document()["findings"], lang),
    )


def kept(parts: Services, one: Kept) -> KeptItem:
    """Show one that was concluded."""
    return KeptItem(**_facts(parts, one))


def whole(parts: Services, one: Kept, lang: str) -> KeptWhole:
    """Show one that was concluded, with its findings."""
    return KeptWhole(**_facts(parts, one), findings=findings(one.document["findings"], lang))


def findings(found: Sequence[Mapping[str, Any]], lang: str) -> list[FindingItem]:
    """Show findings in one language."""
    return [
        FindingItem(item=one["item"], name=one["name"][lang], verdict=one["verdict"], sentence=one[lang])
        for one in found
    ]


def written(parts: Services, one: Kept, form: str, lang: str) -> tuple[bytes, str]:
    """Write the report as PDF or HTML, and give the hash of what it says."""
    return acceptance_files.written(parts.registry.current(), one, form, lang, parts.zone)


def _facts(parts: Services, one: Kept) -> dict[str, Any]:
    return {
        "id": one.id,
        "meter": one.meter,
        "enterprise": one.enterprise,
        "since": parts.local(one.since),
        "until": parts.local(one.until),
        "accepted": one.accepted,
        "failed": [each["item"] for each in one.document["findings"] if each["verdict"] == Verdict.FAIL],
        "who": one.who,
        "seal": one.seal,
        "at": parts.local(one.at),
    }
