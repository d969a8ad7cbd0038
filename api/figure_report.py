"""Figures as the tables of a report: each with coverage, state, revision, factor sets and formula."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from adapters.relational.figures import RUNNING as IN_PLACE
from adapters.relational.figures import Revision, said_of
from api.console import industry
from api.report_words import BASES, FACTORS, RUNNING, SHEETS, STATES, word
from api.services import Services
from park.factor_table import FactorSet, keys, sets
from park.figure import Figure, Scope, Used, name
from park.indicator import ENERGY, indicators, quantities
from park.report import Cell, Column, Kind, Table

SCOPES = (Scope.PARK, Scope.INDUSTRY, Scope.ENTERPRISE)
COLUMNS = (
    ("subject", 2.0, Kind.TEXT), ("indicator", 1.9, Kind.TEXT), ("value", 1.1, Kind.NUMBER), ("unit", 0.9, Kind.TEXT),
    ("measured", 0.85, Kind.SHARE), ("estimated", 0.85, Kind.SHARE), ("missing", 0.75, Kind.SHARE),
    ("state", 0.8, Kind.TEXT), ("why", 1.6, Kind.TEXT), ("revision", 0.75, Kind.NUMBER),
    ("policy_column", 0.75, Kind.NUMBER), ("sets", 2.2, Kind.TEXT), ("formula", 2.4, Kind.TEXT),
)  # fmt: skip
LATER = (("now", 1.1, Kind.NUMBER), ("now_revision", 0.7, Kind.NUMBER))
FACTOR_COLUMNS = (
    ("id", 2.2, Kind.TEXT), ("key", 1.4, Kind.TEXT), ("value", 1.0, Kind.NUMBER), ("unit", 1.2, Kind.TEXT),
    ("sets", 2.4, Kind.TEXT), ("source", 2.8, Kind.TEXT), ("region", 0.9, Kind.TEXT), ("data_year", 0.8, Kind.NUMBER),
    ("published", 1.0, Kind.TEXT), ("checked", 0.8, Kind.TEXT),
)  # fmt: skip


class Behind:
    """The factors behind each of some figures: its own, and those of the figures it was made of."""

    def __init__(self, found: Iterable[Revision]) -> None:
        self._figures = {one.figure.id: one.figure for one in found}

    def of(self, figure: Figure) -> list[Used]:
        """Give them in the order they were used."""
        used = {one.id: one for one in figure.factors}
        for each in figure.inputs:
            basis = figure.basis if each.name == ENERGY else None
            found = each.figure or name(figure.scope, figure.subject, each.name, figure.term, basis)
            behind = self._figures.get(found)
            used |= {one.id: one for one in (behind.factors if behind is not None else ()) if one.id not in used}
        return list(used.values())

    def all(self) -> list[Used]:
        """Give every factor, in order of id."""
        used = {one.id: one for figure in self._figures.values() for one in figure.factors}
        return [used[key] for key in sorted(used)]


def tables(
    parts: Services, found: Sequence[Revision], lang: str, *, later: Mapping[str, Revision] | None = None
) -> tuple[Table, ...]:
    """Give a table a scope, and one of the factors; `later` are the same figures as they are now."""
    behind = Behind(found)
    order = {key: place for place, key in enumerate(indicators())}
    made = []
    for scope in SCOPES:
        own = sorted(
            (one for one in found if one.figure.scope is scope),
            key=lambda one: (one.figure.subject, order[one.figure.indicator], one.figure.basis or ""),
        )
        if own:
            rows = [_row(parts, one, behind, lang, later) for one in own]
            columns = _columns(COLUMNS if later is None else COLUMNS + LATER, lang)
            made.append(Table(SHEETS[scope].pick(lang), columns, tuple(rows)))
    return *made, _factors(behind.all(), lang)


def document(found: Sequence[Revision]) -> list[dict[str, Any]]:
    """Write figures as they are hashed: every digit, no words of a language."""
    behind = Behind(found)
    return [
        {
            "figure": one.figure.id,
            "value": one.figure.value,
            "unit": one.figure.unit,
            "measured": one.figure.coverage.measured,
            "estimated": one.figure.coverage.estimated,
            "missing": one.figure.coverage.missing,
            "state": one.figure.state.value,
            "why": None if one.figure.why is None else one.figure.why.key,
            "revision": one.revision,
            "policy": one.figure.policy,
            "formula": one.figure.formula,
            "print": said_of(one.figure),
            "factors": [
                {"id": used.id, "value": used.value, "unit": used.unit, "set": used.set, "source": used.source}
                for used in behind.of(one.figure)
            ],
        }
        for one in found
    ]


def facts(found: Sequence[Revision], lang: str) -> list[tuple[str, str]]:
    """Name the revisions of the policy and the sets of factors, with their sources, that figures were made by."""
    policies = sorted({one.figure.policy for one in found if one.figure.policy is not None})
    said = ", ".join(str(one) if one else word("policy_default", lang) for one in policies)
    by_set: dict[str, dict[str, None]] = {}
    for used in Behind(found).all():
        by_set.setdefault(used.set, {})[used.source] = None
    told = "; ".join(f"{_set_said(one, lang)} [{', '.join(sources)}]" for one, sources in by_set.items())
    return [(word("policy", lang), said or "—"), (word("sets", lang), told or "—")]


def set_name(kept: str, lang: str) -> str:
    """Name a set of factors, which figures keep by its Chinese name."""
    found = _set(kept)
    return kept if found is None else found.en if lang == "en" else found.zh


def subject_name(parts: Services, figure: Figure, lang: str) -> str:
    """Name whom a figure is of."""
    registry = parts.registry.current()
    if figure.scope is Scope.INDUSTRY:
        return f"{figure.subject} {industry.name(figure.subject, lang)}"
    if figure.scope is Scope.PARK:
        park = next((one for one in registry.parks if one.id == figure.subject), None)
        return figure.subject if park is None else called(park.name, park.name_en, lang)
    own = registry.by_enterprise.get(figure.subject)
    return figure.subject if own is None else f"{own.id} {called(own.name, own.name_en, lang)}"


def called(zh: str, en: str, lang: str) -> str:
    """Give a name in one language, else in the other."""
    return (en or zh) if lang == "en" else (zh or en)


def _row(
    parts: Services, one: Revision, behind: Behind, lang: str, later: Mapping[str, Revision] | None
) -> tuple[Cell, ...]:
    figure = one.figure
    indicator = indicators()[figure.indicator]
    basis = "" if later is None or figure.basis is None else f" · {BASES[figure.basis].pick(lang)}"
    words = {each: quantities()[each].called(lang) for each in indicator.formula.names}
    state = STATES[figure.state] if one.revision > IN_PLACE else RUNNING
    row: tuple[Cell, ...] = (
        subject_name(parts, figure, lang),
        indicator.called(lang) + basis,
        figure.value,
        figure.unit,
        figure.coverage.measured,
        figure.coverage.estimated,
        figure.coverage.missing,
        state.pick(lang),
        "" if figure.why is None else figure.why.sentence(lang),
        one.revision,
        figure.policy,
        ", ".join(dict.fromkeys(_set_id(used.set) for used in behind.of(figure))),
        indicator.formula.written(words),
    )
    if later is None:
        return row
    now = later[figure.id]
    return *row, now.figure.value, now.revision


def _set(kept: str) -> FactorSet | None:
    return next((one for one in sets().values() if kept in {one.zh, one.id}), None)


def _set_id(kept: str) -> str:
    """Name a set where there is little room; the head of each sheet says what the id stands for."""
    found = _set(kept)
    return kept if found is None else found.id


def _set_said(kept: str, lang: str) -> str:
    found = _set(kept)
    return kept if found is None else f"{found.id} {set_name(kept, lang)}"


def _factors(used: Sequence[Used], lang: str) -> Table:
    rows = tuple(
        (
            one.id,
            _key(one.key, lang),
            one.value,
            one.unit,
            set_name(one.set, lang),
            one.source,
            one.region,
            one.data_year,
            one.published,
            word("yes" if one.verified else "no", lang),
        )
        for one in used
    )
    return Table(FACTORS.pick(lang), _columns(FACTOR_COLUMNS, lang), rows)


def _key(key: str, lang: str) -> str:
    known = keys().get(key)
    return key if known is None else called(known.zh, known.en, lang)


def _columns(columns: Iterable[tuple[str, float, Kind]], lang: str) -> tuple[Column, ...]:
    return tuple(Column(word(key, lang), width, kind) for key, width, kind in columns)
