"""Whose figures, of which term, by which basis: read from the address, chosen in the bar above the page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from fastapi import Request

from api.console import industry
from api.console.frame import Visit
from api.console.parts import link, tag, text
from park.factor import Basis
from park.figure import Scope
from park.intensity import division_of
from park.registry import Registry
from park.term import MONTHS, Span, Term, month_of, quarter_of, year_of
from park.term import read as read_term

MONTHS_BACK = 24
QUARTERS_BACK = 8
YEARS_BACK = 5
FORMS = {"xlsx": "Excel", "pdf": "PDF"}


@dataclass(frozen=True, slots=True)
class Choice:
    """What is looked at."""

    scope: Scope
    subject: str
    term: Term
    basis: Basis
    page: str = "/intensity"
    """The address of the page."""

    def address(self, **other: str) -> str:
        """Write the address of the page, with some of it another."""
        asked = {"of": f"{self.scope}:{self.subject}", "term": str(self.term), "basis": self.basis.value}
        return f"{self.page}?" + urlencode(asked | other)

    def file(self, form: str) -> str:
        """Write the address of the same figures as a file."""
        asked = {"scope": self.scope.value, "id": self.subject, "period": str(self.term), "basis": self.basis.value}
        return "/api/v1/intensity/export?" + urlencode(asked | {"format": form})


def read(visit: Visit, request: Request, registry: Registry, now: datetime, page: str = "/intensity") -> Choice:
    """Read what the address asks for; what it does not say, or says of what is not there, is the usual."""
    query = request.query_params
    basis = Basis.CALORIFIC if query.get("basis") == Basis.CALORIFIC.value else Basis.EQUIVALENT
    scope, subject = _subject(visit, query.get("of", ""), registry)
    try:
        term = read_term(query.get("term", ""))
    except ValueError:
        term = month_of(now, visit.t.zone).before()
    return Choice(scope, subject, term, basis, page)


def bar(visit: Visit, registry: Registry, choice: Choice, now: datetime, *, bases: bool = True) -> None:
    """Draw the bar; without `bases` where nothing on the page goes by one."""
    t = visit.t
    with tag("div", "bar-of-filters no-print"):
        with tag("form", "bar-of-filters tight", method="get", action=choice.page):
            tag("input", type="hidden", name_="basis", value=choice.basis.value)
            if visit.enterprise is None:
                with tag("label", "field"):
                    text("span", t("fig_subject"))
                    with tag("select", name_="of"):
                        _subjects(visit, registry, f"{choice.scope}:{choice.subject}")
            with tag("label", "field"):
                text("span", t("fig_term"))
                with tag("select", name_="term"):
                    _terms(visit, choice.term, month_of(now, t.zone))
            text("button", t("fig_look"), "button", type="submit")
        if not bases:
            return
        with tag("nav", "ways", aria_label=t("fig_basis")):
            for basis in Basis:
                entry = link(t(f"fig_basis_{basis}"), choice.address(basis=basis.value))
                if basis is choice.basis:
                    entry.props["aria-current"] = "page"
        with tag("nav", "ways", aria_label=t("exp_figures")):
            for form, called in FORMS.items():
                link(called, choice.file(form)).props["title"] = t("exp_figures_of", form=called, term=choice.term)


def _subject(visit: Visit, asked: str, registry: Registry) -> tuple[Scope, str]:
    own = visit.enterprise
    if own is not None:
        return Scope.ENTERPRISE, own
    scope, _, name = asked.partition(":")
    known = {
        Scope.PARK.value: {one.id for one in registry.parks},
        Scope.INDUSTRY.value: {division_of(one.industry) for one in registry.enterprises},
        Scope.ENTERPRISE.value: set(registry.by_enterprise),
    }
    if name and name in known.get(scope, ()):
        return Scope(scope), name
    return Scope.PARK, registry.parks[0].id


def _subjects(visit: Visit, registry: Registry, chosen: str) -> None:
    t = visit.t
    divisions = sorted({one for each in registry.enterprises if (one := division_of(each.industry))})
    _group(t("fig_parks"), ((f"park:{one.id}", t.pick(one.name, one.name_en)) for one in registry.parks), chosen)
    _group(
        t("fig_industries"),
        ((f"industry:{one}", f"{one} {industry.name(one, t.language)}") for one in divisions),
        chosen,
    )
    _group(
        t("fig_enterprises"),
        ((f"enterprise:{one.id}", t.pick(one.name, one.name_en)) for one in registry.enterprises),
        chosen,
    )


def _terms(visit: Visit, chosen: Term, month: Term) -> None:
    t = visit.t
    months = [Term(Span.MONTH, last) for last in range(month.last, month.last - MONTHS_BACK, -1)]
    quarters = list(dict.fromkeys(map(quarter_of, months)))[:QUARTERS_BACK]
    years = [year_of(Term(Span.MONTH, month.last - back * MONTHS)) for back in range(YEARS_BACK)]
    to_date = [Term(Span.TO_DATE, one.last) for one in months[:MONTHS]]
    rolling = [Term(Span.ROLLING, one.last) for one in months[:MONTHS]]
    for key, terms in (
        ("fig_months", months), ("fig_quarters", quarters), ("fig_to_date", to_date), ("fig_rolling", rolling),
        ("fig_years", years),
    ):  # fmt: skip
        tail = f" ({t(key)})" if key in {"fig_to_date", "fig_rolling"} else ""
        _group(t(key), ((str(one), str(one).partition("/")[0] + tail) for one in terms), str(chosen))


def _group(label: str, options: Iterable[tuple[str, str]], chosen: str) -> None:
    with tag("optgroup", label=label):
        for value, words in options:
            option = text("option", words, value=value)
            if value == chosen:
                option.props["selected"] = True
