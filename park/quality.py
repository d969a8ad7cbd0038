"""How far a reading may be trusted."""

from enum import IntFlag


class Quality(IntFlag):
    """What is known against a reading, as bits of one small integer; 0 is good.

    HJ 212 data flags map onto these (facts: N good, M maintenance, C calibration, D fault, F stopped, S substituted).
    """

    GOOD = 0
    UNCERTAIN = 1
    """The device itself doubts the value."""
    ESTIMATED = 2
    """Computed from neighbours or a profile, not measured."""
    SUBSTITUTED = 4
    """Set by hand in place of a measurement."""
    MAINTENANCE = 8
    CALIBRATION = 16
    FAULT = 32
    STOPPED = 64
    """The installation behind the sensor is out of use (停炉); the value says nothing about emissions."""
    RECEIVE_TIME = 128
    """The device gave no time: `at` is when we received the message."""
    IMPLAUSIBLE = 256
    """Outside the metric's plausible range.  Kept and shown, because a real leak reads like a broken sensor."""


BY_NAME = {flag.name.lower(): flag for flag in Quality if flag.name} | {"good": Quality.GOOD}


def names(quality: int) -> tuple[str, ...]:
    """Name every bit that is set, or `good`; bits of a newer version show as their number."""
    known = tuple(name for name, flag in BY_NAME.items() if flag and flag & quality)
    rest = quality & ~int(sum(BY_NAME.values()))
    return known + ((str(rest),) if rest else ()) or ("good",)
