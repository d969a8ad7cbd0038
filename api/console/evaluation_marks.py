"""Adders, vetoes and exclusions: who is marked with what and why; who may sets them here."""

import asyncio

from sqlalchemy.exc import OperationalError

from adapters.relational import evaluation_flags
from adapters.relational.evaluation_flags import KeptFlag
from adapters.relational.refusal import EntryRefused
from api.console.evaluation_read import Look
from api.console.form import Form
from api.console.frame import Visit
from api.console.parts import button, panel, tag, text
from park.evaluation.scheme import Scheme
from park.evaluation.subject import Flag, Kind
from park.principal import Right


def marks_panel(visit: Visit, look: Look) -> None:
    """Draw the marks in force, and the form to set one."""
    t, rules = visit.t, look.scheme.scheme
    if not (rules.adders or rules.vetoes or rules.exclusions):
        return
    keeps = visit.who.may(Right.KEEP_ACCOUNTS)
    with panel(t("eval_marks"), "no-print", body="flush", sub=t("eval_marks_sub")):
        if look.flags:
            with tag("div", "scroll"), tag("table", "grid cards"), tag("tbody"):
                for flag in look.flags:
                    _row(visit, look, flag, keeps=keeps)
        else:
            text("p", t("eval_marks_none"), "note inset")
        if keeps:
            _form(visit, look)


def named(rules: Scheme, kind: Kind, key: str, visit: Visit) -> str:
    """Name a mark of the scheme."""
    marks = {Kind.ADDER: rules.adders, Kind.VETO: rules.vetoes, Kind.EXCLUSION: rules.exclusions}[kind]
    mark = next((one for one in marks if one.key == key), None)
    if mark is None:
        return key
    points = f" {mark.points:+g}" if kind is Kind.ADDER else ""
    return f"{visit.t.pick(mark.name, mark.name_en)}{points}"


def _row(visit: Visit, look: Look, flag: KeptFlag, *, keeps: bool) -> None:
    t = visit.t
    registry = visit.board.services.registry.current()
    enterprise = registry.by_enterprise.get(flag.enterprise)
    with tag("tr"):
        text("td", t.pick(enterprise.name, enterprise.name_en) if enterprise else flag.enterprise, "name")
        text("td", f"{t(f'eval_kind_{flag.kind}')}: {named(look.scheme.scheme, flag.kind, flag.mark, visit)}")
        text("td", flag.reason, "wide")
        text("td", f"{flag.who} {t.moment(flag.at, visit.board.services.clock())}", "no-phone")
        if keeps:
            with tag("td"):

                async def back() -> None:
                    await _set(visit, look, flag.enterprise, flag.flag(), None, standing=False)

                button(t("eval_take_back"), back)


def _form(visit: Visit, look: Look) -> None:
    t, rules, form = visit.t, look.scheme.scheme, Form()
    members = {
        one.id: t.pick(one.name, one.name_en)
        for one in visit.board.services.registry.current().enterprises
        if one.park == look.park.id
    }
    marks = {
        f"{kind}/{mark.key}": f"{t(f'eval_kind_{kind}')}: {named(rules, kind, mark.key, visit)}"
        for kind, table in ((Kind.ADDER, rules.adders), (Kind.VETO, rules.vetoes), (Kind.EXCLUSION, rules.exclusions))
        for mark in table
    }
    with tag("div", "bar-of-filters inset"):
        form.choice("enterprise", t("col_enterprise"), members)
        form.choice("mark", t("eval_mark"), marks)
        form.line("reason", t("eval_mark_reason"), hint=t("eval_mark_hint"))

        async def put() -> None:
            kind, _, key = form.word("mark").partition("/")
            flag = Flag(Kind(kind), key, form.word("reason"))
            await _set(visit, look, form.word("enterprise"), flag, form, standing=True)

        button(t("eval_mark_set"), put, "button main")
        form.rest_here()


async def _set(visit: Visit, look: Look, enterprise: str, flag: Flag, form: Form | None, *, standing: bool) -> None:
    parts = visit.board.services
    try:
        await asyncio.to_thread(
            evaluation_flags.set_flag,
            parts.engine,
            look.scheme.scheme,
            look.term,
            enterprise,
            flag,
            standing=standing,
            who=visit.who.name,
            now=parts.clock(),
        )
    except EntryRefused as refused:
        if form is not None:
            form.tell(refused.mistakes, visit.t.language)
    except OperationalError:
        if form is not None:
            form.say(visit.t("database_down"))
    else:
        visit.client.open(f"/evaluation?scheme={look.scheme.scheme.id}&period={look.term}&park={look.park.id}")
