"""Ways between boards, and from boards to the console."""

from collections.abc import Iterator

from grafana_foundation_sdk.builders import dashboard as build
from grafana_foundation_sdk.models import dashboard as model
from grafana_foundation_sdk.models.dashboard import DashboardLinkType

from grafana.look import Link
from grafana.words import Said, Words
from park.indicator import indicators

TAG = "smartpark"
RANGES = (
    (Said("今日", "Today"), "now/d", "now"),
    (Said("本月", "This month"), "now/M", "now"),
    (Said("近一年", "A year"), "now-1y", "now"),
)


def to_board(uid: str, said: Said, variables: str = "") -> Link:
    """Lead to another board over the same time; `variables` as `var-meter=${__data.fields.meter}`."""
    more = f"&{variables}" if variables else ""
    return Link(said, f"/d/{uid}?${{__url_time_range}}{more}")


def to_enterprise(column: str) -> Link:
    """Lead from a row to the board of its enterprise, whose id is in a column."""
    return to_board("park-enterprise", Said("该企业", "This enterprise"), f"var-enterprise=${{__data.fields.{column}}}")


def to_meter(enterprise: str, meter: str) -> Link:
    """Lead from a row to the board of its meter, whose ids are in columns."""
    ids = f"var-enterprise=${{__data.fields.{enterprise}}}&var-meter=${{__data.fields.{meter}}}"
    return to_board("park-meter", Said("该设备", "This meter"), ids)


def to_console(path: str, said: Said) -> Link:
    """Lead to a page of the console."""
    return Link(said, f"${{console}}{path}", elsewhere=True)


def explained(column: str) -> Link:
    """Lead from a figure, whose id is in a column, to how it came about."""
    return to_console(f"/explain/${{__data.fields.{column}}}", Said("这个数怎么来的", "How it came about"))


def figure(scope: str, subject: str, indicator: str) -> Link:
    """Lead to how the figure of the chosen month came about; `subject` is the variable that says of whom."""
    basis = ".${basis}" if indicators()[indicator].bases != (None,) else ""
    path = f"/explain/{scope}.${{{subject}}}.{indicator}.${{term}}{basis}"
    return to_console(path, Said("这个数怎么来的", "How it came about"))


def alert(rule: str, meter: str) -> Link:
    """Lead from an alert, whose rule and meter are in columns, to its page."""
    return to_console(
        f"/alerts/${{__data.fields.{rule}}}/${{__data.fields.{meter}}}", Said("处理这条告警", "See to this alert")
    )


def head(words: Words, uid: str) -> Iterator[model.DashboardLink]:
    """Give the links above every board: the other boards, and the ranges people ask for."""
    others = build.DashboardLink(words.title(Said("看板", "Boards"))).type(DashboardLinkType.DASHBOARDS).tags([TAG])
    yield others.as_dropdown(True).include_vars(True).keep_time(True).icon("apps").build()  # noqa: FBT003  # the library's
    for said, start, end in RANGES:
        made = build.DashboardLink(words.title(said)).type(DashboardLinkType.LINK)
        yield made.url(f"/d/{uid}?from={start}&to={end}").include_vars(True).icon("clock-nine").build()  # noqa: FBT003  # the library's
