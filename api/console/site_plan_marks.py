"""How points of the plan look: a shape, a colour and a word for each state, and a pulse where nobody looks after it."""

from collections import Counter
from collections.abc import Sequence
from html import escape

from api import alert_words
from api.console.alarm import title
from api.console.alert_marks import SHAPES
from api.console.frame import Visit
from api.console.tongue import Tongue
from park.severity import Severity
from park.site_plan import Place, Point, State

QUIET = {
    State.CALM: '<circle cx="12" cy="12" r="6"/>',
    State.SILENT: '<path d="m6 6 12 12M18 6 6 18" fill="none" stroke="currentcolor" stroke-width="3"/>',
    State.NEVER: '<circle cx="12" cy="12" r="6" fill="none" stroke="currentcolor" stroke-width="2.500"/>',
}


def point(visit: Visit, one: Point, place: Place | None) -> str:
    """Write one point: it leads to its alert, or to its meter."""
    t, alert = visit.t, one.alert
    name = t.pick(one.subject.name, one.subject.name_en)
    word = state_word(t, one.state, one.severity)
    more = t("site_plan_more", n=one.more) if one.more else ""
    said = " · ".join(filter(None, [word, name if alert is None else title(visit, alert), more]))
    target = f"/meters/{one.subject.id}" if alert is None else f"/alerts/{alert.rule}/{alert.meter}"
    where = "" if place is None else f' style="left: {place.x:.4%}; top: {place.y:.4%}"'
    shown = f"<b>{escape(word)}</b>" if alert is not None else ""
    classes = f"plan-point {_look(one.state, one.severity)}{' waits' if one.waits else ''}"
    return (
        f'<a class="{classes}" href="{escape(target)}" data-meter="{escape(one.subject.id)}" '
        f'title="{escape(said)}" aria-label="{escape(said)}"{where}>'
        f"{_shape(one.state, one.severity)}{shown}</a>"
    )


def legend(t: Tongue, found: Sequence[Point]) -> str:
    """Write each state that there is, with how many points it has; the gravest first."""
    counted = Counter((one.state, one.severity) for one in found)
    kinds: list[tuple[State, Severity | None]] = [(State.BURNING, one) for one in reversed(Severity)]
    kinds += [(state, None) for state in (State.SILENT, State.NEVER, State.CALM)]
    entries = [
        f'<span class="plan-key {_look(*kind)}">{_shape(*kind)} {escape(state_word(t, *kind))} '
        f"<b>{counted[kind]:,}</b></span>"
        for kind in kinds
        if counted[kind]
    ]
    if any(one.waits for one in found):
        entries.append(f'<span class="plan-key">{escape(t("site_plan_blinks"))}</span>')
    return f'<span class="visually-hidden">{escape(t("site_plan_legend"))}</span>{"".join(entries)}'


def state_word(t: Tongue, state: State, severity: Severity | None) -> str:
    """Say how a point stands."""
    if severity is not None:
        return alert_words.severity(severity, t.language)
    return t(f"site_plan_state_{state}")


def _look(state: State, severity: Severity | None) -> str:
    return f"is-{state}" if severity is None else f"is-{state} sev-{severity.word}"


def _shape(state: State, severity: Severity | None) -> str:
    inner = QUIET[state] if severity is None else SHAPES[severity]
    return f'<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">{inner}</svg>'
