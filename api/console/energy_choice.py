"""Which days and which carrier the page on energy shows: read from the address, chosen in the bar above the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from fastapi import Request

from api.console.frame import Visit
from api.console.parts import link, tag, text
from park.carrier import carriers
from park.days import Days, Run, between, holding

YEARS = range(1971, 2200)
"""Days that can be chosen: their neighbours are days, too."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What is looked at; a carrier nobody has is the usual one."""

    days: Days
    carrier: str

    def address(self, days: Days) -> str:
        """Write the address of other days."""
        asked = {"run": days.run.value, "carrier": self.carrier, "on": str(days.first)}
        return "/energy?" + urlencode(asked | ({"to": str(days.last)} if days.run is Run.RANGE else {}))


def read(visit: Visit, request: Request, now: datetime) -> Choice:
    """Read what the address asks for; what it does not say, or says of no day, is the running month."""
    query = request.query_params
    today = now.astimezone(visit.t.zone).date()
    try:
        run = Run(query.get("run", Run.MONTH.value))
    except ValueError:
        run = Run.MONTH
    on = _day(query.get("on", ""))
    days = holding(run, on or today)
    if run is Run.RANGE:
        last = _day(query.get("to", "")) or today
        try:
            days = between(on or last - timedelta(days=6), last)
        except ValueError:
            days = holding(Run.MONTH, today)
    return Choice(days, query.get("carrier", ""))


def bar(visit: Visit, choice: Choice, found: Sequence[str], now: datetime) -> None:
    """Draw the bar: kinds of runs, the run before and after, a day to go to, and the carrier."""
    t, days = visit.t, choice.days
    today = now.astimezone(t.zone).date()
    with tag("div", "bar-of-filters no-print"):
        with tag("nav", "ways", aria_label=t("energy_run")):
            for run in Run:
                entry = link(t(f"energy_run_{run}"), choice.address(_turned(days, run, today)))
                if run is days.run:
                    entry.props["aria-current"] = "page"
        with tag("form", "bar-of-filters tight", method="get", action="/energy"):
            tag("input", type="hidden", name_="run", value=days.run.value)
            _date(t("energy_from") if days.run is Run.RANGE else t("energy_on"), "on", days.first, today)
            if days.run is Run.RANGE:
                _date(t("energy_to"), "to", days.last, today)
            with tag("label", "field"):
                text("span", t("energy_carrier"))
                with tag("select", name_="carrier"):
                    for name in found:
                        option = text("option", t.pick(carriers()[name].zh, carriers()[name].en), value=name)
                        if name == choice.carrier:
                            option.props["selected"] = True
            text("button", t("fig_look"), "button", type="submit")
        with tag("nav", "ways", aria_label=t("energy_beside")):
            link(t("energy_previous"), choice.address(days.before()))
            if days.last < today:
                link(t("energy_following"), choice.address(days.after()))


def _turned(days: Days, run: Run, today: date) -> Days:
    """Give the run of another kind at the end of what is seen."""
    last = min(days.last, today)
    return between(max(days.first, last - timedelta(days=6)), last) if run is Run.RANGE else holding(run, last)


def _date(label: str, name: str, day: date, today: date) -> None:
    with tag("label", "field"):
        text("span", label)
        tag("input", type="date", name_=name, value=str(day), max=str(today))


def _day(words: str) -> date | None:
    try:
        found = date.fromisoformat(words)
    except ValueError:
        return None
    return found if found.year in YEARS else None
