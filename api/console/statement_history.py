"""Every revision of a statement: who changed what, when and why."""

from collections.abc import Sequence

from api.console.frame import Visit
from api.console.parts import panel, tag, text
from api.console.statement_words import differences, figure
from park.statement import Statement


def revisions(visit: Visit, history: Sequence[Statement]) -> None:
    """Draw the revisions, the newest first; nothing where there is none."""
    t = visit.t
    if not history:
        return
    with panel(t("statements_history"), body="flush", sub=t("statements_history_sub")), tag("ol", "revisions"):
        before = (None, *history)
        for old, new in reversed(list(zip(before, history, strict=False))):
            with tag("li"):
                with tag("p"):
                    text("strong", t("statements_revision", n=new.revision))
                    text("span", t(f"statements_state_{new.status.value}"), f"badge {new.status.value}")
                    when = f"{new.at.astimezone(t.zone):%Y-%m-%d %H:%M}" if new.at else ""
                    text("span", f"{new.who} · {when}", "note")
                if new.reason:
                    text("p", new.reason, "reason")
                with tag("ul", "changes"):
                    for line, then, now in differences(old, new):
                        words = figure(now) if old is None else f"{figure(then)} → {figure(now)}"
                        text("li", f"{line.called(t.language)}: {words} {line.unit}")
