"""A policy as it is entered and kept: checked whole, and refused whole with every mistake."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from park.carrier import Sort, carriers
from park.factor import REGIONS, Basis
from park.factor_entry import Entry
from park.factor_table import sets
from park.mistake import Mistake
from park.policy import FOSSIL, RESIDUAL, Loss, Policy

FIELDS = (
    "basis", "region", "fallback", "sets", "counted", "self_generated", "residual", "feed_water_kj_kg",
    "final_coverage", "losses", "reason",
)  # fmt: skip
MOST_FEED_WATER = 1_000


class PolicyMistaken(ValueError):
    """A policy that cannot be taken; names every mistake."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        super().__init__("; ".join(f"{one.path}: {one.en}" for one in mistakes))
        self.mistakes = mistakes


def media() -> tuple[str, ...]:
    """Give the carriers a policy may count or not."""
    return tuple(one.name for one in carriers().values() if one.sort is Sort.MEDIUM)


def read(document: Mapping[str, Any], base: Policy) -> Policy:
    """Give a policy with what a document says, and for the rest what it was.  Raises PolicyMistaken."""
    entry = Entry(document)
    entry.known(FIELDS)
    basis = entry.choice("basis", tuple(one.value for one in Basis), needed=False)
    region = entry.choice("region", tuple(REGIONS), needed=False)
    residual = entry.choice("residual", (RESIDUAL, FOSSIL), needed=False)
    made = replace(
        base,
        basis=Basis(basis) if basis else base.basis,
        region=region or base.region,
        residual=residual or base.residual,
        fallback=entry.flag("fallback", default=base.fallback),
        self_generated=entry.flag("self_generated", default=base.self_generated),
        sets=entry.some("sets", tuple(sets()), default=base.sets),
        counted=frozenset(entry.some("counted", media(), default=tuple(sorted(base.counted)))),
        feed_water_kj_kg=entry.between("feed_water_kj_kg", 0, MOST_FEED_WATER, default=base.feed_water_kj_kg),
        final_coverage=entry.between("final_coverage", 0, 1, default=base.final_coverage),
        losses=_losses(entry, base) if "losses" in document else base.losses,
        reason=entry.optional("reason"),
    )
    if "sets" in document and not made.sets:
        entry.mistake("sets", "至少采用一个因子集。", "Take at least one set.")
    entry.finish(PolicyMistaken)
    return made


def dump(policy: Policy) -> dict[str, Any]:
    """Write a policy as a document: `read` gives it back."""
    return {
        "basis": policy.basis.value,
        "region": policy.region,
        "fallback": policy.fallback,
        "sets": list(policy.sets),
        "counted": sorted(policy.counted),
        "self_generated": policy.self_generated,
        "residual": policy.residual,
        "feed_water_kj_kg": policy.feed_water_kj_kg,
        "final_coverage": policy.final_coverage,
        "losses": {one.carrier: [one.low, one.high] for one in policy.losses},
    }


def _losses(entry: Entry, base: Policy) -> tuple[Loss, ...]:
    """Read bounds of loss by carrier, as {"electricity": [0, 0.05]}."""
    inner = entry.inner("losses", tuple(carriers()))
    made = []
    for carrier in inner.names():
        bounds = inner.pair(carrier)
        if bounds is None:
            continue
        low, high = bounds
        if not -1 <= low < high <= 1:
            inner.mistake(
                carrier, "应为下限小于上限的两个比例, 如 [0, 0.05]。", "Two shares, the lower first, as [0, 0.05]."
            )
            continue
        made.append(Loss(carrier, low, high))
    return tuple(made) if made or not inner.names() else base.losses
