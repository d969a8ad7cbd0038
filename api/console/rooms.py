"""The rooms of the console beside its first pages: an address, what is shown there, and who may come in.

Adding a room adds a row.  `build` is given the visit and the request, and gives the page's title.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import Request

from api.console import (
    acceptance,
    activities,
    alarm_quality,
    alert,
    alerts,
    balance,
    carbon,
    closing,
    commissioning,
    commissioning_form,
    dashboards,
    energy,
    evaluation,
    evaluation_sheet,
    explain,
    factors,
    handover_page,
    intensity,
    projects,
    quality,
    receivers_page,
    review,
    review_meter,
    roster_page,
    rule_page,
    rules_page,
    site_plan,
    statement_file,
    statement_form,
    statements,
    swap,
    targets,
)
from api.console.frame import Visit
from api.console.parts import tag, text
from park.principal import Principal, Right

Build = Callable[[Visit, Request], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Room:
    """One page of a section."""

    path: str
    key: str
    """Its name in the row of rooms: the word `room_<key>`."""
    build: Build
    right: Right = Right.SEE
    whole_park: bool = False
    """Not for an enterprise's own user."""
    listed: bool = True
    """Whether it stands in the row; what is reached from another page does not."""
    section: str = "accounts"
    """The entry of the navigation it belongs to: the word `nav_<section>`."""

    def open_to(self, who: Principal) -> bool:
        """Tell whether somebody may come in."""
        return who.may(self.right) and not (self.whole_park and who.enterprise is not None)


ROOMS: tuple[Room, ...] = (
    Room("/intensity", "intensity", intensity.build),
    Room("/energy", "energy", energy.build),
    Room("/carbon", "carbon", carbon.build),
    Room("/explain/{id}", "explain", explain.build, listed=False),
    Room("/evaluation", "evaluation", evaluation.build),
    Room("/evaluation/{enterprise}", "evaluation_sheet", evaluation_sheet.build, listed=False),
    Room("/targets", "targets", targets.build, whole_park=True),
    Room("/projects", "projects", projects.build, whole_park=True),
    Room("/statements", "statements", statements.build),
    Room("/statements/activities", "activities", activities.build, listed=False),
    Room("/statements/import", "import", statement_file.build, Right.KEEP_STATEMENTS, listed=False),
    Room("/statements/{enterprise}/{term}", "statement", statement_form.build, listed=False),
    Room("/balance", "balance", balance.build),
    Room("/quality", "quality", quality.build),
    Room("/review", "review", review.build, whole_park=True),
    Room("/review/{meter}", "review_meter", review_meter.build, Right.KEEP_ACCOUNTS, whole_park=True, listed=False),
    Room("/factors", "factors", factors.build),
    Room("/closing", "closing", closing.build, whole_park=True),
    Room("/dashboards", "dashboards", dashboards.build, whole_park=True),
    Room("/alerts", "alerts", alerts.build, section="alerts"),
    Room("/alerts/{rule}/{meter}", "alert", alert.build, listed=False, section="alerts"),
    Room("/plan", "plan", site_plan.build, section="alerts"),
    Room("/handover", "handover", handover_page.build, whole_park=True, section="alerts"),
    Room("/alarm-quality", "alarm_quality", alarm_quality.build, section="alerts"),
    Room("/rules", "rules", rules_page.build, section="alerts"),
    Room("/rules/{id}", "rule", rule_page.build, listed=False, section="alerts"),
    Room("/receivers", "receivers", receivers_page.build, whole_park=True, section="alerts"),
    Room("/roster", "roster", roster_page.build, whole_park=True, section="alerts"),
    Room("/acceptance", "acceptance", acceptance.build, section="meters"),
    Room(
        "/commissioning", "commissioning", commissioning.build, Right.SEE_QUARANTINE, whole_park=True, section="meters"
    ),
    Room(
        "/commissioning/{id}",
        "commission",
        commissioning_form.build,
        Right.KEEP_REGISTRY,
        whole_park=True,
        listed=False,
        section="meters",
    ),
    Room("/swap/{meter}", "swap", swap.build, Right.KEEP_ACCOUNTS, whole_park=True, listed=False, section="meters"),
)


def row(visit: Visit, here: Room | None, section: str) -> None:
    """Draw the row of a section's rooms a visitor may enter, above the content of one of them or of its first page."""
    open_rooms = [room for room in ROOMS if room.section == section and room.listed and room.open_to(visit.who)]
    if here is None and not open_rooms:
        return
    with tag("nav", "rooms", aria_label=visit.t(f"nav_{section}")):
        for room in open_rooms:
            entry = text("a", visit.t(f"room_{room.key}"), href=room.path)
            if room is here:
                entry.props["aria-current"] = "page"
