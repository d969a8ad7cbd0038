"""What stands where there is nothing to show yet, and what to do next."""

from api.console.parts import link, tag, text
from api.console.tongue import Tongue
from park.term import Term


def registry(t: Tongue) -> None:
    """Say that nothing is registered."""
    with tag("section", "panel"), tag("div", "empty"):
        text("h2", t("empty_registry_title"))
        text("p", t("empty_registry"))
        text("code", "smartpark registry import park.yaml")


def figures(t: Tongue, term: Term) -> None:
    """Say that a term has no figures."""
    with tag("section", "panel"), tag("div", "empty"):
        text("h2", t("fig_empty_title", term=term))
        text("p", t("fig_empty"))
        with tag("p", "act"):
            link(t("fig_to_meters"), "/meters", "button")
            link(t("fig_to_statements"), "/statements", "button main")
