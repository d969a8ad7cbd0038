"""A line for those who mend things: the collector beside us is in trouble, what that means, and how to mend it."""

from api import trouble
from api.console.board import Pulse
from api.console.frame import Visit
from api.console.parts import tag, text
from park.principal import Right


def collector_notice(visit: Visit) -> None:
    """Put the line here, hidden until there is something to say; only who may mend it sees it.

    A broker that is away is said by the frame already, to everybody.
    """
    if not visit.who.may(Right.KEEP_QUARANTINE):
        return
    t = visit.t
    with tag("p", "notice", role="status") as notice:
        words = text("span")
    notice.set_visibility(visible=False)

    def tell(pulse: Pulse) -> None:
        stages = [stage for stage in pulse.troubled if pulse.connected or stage != "broker"]
        words.set_text(t("collector_trouble", what=trouble.sentence(stages, t.language)) if stages else "")
        notice.set_visibility(bool(stages))

    visit.every_second(tell)
