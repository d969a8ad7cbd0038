"""What people declared and decided of registers, as a table, the newest first."""

from collections.abc import Sequence
from datetime import datetime

from adapters.relational.epochs import Recorded
from api.console.parts import tag, text
from api.console.tongue import MISSING, Tongue
from park.declaration import NUMBERS
from park.epoch import Epoch


def table(t: Tongue, revisions: Sequence[Recorded], now: datetime, *, meters: bool) -> None:
    """Put the table here; `meters` says that they are of several."""
    if not revisions:
        text("p", t("review_no_history"), "note inset")
        return
    with tag("div", "scroll"), tag("table", "grid tight cards"):
        with tag("thead"), tag("tr"):
            for head in ("epoch_at", "epoch_kind", "epoch_register", "epoch_note", "epoch_who"):
                text("th", t(head), scope="col")
        with tag("tbody"):
            for revision in revisions:
                _row(t, revision, now, meters=meters)


def _row(t: Tongue, revision: Recorded, now: datetime, *, meters: bool) -> None:
    epoch = revision.epoch
    with tag("tr"):
        text("td", t.moment(epoch.at, now), "name wide mono")
        with tag("td"):
            text("span", t(f"epoch_kind_{epoch.kind}"))
            standing = t(f"epoch_standing_{epoch.standing}")
            text("small", standing if revision.in_force else f"{standing} · {t('review_replaced')}")
        with tag("td"):
            if meters:
                text("a", epoch.meter, "mono", href=f"/meters/{epoch.meter}")
            text("small", readings(t, epoch) or MISSING)
        text("td", epoch.note or MISSING, "wide")
        with tag("td", "no-phone"):
            text("span", epoch.who)
            text("small", t.moment(epoch.recorded_at, now))


def readings(t: Tongue, epoch: Epoch) -> str:
    """Write the numbers an epoch was told with."""
    given = [(name, getattr(epoch, name)) for name in NUMBERS]
    return " · ".join(f"{t(f'epoch_{name}')} {value:,.10g}" for name, value in given if value is not None)
