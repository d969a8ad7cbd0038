"""The history of an alert: each change, and below it whom it was told to, whom not, and why."""

from collections import defaultdict
from collections.abc import Sequence

from adapters.alert_store import NoticeRow, Numbered
from api import alert_words
from api.alert_view import reason_of, unit_of
from api.console.frame import Visit
from api.console.parts import tag, text
from api.console.tongue import UNITS, number
from park.alert_change import AlertChange

TOLD = frozenset({"sent", "waiting", "failed"})


def history(visit: Visit, changes: Sequence[Numbered], notices: Sequence[NoticeRow]) -> None:
    """Put it here, the newest first."""
    told: dict[int, list[NoticeRow]] = defaultdict(list)
    for notice in notices:
        told[notice.change].append(notice)
    with tag("ol", "alert-history"):
        for one in changes:
            with tag("li", f"kind-{one.change.kind}"):
                _change(visit, one.change)
                if told[one.id]:
                    _notices(visit, told[one.id])


def _change(visit: Visit, change: AlertChange) -> None:
    t = visit.t
    now = visit.board.services.clock()
    unit = unit_of(change.metric)
    value = "" if change.value is None else f"{number(change.value)} {UNITS.get(unit, unit)}".strip()
    until = "" if change.until is None else f"→ {t.moment(change.until, now)}"
    why = "" if change.why is None else alert_words.say(alert_words.WHYS[change.why], t.language)
    with tag("p", "alert-change"):
        text("time", t.moment(change.known_at, now), "num")
        text("b", alert_words.say(alert_words.KINDS[change.kind], t.language))
        if change.drill:
            text("span", t("alerts_drill"), "badge drill")
        for words in filter(None, [value, why, change.who, until, change.note]):
            text("span", words)


def _notices(visit: Visit, notices: list[NoticeRow]) -> None:
    t = visit.t
    now = visit.board.services.clock()
    made = [one for one in notices if one.state in TOLD]
    with tag("details", "alert-told"):
        text("summary", t("alerts_told_n", n=len(made), m=len(notices) - len(made)))
        with tag("ul"):
            for one in sorted(notices, key=lambda notice: (notice.state not in TOLD, notice.receiver)):
                with tag("li"):
                    text("span", one.receiver, "mono")
                    text("span", alert_words.state(one.state, t.language), f"notice-{one.state}")
                    text("span", reason_of(one, t.language))
                    if one.sent is not None:
                        text("span", t.moment(one.sent, now), "num")
