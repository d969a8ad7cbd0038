"""What a person says of a register is checked whole: every mistake, at its place, in both languages."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from park.declaration import NUMBERS, WRITTEN, Wish, decide, declare, registers
from park.epoch import Kind, Standing
from park.metric import Medium
from park.place import Meter, Register, Role
from park.suspicion import Suspicion

NOW = datetime(2026, 11, 23, tzinfo=UTC)
AT = NOW - timedelta(days=2)
METER = Meter(
    "m1", "e01", "hk", Medium.ELECTRICITY, Role.BOUNDARY, "总表", timedelta(seconds=15), ("p", "ep_imp"),
    register=Register(100_000.0, "2000 kW"),
)  # fmt: skip
BOTH_WAYS = replace(METER, metrics=("p", "ep_imp", "ep_exp"))
GAUGE = replace(METER, metrics=("p",))
PLAIN = replace(METER, register=Register())
FOUND = Suspicion("m1", "ep_imp", AT, Kind.RESET, (AT, 50_000.0), (AT, 3.0), 3.0, {})

GOOD = {
    "a swap with what both meters showed": Wish(Kind.REPLACEMENT, AT, closing=5021.5, opening=0.1),
    "a swap of which nobody wrote down the readings": Wish(Kind.REPLACEMENT, AT),
    "a swap by one with another multiplier": Wish(Kind.REPLACEMENT, AT, closing=1.0, opening=0.0, multiplier=200.0),
    "a reset": Wish(Kind.RESET, AT),
    "a reset to what the display then showed": Wish(Kind.RESET, AT, closing=99.0, opening=0.0),
    "a rollover at the registered width": Wish(Kind.ROLLOVER, AT),
    "a multiplier that is to come": Wish(Kind.MULTIPLIER, NOW + timedelta(days=3), multiplier=120.0),
    "the register named": Wish(Kind.RESET, AT, metric="ep_imp"),
}
BAD: dict[str, tuple[Meter, Wish, list[str]]] = {
    "no register": (GAUGE, Wish(Kind.RESET, AT), ["metric"]),
    "not a register": (METER, Wish(Kind.RESET, AT, metric="p"), ["metric"]),
    "which register": (BOTH_WAYS, Wish(Kind.RESET, AT), ["metric"]),
    "a swap to come": (METER, Wish(Kind.REPLACEMENT, NOW + timedelta(hours=1)), ["at"]),
    "two devices": (METER, Wish(Kind.TWO_DEVICES, AT), ["kind"]),
    "half a swap": (METER, Wish(Kind.REPLACEMENT, AT, closing=1.0), ["opening"]),
    "the other half": (METER, Wish(Kind.REPLACEMENT, AT, opening=1.0), ["closing"]),
    "no multiplier": (METER, Wish(Kind.MULTIPLIER, AT), ["multiplier"]),
    "no such multiplier": (METER, Wish(Kind.MULTIPLIER, AT, multiplier=0.0), ["multiplier"]),
    "no width anywhere": (PLAIN, Wish(Kind.ROLLOVER, AT), ["width"]),
    "no such width": (PLAIN, Wish(Kind.ROLLOVER, AT, width=-1.0), ["width"]),
    "beyond the width": (METER, Wish(Kind.REPLACEMENT, AT, closing=100_000.0, opening=0.0), ["closing"]),
    "below nothing": (METER, Wish(Kind.RESET, AT, opening=-1.0), ["opening"]),
    "all at once": (
        BOTH_WAYS,
        Wish(Kind.ROLLOVER, NOW + timedelta(days=1), closing=1.0, opening=2.0, multiplier=3.0),
        ["metric", "at", "closing", "opening", "multiplier"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("wish", GOOD.values(), ids=GOOD)
def test_what_is_said_rightly_becomes_an_epoch(wish: Wish) -> None:
    checked = declare(METER, wish._replace(note=" 换表 "), who="王丽", now=NOW)
    assert checked.mistakes == ()
    epoch = checked.epoch
    assert epoch is not None
    assert (epoch.meter, epoch.metric, epoch.standing) == ("m1", "ep_imp", Standing.DECLARED)
    assert (epoch.at, epoch.kind, epoch.note, epoch.who) == (wish.at, wish.kind, "换表", "王丽")
    assert all(getattr(epoch, name) == getattr(wish, name) for name in NUMBERS)


@pytest.mark.parametrize(("meter", "wish", "paths"), BAD.values(), ids=BAD)
def test_every_mistake_is_named_at_its_place_in_both_languages(meter: Meter, wish: Wish, paths: list[str]) -> None:
    checked = declare(meter, wish, who="王丽", now=NOW)
    assert checked.epoch is None
    assert [mistake.path for mistake in checked.mistakes] == paths
    for mistake in checked.mistakes:
        assert mistake.zh.endswith(("。",))
        assert mistake.en.endswith(".")


def test_each_kind_says_which_numbers_it_may_be_told_with() -> None:
    assert set(WRITTEN) == set(Kind)
    for kind, names in WRITTEN.items():
        wish = Wish(kind, AT, **dict.fromkeys(NUMBERS, 1.0))  # type: ignore[arg-type]  # the names are its fields
        refused = {m.path for m in declare(METER, wish, who="x", now=NOW).mistakes} & set(NUMBERS)
        assert refused == set(NUMBERS) - names


@pytest.mark.parametrize("standing", [Standing.CONFIRMED, Standing.REJECTED])
def test_a_decision_has_the_identity_of_what_was_found(standing: Standing) -> None:
    epoch = decide(METER, FOUND, standing, None, note="停电", who="王丽", now=NOW).epoch
    assert epoch is not None
    assert (epoch.meter, epoch.metric, epoch.at, epoch.kind) == (FOUND.meter, FOUND.metric, FOUND.at, FOUND.kind)
    assert (epoch.standing, epoch.note, epoch.closing) == (standing, "停电", None)


def test_a_correction_brings_what_the_display_showed() -> None:
    wish = Wish(Kind.RESET, NOW, closing=50_003.0, opening=0.0)
    epoch = decide(METER, FOUND, Standing.CORRECTED, wish, note="", who="王丽", now=NOW).epoch
    assert epoch is not None
    assert (epoch.at, epoch.closing, epoch.opening) == (AT, 50_003.0, 0.0)


def test_a_correction_without_anything_corrected_is_refused() -> None:
    [mistake] = decide(METER, FOUND, Standing.CORRECTED, None, note="", who="王丽", now=NOW).mistakes
    assert "确认" in mistake.zh


def test_a_rollover_is_not_confirmed_while_nobody_knows_the_width() -> None:
    found = replace(FOUND, kind=Kind.ROLLOVER)
    [mistake] = decide(PLAIN, found, Standing.CONFIRMED, None, note="", who="王丽", now=NOW).mistakes
    assert mistake.path == "width"
    assert decide(PLAIN, found, Standing.REJECTED, None, note="", who="王丽", now=NOW).epoch is not None


def test_registers_are_those_that_count() -> None:
    assert registers(BOTH_WAYS) == ["ep_imp", "ep_exp"]
    assert registers(GAUGE) == []
