"""Acceptances are only added to; what is read back is what was sealed."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from adapters.relational import acceptances, audit, page
from park.acceptance.report import content

NOW = datetime(2026, 11, 23, 8, 0, 5, 900_000, tzinfo=UTC)


def document(meter: str, *, accepted: bool = True, enterprise: str = "e01") -> dict[str, object]:
    return {
        "meter": meter,
        "enterprise": enterprise,
        "codec": "native",
        "since": "2026-11-23T07:45:00.123456+00:00",
        "until": "2026-11-23T08:00:00+00:00",
        "messages": 60,
        "readings": 120,
        "accepted": accepted,
        "findings": [
            {"item": "qos", "name": {"zh": "服务质量", "en": "QoS"}, "verdict": "pass", "zh": "好", "en": "ok"}
        ],
    }


def test_what_is_kept_comes_back_with_the_content_its_seal_is_of(engine: Engine) -> None:
    signed: list[bytes] = []

    def sign(given: bytes) -> str:
        signed.append(given)
        return "ab" * 32

    kept = acceptances.add(engine, document("e01-main"), sign=sign, who="王丽", now=NOW)
    again = acceptances.one(engine, kept.id)
    assert again == kept
    assert again is not None
    assert [again.sealed] == signed == [content(document("e01-main"), by="王丽", at=NOW.replace(microsecond=0))]
    assert again.since == datetime(2026, 11, 23, 7, 45, 0, 123456, tzinfo=UTC)
    (entry,) = audit.entries(engine)[0]
    assert (entry.action, entry.subject, entry.after) == (
        "acceptance.create", "e01-main", {"id": kept.id, "accepted": True},
    )  # fmt: skip


def test_the_newest_come_first_by_meter_by_enterprise_and_page_by_page(engine: Engine) -> None:
    for place in range(5):
        acceptances.add(
            engine,
            document("e01-main" if place % 2 else "e02-main", enterprise="e01" if place % 2 else "e02"),
            sign=lambda _content: "",
            who="王丽",
            now=NOW + timedelta(minutes=place),
        )
    first, following = acceptances.listing(engine, limit=2)
    assert [one.at.minute for one in first] == [4, 3]
    rest, last = acceptances.listing(engine, limit=10, cursor=following)
    assert [one.at.minute for one in rest] == [2, 1, 0]
    assert last is None
    assert {one.meter for one in acceptances.listing(engine, meter="e01-main")[0]} == {"e01-main"}
    assert {one.enterprise for one in acceptances.listing(engine, enterprise="e02")[0]} == {"e02"}
    with pytest.raises(page.WrongCursor):
        acceptances.listing(engine, cursor="x")


def test_there_is_nothing_where_nothing_was_concluded(engine: Engine) -> None:
    assert acceptances.one(engine, 1) is None
    assert acceptances.listing(engine) == ([], None)
