"""What people say in a scenario: declarations, and decisions about what was found."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from park.declaration import NUMBERS, Wish, declare
from park.epoch import Kind, Standing
from park.place import Meter
from park.registry_notes import Notes, join, near, show
from simulators.scenario.model import Word
from simulators.scenario.moment import read_moment

DOES: Final = {
    "declares": Standing.DECLARED,
    "confirms": Standing.CONFIRMED,
    "corrects": Standing.CORRECTED,
    "rejects": Standing.REJECTED,
}
KEYS = ("at", "meter", "does", "kind", "metric", "happened", *NUMBERS, "note")
WHO = "scenario"
FAR = timedelta(days=3_650)


def read_people(
    notes: Notes, path: str, value: object, meters: Mapping[str, Meter], start: datetime
) -> tuple[Word, ...]:
    """Read a list of them, in order of time."""
    found = (_word(notes, f"{path}[{n}]", item, meters, start) for n, item in enumerate(notes.items(path, value)))
    return tuple(sorted((one for one in found if one is not None), key=lambda one: one.at))


def _word(notes: Notes, path: str, value: object, meters: Mapping[str, Meter], start: datetime) -> Word | None:
    before = len(notes.mistakes)
    given = notes.mapping(path, value, KEYS, ("at", "meter", "does", "kind", "happened"))
    does = notes.choice(join(path, "does"), given.get("does", ""), tuple(DOES)) if "does" in given else None
    kind = notes.choice(join(path, "kind"), given.get("kind", ""), tuple(Kind)) if "kind" in given else None
    at, happened = (
        read_moment(notes, join(path, key), given[key]) if key in given else None for key in ("at", "happened")
    )
    numbers: dict[str, float | None] = {
        key: _number(notes, join(path, key), given[key]) for key in NUMBERS if key in given
    }
    texts = {key: notes.text(join(path, key), given[key]) or "" for key in ("metric", "note") if key in given}
    meter = meters.get(str(given.get("meter")))
    if meter is None and "meter" in given:
        zh, en = near(str(given["meter"]), meters)
        notes.add(
            join(path, "meter"),
            f"情景的台账中没有 {show(given['meter'])}; {zh}",
            f"The scenario has no meter {show(given['meter'])}; {en}",
        )
    if len(notes.mistakes) > before or meter is None or at is None or happened is None:
        return None
    wish = Wish(
        kind=Kind(str(kind)),
        at=start + happened,
        metric=texts.get("metric"),
        note=texts.get("note", WHO),
        closing=numbers.get("closing"),
        opening=numbers.get("opening"),
        multiplier=numbers.get("multiplier"),
        width=numbers.get("width"),
    )
    standing = DOES[str(does)]
    if standing is Standing.DECLARED:
        for mistake in declare(meter, wish, who=WHO, now=start + FAR).mistakes:
            notes.add(join(path, mistake.path), mistake.zh, mistake.en)
    return Word(at, meter.id, standing, wish) if len(notes.mistakes) == before else None


def _number(notes: Notes, path: str, value: object) -> float | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    notes.add(path, f"这里应是数字, 而不是 {show(value)}。", f"This must be a number, not {show(value)}.")
    return None
