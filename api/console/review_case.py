"""One suspicion: the register around it, what is booked meanwhile, and a form to decide by."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from math import inf, isfinite

from sqlalchemy.exc import OperationalError

from adapters.relational import epochs, suspicions
from adapters.relational.suspicions import Found, State
from api.console.form import Form
from api.console.frame import Visit
from api.console.parts import button, panel, tag, text
from api.console.register_chart import chart
from api.console.tongue import UNITS, number
from park.declaration import NUMBERS, WRITTEN, Wish, decide
from park.epoch import Kind, Standing
from park.metric import metrics
from park.mistake import Mistake
from park.place import Meter
from park.principal import Right
from park.reading import Reading

EVIDENCE = ("hours", "most", "width", "resumed", "contradiction")
"""What the ledger gives as its reasons."""
IN_UNITS = frozenset({"most", "resumed"})
DECISIONS = {
    "confirm": Standing.CONFIRMED,
    "correct": Standing.CORRECTED,
    "reject": Standing.REJECTED,
}


class Case:
    """The panel of one suspicion; it goes when it is decided."""

    def __init__(
        self,
        visit: Visit,
        found: Found,
        meter: Meter,
        readings: list[Reading],
        decided: Callable[[str], Awaitable[None]],
    ) -> None:
        self._visit = visit
        self._found = found
        self._meter = meter
        self._decided = decided
        self._form = Form()
        t, one = visit.t, found.suspicion
        title = f"{t.pick(meter.name, meter.name_en)} · {t(f'epoch_kind_{one.kind}')}"
        now = visit.board.services.clock()
        with panel(title, body="", sub=t("review_found", at=t.moment(found.found_at, now))) as head:
            with head:
                text("a", meter.id, "mono more", href=f"/meters/{meter.id}")
            with tag("div", "half"):
                with tag("div", "chart small"):
                    chart(t, one, readings)
                with tag("div"):
                    self._facts()
                    if visit.who.may(Right.KEEP_ACCOUNTS):
                        self._fields()

    def _facts(self) -> None:
        t, one = self._visit.t, self._found.suspicion
        unit = metrics()[one.metric].unit
        unit = UNITS.get(unit, unit)
        now = self._visit.board.services.clock()
        nothing = one.kind is Kind.TWO_DEVICES
        booked = t("review_nothing_booked") if nothing else f"{number(one.booked)} {unit} · {t('review_estimated')}"
        facts = [
            ("review_before", f"{number(one.before[1])} {unit} · {t.moment(one.before[0], now)}"),
            ("review_after", f"{number(one.after[1])} {unit} · {t.moment(one.after[0], now)}"),
            ("review_booked", booked),
        ]
        facts += [
            (f"review_why_{name}", self._evidence(name, value, unit))
            for name, value in one.evidence.items()
            if name in EVIDENCE
        ]
        with tag("dl", "facts"):
            for key, words in facts:
                text("dt", t(key))
                text("dd", words)

    def _evidence(self, name: str, value: float | str, unit: str) -> str:
        if isinstance(value, str):  # which of the readings a person gave
            return self._visit.t("comma").join(self._visit.t(f"epoch_{word}") for word in value.split())
        return f"{value:,.6g} {unit if name in IN_UNITS else ''}".strip()

    def _fields(self) -> None:
        t, form = self._visit.t, self._form
        form.rest_here()
        with tag("div", "form-foot"):
            form.line("note", t("review_note"), hint=t("review_note_hint"))
            for name in NUMBERS:
                if name in WRITTEN[self._found.suspicion.kind]:
                    form.line(name, t(f"epoch_{name}"), kind="text")
        with tag("div", "bar-of-filters"):
            for verb in DECISIONS:
                style = "button main" if verb == "confirm" else "button"
                button(t(f"review_{verb}"), partial(self._decide, verb), style, title=t(f"review_{verb}_hint"))

    async def _decide(self, verb: str) -> None:
        """Write the decision down, or say what is wrong with it."""
        visit, t, form = self._visit, self._visit.t, self._form
        one, services = self._found.suspicion, self._visit.board.services
        numbers, mistakes = read_numbers(visit, form, [name for name in NUMBERS if name in WRITTEN[one.kind]])
        if not form.word("note"):
            mistakes.append(Mistake("note", None, "请填写说明。", "Say why."))
        standing, now = DECISIONS[verb], services.clock()
        wish = Wish(one.kind, one.at, one.metric, **numbers) if standing is Standing.CORRECTED else None  # type: ignore[arg-type]  # numbers by their names
        checked = decide(self._meter, one, standing, wish, note=form.word("note"), who=visit.who.name, now=now)
        mistakes += checked.mistakes
        form.tell(mistakes, t.language)
        if mistakes or checked.epoch is None:
            return
        try:
            present = await asyncio.to_thread(suspicions.one, services.engine, self._found.id)
            if present is None or present.state is not State.OPEN:
                form.say(t("review_gone"))
                return
            await asyncio.to_thread(epochs.record, services.engine, checked.epoch, now=now)
        except OperationalError:
            form.say(t("database_down"))
            return
        what = f"{self._meter.id} {t(f'epoch_kind_{one.kind}')} · {t(f'epoch_standing_{standing}')}"
        await self._decided(t("review_done", what=what))


def read_numbers(visit: Visit, form: Form, names: list[str]) -> tuple[dict[str, float], list[Mistake]]:
    """Read the numbers of a form; those that are none are mistakes."""
    numbers: dict[str, float] = {}
    mistakes: list[Mistake] = []
    for name in names:
        word = form.word(name).replace(",", "")
        if not word:
            continue
        try:
            value = float(word)
        except ValueError:
            value = inf
        if isfinite(value):
            numbers[name] = value
        else:
            words = visit.t("epoch_no_number", field=visit.t(f"epoch_{name}"))
            mistakes.append(Mistake(name, None, words, words))
    return numbers, mistakes
