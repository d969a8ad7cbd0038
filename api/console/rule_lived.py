"""An example beside a rule as a picture: the readings in a row, and under each the state the rule leads to."""

from itertools import groupby

from api import alert_words
from api.alert_view import unit_of
from api.console.frame import Visit
from api.console.parts import tag, text
from api.console.tongue import number
from park.message import lasting
from park.rule import Rule
from park.timeline import LETTERS, Timeline

MOST = 60
"""Cells; what repeats is one."""


def lived(visit: Visit, rule: Rule, timeline: Timeline) -> None:
    """Draw one example."""
    t = visit.t
    words = {letter: alert_words.say(alert_words.PHASES[phase], t.language) for phase, letter in LETTERS.items()}
    text("p", f"{timeline.name} · {t('rules_timeline_every', every=lasting(timeline.every, t.language))}", "note")
    metrics = [name for name in timeline.values if name]
    unit = unit_of(metrics[0]) if len(metrics) == 1 else ""
    with tag("ol", "lived", aria_label=f"{rule.id}: {timeline.name}"):
        cells = [(_values(timeline, place), letter) for place, letter in enumerate(timeline.phases)]
        for (values, letter), same in list(groupby(cells))[:MOST]:
            times = len(list(same))
            with tag("li", letter if letter.isalpha() else "", title=words[letter]):
                text("span", values + (f" {unit}" if unit and values != "—" else ""))
                text("b", words[letter] + (f" ×{times}" if times > 1 else ""))


def _values(timeline: Timeline, place: int) -> str:
    return " / ".join(number(column[place]) for column in timeline.values.values())
