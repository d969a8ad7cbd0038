"""Closed terms as a table, and what became of the figures of one since it was closed."""

from collections.abc import Sequence

from adapters.relational.closings import Closed, Pair
from api.console.figure_marks import amount, subject, unit
from api.console.frame import Visit
from api.console.parts import link, panel, tag, text
from api.console.tongue import MISSING
from park.indicator import indicators

MOST = 200
FORMS = {"xlsx": "Excel", "pdf": "PDF", "csv": "CSV", "json": "JSON"}
MOST_REASONS = 3
SHOWN = 12
"""Digits of a digest that tell one from another at a glance."""


def closed_terms(visit: Visit, closed: Sequence[tuple[Closed, int]]) -> None:
    """List the closed terms, the newest first."""
    t = visit.t
    if not closed:
        with tag("section", "panel"), tag("div", "empty"):
            text("h2", t("fig_closed_none_title"))
            text("p", t("fig_closed_none"))
        return
    with panel(t("fig_closed_terms"), body="flush"), tag("div", "scroll"), tag("table", "grid"):
        with tag("thead"), tag("tr"):
            for key in ("fig_term", "fig_col_closed", "fig_col_who", "fig_close_note"):
                text("th", t(key), scope="col")
            text("th", t("fig_col_figures"), "n", scope="col")
            text("th", t("fig_col_restated"), "n", scope="col")
            text("th", t("fig_col_export"), scope="col")
        with tag("tbody"):
            for one, count in closed:
                _row(visit, one, count)


def _row(visit: Visit, one: Closed, count: int) -> None:
    t = visit.t
    with tag("tr"):
        with tag("td"):
            link(str(one.term), f"/closing?park={one.park}&closing={one.id}")
        text("td", t.moment(one.at, visit.board.services.clock()))
        text("td", one.who)
        with tag("td", "name"):
            text("span", one.note)
            if one.forced:
                text("small", t("fig_forced", reason=one.forced), "mark")
            text("small", t("fig_digest", digest=one.digest[:SHOWN]), "mono")
        text("td", f"{one.frozen:,}", "n")
        text("td", f"{count:,}" if count else MISSING, "n differs" if count else "n")
        with tag("td"):
            for form, called in FORMS.items():
                link(called, f"/api/v1/closings/{one.id}/export?form={form}", "pair-link")


def restated(visit: Visit, closed: Closed, pairs: Sequence[Pair]) -> None:
    """Show what was reported beside what is known now, with the reasons."""
    t = visit.t
    registry = visit.board.services.registry.current()
    if not pairs:
        return
    with (
        panel(t("fig_restated", term=closed.term), body="flush", sub=t("fig_restated_sub")),
        tag("div", "scroll"),
        tag("table", "grid cards pairs"),
    ):
        with tag("thead"), tag("tr"):
            text("th", t("fig_col_indicator"), scope="col")
            for key in ("fig_col_reported", "fig_col_now", "fig_col_difference"):
                text("th", t(key), "n", scope="col")
            text("th", t("fig_col_reason"), scope="col")
        with tag("tbody"):
            for frozen, now in pairs[:MOST]:
                before, after = frozen.figure.value, now.figure.value
                with tag("tr"):
                    with tag("td", "name wide"):
                        link(indicators()[frozen.figure.indicator].called(t.language), f"/explain/{frozen.figure.id}")
                        whose = subject(registry, frozen.figure.scope, frozen.figure.subject, t)
                        basis = frozen.figure.basis
                        text("small", whose if basis is None else f"{whose} · {t(f'fig_basis_{basis}')}")
                    text("td", amount(before), "n labelled", data_label=t("fig_col_reported"))
                    with tag("td", "n labelled", data_label=t("fig_col_now")):
                        text("span", amount(after))
                        text("span", unit(now.figure.unit), "unit")
                    text("td", MISSING if before is None or after is None else amount(after - before), "n no-phone")
                    with tag("td", "note wide"):
                        for reason in now.reasons[:MOST_REASONS]:
                            text("p", reason.sentence(t.language))
    if len(pairs) > MOST:
        text("p", t("fig_more", n=len(pairs) - MOST), "note")
