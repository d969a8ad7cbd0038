"""A notice, as the tests of the ways send it."""

from datetime import UTC, datetime

import msgspec

from park.alert import Phase
from park.alert_change import Kind
from park.notice import Notice

T0 = datetime(2026, 11, 2, tzinfo=UTC)
NOTICE = Notice(
    id="0123456789abcdef",
    receiver="officer",
    kind=Kind.RAISED,
    rule="gas",
    meter="gas0",
    park="hk",
    enterprise="e01",
    episode=1,
    phase=Phase.FIRING,
    severity="major",
    at=T0,
    title="【重大】可燃气体二级报警 · 富硒食品 3#探测器",
    text="可燃气体 51 %LEL, 限值 50 %LEL",
)


def notice(**changes: object) -> Notice:
    return msgspec.structs.replace(NOTICE, **changes)


def now() -> datetime:
    return T0
