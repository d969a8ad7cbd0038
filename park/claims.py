"""Which event in a register's readings a person's epoch is about."""

from collections.abc import Collection, Sequence

import numpy as np

from park.epoch import REACH_MS, Epoch, Kind
from park.instant import to_ms
from park.series import Ints


def claims(
    at: Ints, breaks: Collection[int], torn: Collection[int], epochs: Sequence[Epoch], *, marked: bool
) -> dict[int, list[Epoch]]:
    """Give the epochs of each pair of believed readings, by the place of the reading before.

    An epoch is about the nearest break within its reach that no other took; where the register shows none, it is about
    the pair around its instant.  What lies before a mark was booked before.
    """
    found: dict[int, list[Epoch]] = {}
    for epoch in epochs:
        ms = to_ms(epoch.at)
        if epoch.rejected or epoch.kind is Kind.TWO_DEVICES or (marked and ms <= at[0]):
            continue
        first = int(np.searchsorted(at[1:], ms - REACH_MS, "right"))
        last = int(np.searchsorted(at[:-1], ms + REACH_MS, "left"))
        near = [place for place in range(first, last) if place in breaks and place not in found and place not in torn]
        straddling = int(np.searchsorted(at, ms, "left")) - 1
        if near and epoch.kind is not Kind.MULTIPLIER:
            found[min(near, key=lambda place: _off(at, place, ms))] = [epoch]
        elif 0 <= straddling < len(at) - 1 and straddling not in torn and not _plays_on(epoch, straddling, breaks):
            found.setdefault(straddling, []).append(epoch)
    return found


def _plays_on(epoch: Epoch, place: int, breaks: Collection[int]) -> bool:
    """Tell whether the register is said to have gone on where it broke: then the break is another event."""
    return epoch.kind is Kind.MULTIPLIER and place in breaks


def _off(at: Ints, place: int, ms: int) -> int:
    """Give how far an instant lies from a pair."""
    return int(max(at[place] - ms, ms - at[place + 1], 0))


def waits(epochs: Sequence[Epoch]) -> list[tuple[int, int]]:
    """Give the reaches of epochs: which readings an epoch is about is known once all within its reach are."""
    return [
        (to_ms(each.at) - REACH_MS, to_ms(each.at) + REACH_MS) for each in epochs if each.kind is not Kind.TWO_DEVICES
    ]
