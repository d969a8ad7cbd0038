"""A month's balances row by row, those to look into first; and those of which nothing can be told, and why."""

from collections.abc import Mapping, Sequence

from api.console.balance_read import Look
from api.console.frame import Visit
from api.console.parts import link, panel, tag, text
from api.console.tongue import MISSING, Tongue, number
from api.console.tongue import percent as whole_percent
from park.balance import Balance, Entry, percent
from park.balance_reason import Reason, Verdict

ORDER = {Verdict.NEGATIVE: 0, Verdict.EXCESS: 1, Verdict.NO_BOUND: 2, Verdict.OK: 3}
DOTS = {Verdict.OK: "on", Verdict.EXCESS: "off", Verdict.NEGATIVE: "off", Verdict.NO_BOUND: "never"}


def table(visit: Visit, look: Look, names: Mapping[str, str]) -> None:
    """List the balances that can be compared, those to look into first."""
    t = visit.t
    rows = sorted(look.compared, key=lambda one: (ORDER[one.verdict], -abs(one.rate or 0.0)))
    if not rows:
        return
    unit = rows[0].carrier.unit
    with (
        panel(t("balance_table"), body="flush", sub=t("balance_table_sub")),
        tag("div", "scroll"),
        tag("table", "grid cards pairs"),
    ):
        with tag("thead"), tag("tr"):
            for key in ("col_enterprise", "balance_verdict", "balance_rate", "balance_bound", "balance_supplied",
                        "balance_subs", "balance_loss", "balance_known"):  # fmt: skip
                plain = key in {"col_enterprise", "balance_verdict"}
                text("th", t(key), "" if plain else "n")
        with tag("tbody"):
            for one in rows:
                _row(visit, one, names, unit)


def not_comparable(visit: Visit, look: Look, names: Mapping[str, str]) -> None:
    """Say of which enterprises nothing can be told, and why; those without sub-meters are one line."""
    t = visit.t
    found = look.of(Verdict.NOT_COMPARABLE)
    bare = [one for one in found if one.reason is Reason.NO_SUBS]
    rest = [one for one in found if one.reason is not Reason.NO_SUBS]
    if not found:
        return
    with panel(t("balance_not_comparable"), body="flush", sub=t("balance_not_comparable_sub")), tag("ul"):
        for one in rest:
            with tag("li", "held"), tag("div"):
                _who(visit, one, names)
                text("p", one.sentence(t.language), "note")
                with tag("details"):
                    text("summary", t("balance_meters", n=len(_meters(one))))
                    _entries(t, one)
        if bare:
            with tag("li", "held"), tag("div"):
                text("strong", t("balance_no_subs", n=len(bare)))
                text("p", t("comma").join(names.get(one.enterprise, one.enterprise) for one in bare), "note")
                text("p", bare[0].sentence(t.language), "note")


def _row(visit: Visit, one: Balance, names: Mapping[str, str], unit: str) -> None:
    t = visit.t
    with tag("tr"):
        with tag("td", "name wide"):
            _who(visit, one, names)
            with tag("details"):
                text("summary", t("balance_meters", n=len(_meters(one))), "of")
                text("p", one.sentence(t.language), "note")
                _entries(t, one)
        with tag("td", data_label=""):
            text("span", t(f"balance_{one.verdict}"), f"dot {DOTS[one.verdict]}")
        _figure(t("balance_rate"), MISSING if one.rate is None else percent(one.rate), "")
        bound = MISSING if one.bound is None else f"{percent(one.bound.low)} – {percent(one.bound.high)}"
        _figure(t("balance_bound"), bound, "")
        _figure(t("balance_supplied"), number(one.supplied), unit)
        _figure(t("balance_subs"), number(one.distributed), unit)
        _figure(t("balance_loss"), number(one.loss), unit)
        known = one.coverage.measured + one.coverage.estimated
        _figure(t("balance_known"), whole_percent(known), "")


def _figure(label: str, words: str, unit: str) -> None:
    with tag("td", "n labelled", data_label=label):
        text("span", words)
        if unit:
            text("span", unit, "unit")


def _who(visit: Visit, one: Balance, names: Mapping[str, str]) -> None:
    name = names.get(one.enterprise, one.enterprise)
    if visit.enterprise is None:
        link(name, f"/enterprises/{one.enterprise}")
    else:
        text("span", name)


def _meters(one: Balance) -> Sequence[tuple[str, Entry]]:
    groups = (("role_boundary", one.boundary), ("role_generation", one.generation), ("role_sub", one.subs))
    return [(key, entry) for key, entries in groups for entry in entries]


def _entries(t: Tongue, one: Balance) -> None:
    """List the meters a balance is made of, with what each counted and how well."""
    with tag("ul", "balance-meters"):
        for key, entry in _meters(one):
            with tag("li"):
                text("span", t(key), "of")
                if entry.virtual:
                    text("span", entry.meter, "mono")
                else:
                    link(entry.meter, f"/meters/{entry.meter}", "mono")
                amount = MISSING if entry.amount is None else f"{number(entry.amount)} {one.carrier.unit}"
                text("span", amount, "num")
                measured, estimated = whole_percent(entry.coverage.measured), whole_percent(entry.coverage.estimated)
                text("span", t("balance_shares", measured=measured, estimated=estimated), "of")
