"""What if: a slider a weight, a number a benchmark, and who moves, side by side; nothing of it is kept."""

import asyncio
from math import isfinite

from nicegui.elements.mixins.text_element import TextElement

from api.console.evaluation_picture import chip
from api.console.evaluation_read import Look
from api.console.frame import Visit
from api.console.parts import button, panel, tag, text
from api.console.tongue import MISSING, number
from park.evaluation.evaluate import evaluate
from park.evaluation.indicator import indicators
from park.evaluation.result import Evaluation
from park.evaluation.scheme import Benchmark, Cohort, Method, Scheme
from park.evaluation.whatif import Change, Shift, changed, compare, rescaled

MOST = 60
VALUE = "(event) => emit(event.target.value)"


class WhatIfPanel:
    """The sliders and the comparison; made once, the comparison refilled."""

    def __init__(self, visit: Visit, look: Look, result: Evaluation) -> None:
        self._visit, self._look, self._result = visit, look, result
        self._rules: Scheme = look.rules
        t = visit.t
        self._labels: dict[tuple[str, str], TextElement] = {}
        self._sliders: dict[tuple[str, str], TextElement] = {}
        with panel(t("eval_what_if"), "no-print", sub=t("eval_what_if_sub")):
            with tag("div", "half"):
                with tag("div", "stack"):
                    for cohort in self._rules.cohorts:
                        if any(one.cohort == cohort.key for one in result.results):
                            self._cohort(cohort)
                    with tag("div"):
                        button(t("eval_reset"), self._reset)
                self._moves = tag("div", "scroll", role="status")
            with self._moves:
                text("p", t("eval_move_hint"), "note")

    def _cohort(self, cohort: Cohort) -> None:
        t = self._visit.t
        with tag("div"):
            text("h3", t.pick(cohort.name, cohort.name_en), "eval-cohort")
            for item in cohort.items:
                key = (cohort.key, item.key)
                indicator = indicators()[item.key]
                name = t.pick(indicator.zh, indicator.en)
                with tag("div", "slider"):
                    text("span", name)
                    slider = text("input", "", type="range", min="1", max="99", step="1", value=f"{item.weight:.0f}",
                                  aria_label=f"{t('eval_th_weight')} {name}")  # fmt: skip
                    self._sliders[key] = slider
                    self._labels[key] = text("b", f"{item.weight:g}", "num")
                    slider.on("change", lambda event, key=key: self._weigh(key, str(event.args)), js_handler=VALUE)
                    if item.method is Method.RATIO:
                        field = tag("input", type="number", step="any", min="0", placeholder=self._benchmark(key),
                                    aria_label=f"{t('eval_th_benchmark')} {name}")  # fmt: skip
                        field.on("change", lambda event, key=key: self._hold(key, str(event.args)), js_handler=VALUE)

    def _benchmark(self, key: tuple[str, str]) -> str:
        """Give what an indicator is held against now, as the hint of its field."""
        group = next(group for group in self._result.groups if group.key == key[0])
        held = next(one for one in group.standards if one.key == key[1])
        return number(held.benchmark)

    async def _weigh(self, key: tuple[str, str], value: str) -> None:
        weight = _number(value)
        if weight is None:
            return
        changes = rescaled(self._rules.cohort(key[0]), key[1], weight)
        await self._apply(changed(self._rules, changes))

    async def _hold(self, key: tuple[str, str], value: str) -> None:
        found = _number(value)
        if found is None or found <= 0:
            original = {item.key: item.benchmark for item in self._look.rules.cohort(key[0]).items}[key[1]]
        else:
            original = Benchmark(fixed=found)
        await self._apply(changed(self._rules, [Change(key[0], key[1], benchmark=original)]))

    async def _reset(self) -> None:
        await self._apply(self._look.rules)

    async def _apply(self, rules: Scheme) -> None:
        self._rules = rules
        for cohort in rules.cohorts:
            for item in cohort.items:
                key = (cohort.key, item.key)
                if key in self._labels:
                    self._labels[key].set_text(f"{item.weight:.1f}")
                    self._sliders[key].props["value"] = f"{item.weight:.0f}"
        inputs = self._look.inputs
        if inputs is None:
            return
        after = await asyncio.to_thread(evaluate, rules, inputs.subjects, months=inputs.months)
        self._show([shift for shift in compare(self._result, after) if shift.total[0] is not None])

    def _show(self, shifts: list[Shift]) -> None:
        t = self._visit.t
        moved = sorted((one for one in shifts if one.moved), key=lambda one: (one.rank[1] or 0, one.id))
        self._moves.clear()
        with self._moves:
            text("p", t("eval_moved", n=len(moved), of=len(shifts)), "note")
            if not moved:
                return
            with tag("table", "grid tight"):
                with tag("thead"), tag("tr"):
                    for name in ("col_enterprise", "eval_total", "eval_rank", "eval_grade"):
                        text("th", t(name), "" if name == "col_enterprise" else "n", scope="col")
                with tag("tbody"):
                    for one in moved[:MOST]:
                        self._row(one)

    def _row(self, one: Shift) -> None:
        before, after = one.rank
        way = "" if before is None or after is None or before == after else " up" if after < before else " down"
        with tag("tr"):
            text("td", self._visit.t.pick(one.name, one.name_en), "name")
            text("td", f"{number(one.total[0])} → {number(one.total[1])}", "n")
            text("td", f"{before or MISSING} → {after or MISSING}", f"n{way}")
            with tag("td", "n"):
                chip(one.grade[0])
                text("span", " → ")
                chip(one.grade[1])


def _number(value: str) -> float | None:
    try:
        found = float(value)
    except ValueError:
        return None
    return found if isfinite(found) else None
