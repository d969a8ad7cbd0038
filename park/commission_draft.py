"""The registry entry of a sender that nobody registered, as far as it can be told from what it sends.

What no message tells is left for a person: whose it is, what it is called, its multiplier.
"""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from park import period
from park.commission import Sender
from park.commission_guess import NAMES, Guess
from park.malformed import Malformed
from park.metric import Medium, metrics
from park.place import Role
from park.registry import Registry
from park.topic import PREFIX, Address, parse

SLUG = re.compile(r"[^a-z0-9_-]+")
LONGEST_ID: Final = 64
ROLES: Final = {Medium.SAFETY: Role.DETECTOR, Medium.EMISSION: Role.OUTLET}


class Draft(NamedTuple):
    """An entry, not yet checked, and what a person must say or look at."""

    document: dict[str, object]
    """As the registry file has a meter."""
    asked: tuple[str, ...]
    """Keys that no message tells."""
    left_out: tuple[str, ...]
    """Metrics it sends that its medium does not have."""


def draft(
    sender: Sender,
    guess: Guess | None,
    registry: Registry,
    *,
    prefix: str = PREFIX,
    chosen: Mapping[str, str] | None = None,
    medium: Medium | None = None,
) -> Draft:
    """Draft the entry of a sender; `chosen` gives some of its strange names their metrics, `medium` overrules ours."""
    address = _address(sender, prefix)
    wanted = dict.fromkeys([*(guess.metrics if guess else ()), *(chosen or {}).values()])
    medium = medium or _medium(list(wanted))
    fitting = [name for name in wanted if name in metrics() and medium in metrics()[name].media]
    enterprises = [each.id for each in registry.enterprises]
    if address is not None and address.enterprise in enterprises:
        enterprise = address.enterprise
    else:
        enterprise = enterprises[0] if len(enterprises) == 1 else ""
    document: dict[str, object] = {
        "id": address.meter if address else _free(sender, registry),
        "enterprise": enterprise,
        "medium": medium.value,
        "role": _role(guess, medium).value,
        "name": "",
        "period": period.write(sender.period),
        "metrics": fitting,
        "codec": _codec(guess, fitting, chosen or {}),
    }
    asked = ["name", "role"]
    asked += [] if enterprise else ["enterprise"]
    asked += [] if fitting else ["metrics"]
    asked += ["multiplier"] if any(metrics()[name].scaled for name in fitting) else []
    return Draft(document, tuple(asked), tuple(name for name in wanted if name not in fitting))


def _role(guess: Guess | None, medium: Medium) -> Role:
    """Guess what it stands for: a logger of HJ 212 stands at an outlet, whatever flows there."""
    return Role.OUTLET if guess is not None and guess.codec == "hj212" else ROLES.get(medium, Role.SUB)


def _address(sender: Sender, prefix: str) -> Address | None:
    """Find what a topic of the contract says of its meter."""
    try:
        return parse(sender.topics[0], prefix)
    except Malformed:
        return None


def _medium(names: list[str]) -> Medium:
    """Choose the medium that has most of the metrics."""
    known = [metrics()[name] for name in names if name in metrics()]
    return max(Medium, key=lambda medium: sum(medium in metric.media for metric in known))


def _free(sender: Sender, registry: Registry) -> str:
    """Make an id of the sender's name that no meter has."""
    slug = SLUG.sub("-", sender.name.lower()).strip("-")[-LONGEST_ID:].strip("-") or f"device-{sender.id[:6]}"
    name, number = slug, 1
    while name in registry.by_meter:
        number += 1
        tail = f"-{number}"
        name = slug[: LONGEST_ID - len(tail)] + tail
    return name


def _codec(guess: Guess | None, fitting: list[str], chosen: Mapping[str, str]) -> object:
    """Write the codec; where it uses names of its own, those that are left out are left out on purpose."""
    if guess is None:
        return "native"
    options = dict(guess.options)
    key = NAMES.get(guess.codec)
    if key is not None and (guess.strange or chosen):
        own = {} if guess.codec == "json" else {name: name for name in fitting if name in guess.metrics}
        names = own | {name: metric for name, metric in chosen.items() if metric in fitting}
        options |= {key: names} if names else {}
    return {guess.codec: options} if options else guess.codec
