"""Factors as rows: which of them applies to each carrier and why, and every set with its sources."""

from collections.abc import Callable, Collection, Iterable

from api.console.factor_known import Known
from api.console.factor_picture import where
from api.console.frame import Visit
from api.console.parts import panel, tag, text
from api.console.tongue import MISSING, Tongue
from park.carrier import Carrier, Sort, carriers
from park.factor import Factor, Purpose
from park.factor_book import ELECTRICITY, STEAM, NoFactor, Selected
from park.factor_table import keys, sets
from park.policy import Policy
from park.term import Term

Ask = Callable[[str, Purpose], Selected | NoFactor]


def applying(visit: Visit, known: Known, term: Term, used: Collection[str]) -> None:
    """Put tables here of what each carrier takes for a term: those in use, and folded the others."""
    t = visit.t

    def ask(key: str, purpose: Purpose) -> Selected | NoFactor:
        try:
            return known.book.select(
                key, purpose, policy=known.policy, term=term, as_of=known.now, enterprise=visit.enterprise
            )
        except NoFactor as gap:
            return gap

    with panel(t("factor_applying", term=term), body="flush", sub=t("factor_applying_sub")):
        with tag("div", "scroll"):
            _carriers(t, known.policy, [one for one in carriers().values() if one.name in used], ask)
        with tag("details", "full inset"):
            text("summary", t("factor_others"))
            with tag("div", "scroll"):
                _carriers(t, known.policy, [one for one in carriers().values() if one.name not in used], ask)


def _carriers(t: Tongue, policy: Policy, found: Iterable[Carrier], ask: Ask) -> None:
    with tag("table", "grid tight cards"):
        with tag("thead"), tag("tr"):
            for head in ("factor_carrier", "factor_coal", "factor_co2"):
                text("th", t(head), scope="col")
        with tag("tbody"):
            for carrier in found:
                with tag("tr"):
                    _carrier(t, policy, carrier, ask)


def _carrier(t: Tongue, policy: Policy, carrier: Carrier, ask: Ask) -> None:
    with tag("td", "name wide"):
        text("strong", t.pick(carrier.zh, carrier.en))
        if carrier.sort is Sort.MEDIUM:
            text("small", t("factor_counts" if carrier.name in policy.counted else "factor_counts_not"))
    heat = ask(STEAM, Purpose.HEAT) if carrier.name == STEAM else None
    if isinstance(heat, Selected):  # it goes on as heat, whose factors stand in heat's own row
        _cell(t, t("factor_coal"), heat)
        _cell(t, t("factor_co2"), heat)
        return
    _energy(t, carrier.name, ask)
    if carrier.sort is Sort.MEDIUM:
        text("td", MISSING, "no-phone")
    else:
        _cell(t, t("factor_co2"), ask(carrier.name, Purpose.CARBON))


def _energy(t: Tongue, key: str, ask: Ask) -> None:
    """Put the cell of standard coal here: electricity has two."""
    if key != ELECTRICITY:
        _cell(t, t("factor_coal"), ask(key, Purpose.EQUIVALENT))
        return
    with tag("td", "wide", data_label=t("factor_coal")):
        for label, purpose in (("factor_equivalent", Purpose.EQUIVALENT), ("factor_calorific", Purpose.CALORIFIC)):
            with tag("div", "pair"):
                text("span", t(label), "of")
                _answer(t, ask(key, purpose))


def _cell(t: Tongue, label: str, found: Selected | NoFactor) -> None:
    with tag("td", "wide", data_label=label):
        _answer(t, found)


def _answer(t: Tongue, found: Selected | NoFactor) -> None:
    """Say a factor with where it comes from, and unfolded why; or what is missing and how to mend it."""
    with tag("details", "why"):
        with tag("summary", title=t("factor_why")):
            if isinstance(found, NoFactor):
                text("span", MISSING)
                text("small", t("factor_none"), "mark")
            else:
                value(t, found.factor)
        text("p", found.sentence(t.language), "note")
        if isinstance(found, Selected) and found.factor.formula():
            text("p", found.factor.formula(), "note mono")


def value(t: Tongue, factor: Factor) -> None:
    """Write a factor's value, unit and year, and whether it waits to be checked."""
    text("strong", f"{factor.value:.6g}")
    text("span", factor.unit, "unit")
    text("small", where(factor, t) if factor.data_year is not None else source_name(t, factor))
    if not factor.verified:
        text("small", t("factor_open"), "mark")


def source_name(t: Tongue, factor: Factor) -> str:
    """Name the set of a factor, or that it is somebody's own."""
    found = sets().get(factor.set)
    return t("factor_own_one") if found is None else t.pick(found.zh, found.en)


def every_set(visit: Visit, known: Known) -> None:
    """Put every set here, folded, with all it holds."""
    t = visit.t
    with panel(t("factor_sets"), sub=t("factor_sets_sub")):
        for one in sets().values():
            found = [factor for factor in known.book.factors if factor.set == one.id]
            taken = t("factor_set_taken") if one.id in known.policy.sets else t("factor_set_not_taken")
            with tag("details", "full"):
                text("summary", f"{t.pick(one.zh, one.en)} · {t('factor_n', n=len(found))} · {taken}")
                text("p", t.pick(one.zh_use, one.en_use), "note")
                with tag("div", "scroll"):
                    _table(t, found)


def _table(t: Tongue, found: list[Factor]) -> None:
    with tag("table", "grid tight cards"):
        with tag("thead"), tag("tr"):
            for head in ("factor_carrier", "factor_value", "factor_region_year", "factor_published", "factor_source"):
                text("th", t(head), scope="col")
        with tag("tbody"):
            for factor in found:
                key = keys().get(factor.key)
                with tag("tr"):
                    with tag("td", "name wide"):
                        text("span", t.pick(key.zh, key.en) if key else factor.key)
                        text("small", t(f"factor_purpose_{factor.purpose}"))
                    with tag("td", "wide"):
                        text("strong", f"{factor.value:.6g}")
                        text("span", factor.unit, "unit")
                        if factor.formula():
                            text("p", factor.formula(), "note mono")
                    text("td", where(factor, t))
                    text("td", str(factor.published), "n no-phone")
                    with tag("td", "wide"):
                        text("span", factor.source)
                        if not factor.verified:
                            text("small", t("factor_open"), "mark")
                        if factor.note:
                            text("p", t.pick(factor.note, factor.note_en), "note")
