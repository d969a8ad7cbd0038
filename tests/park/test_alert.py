"""Alerts as timelines, one letter a minute.

C clear, B breach, S silent; . ok, p pending, F firing, c clearing, L latched.
"""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.alert import Alert, Event, OnSilence, Phase, Timing, Verdict, close, step

T0 = datetime(2026, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LETTER = {Phase.OK: ".", Phase.PENDING: "p", Phase.FIRING: "F", Phase.CLEARING: "c", Phase.LATCHED: "L"}
VERDICT = {"C": Verdict.CLEAR, "B": Verdict.BREACH, "S": Verdict.SILENT}


def play(verdicts: str, timing: Timing) -> tuple[str, list[Event]]:
    alert, phases, events = Alert(Phase.OK, T0), "", []
    for minute, letter in enumerate(verdicts):
        alert, event = step(alert, VERDICT[letter], T0 + minute * MINUTE, timing)
        phases += LETTER[alert.phase]
        events += [event] if event else []
    return phases, events


@pytest.mark.parametrize(
    ("name", "hold", "clear", "silence", "verdicts", "phases"),
    [
        ("a spike shorter than hold says nothing", 2, 0, "keep", "CBCC", ".p.."),
        ("fires once hold has passed",             2, 0, "keep", "CBBBC", ".ppF."),
        ("gas leaks do not wait",                  0, 0, "keep", "CBC", ".F."),
        ("flapping stays one alert",               0, 2, "keep", "BCBCCC", "FcFcc."),
        ("silence keeps a fire burning",           0, 0, "keep", "BSSC", "FFF."),
        ("silence does not age a hold",            2, 0, "keep", "BSSB", "pppF"),
        ("a dead smoke sensor is a breach",        1, 0, "breach", "CSSC", ".pF."),
        ("a dead thermometer is not",              0, 0, "clear", "BSC", "F.."),
    ],
)  # fmt: skip
def test_timelines(*, name: str, hold: int, clear: int, silence: str, verdicts: str, phases: str) -> None:
    timing = Timing(hold * MINUTE, clear * MINUTE, OnSilence(silence))
    assert play(verdicts, timing)[0] == phases, name


@pytest.mark.parametrize(
    ("name", "keep", "latch", "verdicts", "phases"),
    [
        ("what was over at once is still there to be found", 3, False, "BCCCC", "Fcc.."),
        ("what burned long enough need not stay",            3, False, "BBBBC", "FFFF."),
        ("what needs a person waits for one",                0, True,  "BCCC",  "FLLL"),
        ("what waits for a person burns again",              0, True,  "BCB",   "FLF"),
    ],
)  # fmt: skip
def test_what_stays_to_be_seen(*, name: str, keep: int, latch: bool, verdicts: str, phases: str) -> None:
    timing = Timing(timedelta(0), timedelta(0), OnSilence.KEEP, keep * MINUTE, latch)
    assert play(verdicts, timing)[0] == phases, name


timings = st.builds(
    Timing,
    hold=st.integers(0, 4).map(lambda n: n * MINUTE),
    clear_after=st.integers(0, 4).map(lambda n: n * MINUTE),
    on_silence=st.sampled_from(OnSilence),
    keep_firing=st.integers(0, 4).map(lambda n: n * MINUTE),
    latch=st.booleans(),
)


@given(st.text("CBS", max_size=40), timings)
def test_the_world_hears_raised_and_cleared_in_turn(verdicts: str, timing: Timing) -> None:
    events = play(verdicts, timing)[1]
    assert events == [Event.RAISED, Event.CLEARED] * (len(events) // 2) + [Event.RAISED] * (len(events) % 2)


@given(st.text("CS", max_size=40), timings.filter(lambda t: t.on_silence is not OnSilence.BREACH))
def test_nothing_fires_without_a_breach(verdicts: str, timing: Timing) -> None:
    assert play(verdicts, timing)[1] == []


@given(st.text("CBS", min_size=1, max_size=40), timings)
def test_hearing_the_same_thing_twice_changes_nothing(verdicts: str, timing: Timing) -> None:
    alert = Alert(Phase.OK, T0)
    for minute, letter in enumerate(verdicts):
        now = T0 + minute * MINUTE
        alert, _ = step(alert, VERDICT[letter], now, timing)
        again, event = step(alert, VERDICT[letter], now, timing)
        assert (again, event) == (alert, None)


@given(st.text("CBS", max_size=40), timings)
def test_saving_and_loading_between_any_two_steps_changes_nothing(verdicts: str, timing: Timing) -> None:
    alert = kept = Alert(Phase.OK, T0)
    for minute, letter in enumerate(verdicts):
        now = T0 + minute * MINUTE
        alert, _ = step(alert, VERDICT[letter], now, timing)
        loaded = msgspec.json.decode(msgspec.json.encode(kept), type=Alert)
        kept, _ = step(loaded, VERDICT[letter], now, timing)
        assert kept == alert


@given(st.text("CBS", min_size=2, max_size=40), timings)
def test_what_is_older_than_what_is_known_changes_nothing(verdicts: str, timing: Timing) -> None:
    alert = Alert(Phase.OK, T0 + 99 * MINUTE)
    for letter in verdicts:
        assert step(alert, VERDICT[letter], T0, timing) == (alert, None)


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase is not Phase.LATCHED])
def test_only_what_is_over_can_be_closed(phase: Phase) -> None:
    assert close(Alert(phase, T0), T0 + MINUTE) == Alert(phase, T0)
    assert close(Alert(Phase.LATCHED, T0), T0 + MINUTE) == Alert(Phase.OK, T0 + MINUTE)
