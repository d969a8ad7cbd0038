"""The panel of one acceptance that goes on: how far it is, what was found so far, and what can be done."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Final

from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement

from api.acceptances import Run
from api.console.frame import Visit
from api.console.parts import button, tag, text
from park.acceptance.examine import Acceptance
from park.acceptance.heard import Session
from park.acceptance.item import NAMES, Item, Verdict

MARKS: Final = {Verdict.PASS: "✓", Verdict.NOTE: "·", Verdict.FAIL: "✗"}


class RunPanel:
    """One acceptance."""

    def __init__(
        self,
        visit: Visit,
        run: Run,
        conclude: Callable[[], Awaitable[None]],
        drop: Callable[[], Awaitable[None]],
    ) -> None:
        self._visit = visit
        self._run = run
        t = visit.t
        self._lines: dict[Item, tuple[Element, TextElement, TextElement]] = {}
        with tag("section", "panel acceptance") as self.box:
            with tag("header", "panel-head"):
                text("h2", f"{run.meter.id} · {t.pick(run.meter.name, run.meter.name_en)}")
                self._far = text("span", "", "sub", role="status")
            with tag("div", "panel-body"):
                self._said = text("p", "", "note")
                with tag("div", "meter-line", role="presentation"):
                    self._bar = tag("div", "fill")
                with tag("div", "form-foot"):
                    self._plug = button(t("acceptance_plug"), self._pull)
                    button(t("acceptance_conclude"), conclude, "button main")
                    button(t("acceptance_drop"), drop)
                with tag("ul", "findings"):
                    for item in Item:
                        self._line(item)

    def _line(self, item: Item) -> None:
        t = self._visit.t
        with tag("li", "is-note") as line:
            mark = text("span", MARKS[Verdict.NOTE], "verdict", aria_hidden="true")
            text("b", t.pick(*NAMES[item]))
            sentence = text("span", "")
        self._lines[item] = (line, mark, sentence)

    async def show(self) -> None:
        """Bring it up to date."""
        run, t = self._run, self._visit.t
        session, found = await asyncio.to_thread(_look, run)
        share = min(1.0, session.lasted / run.lasts)
        self._bar.style(f"width: {share:.0%}")
        seconds = int(session.lasted.total_seconds())
        self._far.set_text(
            t(
                "acceptance_far",
                m=f"{seconds // 60}:{seconds % 60:02}",
                of=f"{run.lasts.total_seconds() / 60:g}",
                n=found.messages,
            )
        )
        self._said.set_text(self._words(session, found, share))
        for one in found.findings:
            line, mark, sentence = self._lines[one.item]
            mark.set_text(MARKS[one.verdict])
            sentence.set_text(one.sentence(t.language))
            line.classes(replace=f"is-{one.verdict.value}")
        if session.plug is not None:
            self._plug.set_text(t("acceptance_plug_again"))

    def _words(self, session: Session, found: Acceptance, share: float) -> str:
        t = self._visit.t
        if trouble := self._run.failed or self._run.ear.trouble:
            return t("acceptance_trouble", why=trouble)
        if session.plug is not None and session.plug.until is None:
            at = t.moment(session.plug.asked, self._visit.board.services.clock())
            return t("acceptance_pulled", at=at)
        counts = Counter(one.verdict for one in found.findings)
        key = "acceptance_so_far" if share < 1 else "acceptance_enough"
        return t(key, p=counts[Verdict.PASS], f=counts[Verdict.FAIL], n=counts[Verdict.NOTE])

    async def _pull(self) -> None:
        self._run.ear.pull_plug()
        await self.show()


def _look(run: Run) -> tuple[Session, Acceptance]:
    return run.ear.session(), run.so_far()
