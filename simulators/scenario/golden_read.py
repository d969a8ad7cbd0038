"""The golden answer of a scenario file."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TypeVar

from park.epoch import Kind
from park.interval import SLOT
from park.place import Meter
from park.reason import REASONS
from park.registry_notes import Notes, join, near, show
from park.rule import Text
from park.rule_words import LONGEST, read_flag, read_text, read_time
from simulators.scenario.golden import Burned, Found, Golden, Held, Stored, Used
from simulators.scenario.moment import read_moment

KEYS = ("consumption", "found", "quarantine", "alerts", "readings")
STATES = ("open", "decided", "withdrawn")
WITHIN = 0.05
"""In the carrier's unit: some last digits of a display."""
NEAR = timedelta(minutes=5)
Thing = TypeVar("Thing")


class Reader:
    """Reads against the scenario's meters, rules and length."""

    def __init__(self, notes: Notes, meters: Mapping[str, Meter], rules: frozenset[str], duration: timedelta) -> None:
        self._notes = notes
        self._meters = meters
        self._rules = rules
        self._duration = duration

    def golden(self, path: str, value: object) -> Golden:
        """Read the whole answer."""
        given = self._notes.mapping(path, value, KEYS, ())

        def items(key: str, read: Callable[[str, object], Thing | None]) -> tuple[Thing, ...]:
            here = join(path, key)
            found = (read(f"{here}[{n}]", item) for n, item in enumerate(self._notes.items(here, given.get(key))))
            return tuple(one for one in found if one is not None)

        return Golden(
            used=items("consumption", self._used),
            found=items("found", self._found),
            held=items("quarantine", self._held),
            burned=items("alerts", self._burned),
            stored=items("readings", self._stored),
        )

    def _used(self, path: str, value: object) -> Used | None:
        numbers = ("truth", "booked", "within", "measured", "estimated", "missing")
        known = ("meter", "from", "until", *numbers, "slots", "why")
        before, given = len(self._notes.mistakes), self._given(path, value, known, ("meter", "truth"))
        read = {key: self._number(join(path, key), given.get(key)) for key in numbers if key in given}
        start, end = (self._moment(path, given, key) for key in ("from", "until"))
        slots = read_flag(self._notes, join(path, "slots"), given.get("slots"), default=True)
        self._window(path, start or timedelta(0), self._duration if end is None else end)
        why = self._why(path, given.get("why"))
        truth = read.get("truth") or 0.0
        booked = read.get("booked", truth)
        if booked != truth and why is None:
            self._notes.add(
                join(path, "why"),
                "入账与真值不同时, 请用 why 说明原因。",
                "Where what is booked is not the truth, say why.",
            )
        estimated, missing = read.get("estimated") or 0.0, read.get("missing") or 0.0
        if len(self._notes.mistakes) > before:
            return None
        measured = read.get("measured")
        return Used(
            meter=str(given["meter"]),
            start=start or timedelta(0),
            end=end or self._duration,
            truth=truth,
            booked=booked or 0.0,
            within=read.get("within") or WITHIN,
            measured=1.0 - estimated - missing if measured is None else measured,
            estimated=estimated,
            missing=missing,
            slots=slots,
            why=why,
        )

    def _found(self, path: str, value: object) -> Found | None:
        known = ("meter", "metric", "kind", "at", "within", "state")
        before, given = len(self._notes.mistakes), self._given(path, value, known, ("meter", "metric", "kind", "at"))
        kind = self._notes.choice(join(path, "kind"), given.get("kind", ""), tuple(Kind)) if "kind" in given else None
        state = self._notes.choice(join(path, "state"), given.get("state", "open"), STATES)
        at, within = self._moment(path, given, "at"), self._length(path, given, NEAR)
        if len(self._notes.mistakes) > before or at is None:
            return None
        return Found(
            meter=str(given["meter"]),
            metric=str(given["metric"]),
            kind=Kind(str(kind)),
            at=at,
            within=within,
            state=str(state),
        )

    def _held(self, path: str, value: object) -> Held | None:
        keys = ("meter", "reason", "messages")
        before, given = len(self._notes.mistakes), self._given(path, value, keys, keys)
        if "reason" in given:
            self._notes.choice(join(path, "reason"), given["reason"], sorted(REASONS))
        count = self._count(join(path, "messages"), given.get("messages"))
        if len(self._notes.mistakes) > before or count is None:
            return None
        return Held(meter=str(given["meter"]), reason=str(given["reason"]), messages=count)

    def _burned(self, path: str, value: object) -> Burned | None:
        known = ("rule", "meter", "raised", "cleared", "within")
        before, given = len(self._notes.mistakes), self._given(path, value, known, ("rule", "meter", "raised"))
        rule = given.get("rule")
        if rule is not None and str(rule) not in self._rules:
            zh, en = near(str(rule), sorted(self._rules))
            self._notes.add(
                join(path, "rule"),
                f"规则 {show(rule)} 在此情景中未启用; {zh}",
                f"Rule {show(rule)} is not in force here; {en}",
            )
        raised, cleared = self._moment(path, given, "raised"), self._moment(path, given, "cleared")
        meter = self._meters.get(str(given.get("meter")))
        within = self._length(path, given, NEAR if meter is None else meter.period)
        if len(self._notes.mistakes) > before or raised is None:
            return None
        return Burned(rule=str(rule), meter=str(given["meter"]), raised=raised, cleared=cleared, within=within)

    def _stored(self, path: str, value: object) -> Stored | None:
        keys = ("meter", "metric", "readings")
        before, given = len(self._notes.mistakes), self._given(path, value, keys, keys)
        count = self._count(join(path, "readings"), given.get("readings"))
        if len(self._notes.mistakes) > before or count is None:
            return None
        return Stored(meter=str(given["meter"]), metric=str(given["metric"]), readings=count)

    # --- the parts they share -----------------------------------------------------------------------------------------

    def _given(
        self, path: str, value: object, known: tuple[str, ...], required: tuple[str, ...]
    ) -> Mapping[str, object]:
        """Read the keys, and see that meter and metric are of the scenario."""
        given = self._notes.mapping(path, value, known, required)
        name = given.get("meter")
        if name is not None and str(name) not in self._meters:
            zh, en = near(str(name), self._meters)
            self._notes.add(
                join(path, "meter"),
                f"情景的台账中没有 {show(name)}; {zh}",
                f"The scenario has no meter {show(name)}; {en}",
            )
        elif "metric" in given and given["metric"] not in self._meters[str(name)].metrics:
            zh, en = near(str(given["metric"]), self._meters[str(name)].metrics)
            self._notes.add(
                join(path, "metric"),
                f"{name} 没有指标 {show(given['metric'])}; {zh}",
                f"{name} has no metric {show(given['metric'])}; {en}",
            )
        return given

    def _moment(self, path: str, given: Mapping[str, object], key: str) -> timedelta | None:
        return read_moment(self._notes, join(path, key), given[key]) if key in given else None

    def _window(self, path: str, start: timedelta, end: timedelta) -> None:
        """Find a window that is none, or that cuts a quarter of an hour."""
        for key, moment in (("from", start), ("until", end)):
            if moment % SLOT:
                self._notes.add(
                    join(path, key), "用量按整刻钟比对。", "Consumption is compared by whole quarters of an hour."
                )
        if not start < end <= self._duration:
            self._notes.add(
                join(path, "until"),
                "until 须晚于 from, 且不晚于情景结束。",
                "until must be later than from, and no later than the scenario's end.",
            )

    def _length(self, path: str, given: Mapping[str, object], default: timedelta) -> timedelta:
        found = read_time(self._notes, join(path, "within"), given["within"]) if "within" in given else None
        return default if found is None else found

    def _number(self, path: str, value: object) -> float | None:
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < float("inf"):
            return float(value)
        self._notes.add(
            path, f"这里应是不小于 0 的数, 而不是 {show(value)}。", f"This must be 0 or above, not {show(value)}."
        )
        return None

    def _count(self, path: str, value: object) -> int | None:
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        if value is not None:
            self._notes.add(
                path,
                f"这里应是不小于 0 的整数, 而不是 {show(value)}。",
                f"This must be a whole number, not {show(value)}.",
            )
        return None

    def _why(self, path: str, value: object) -> Text | None:
        return read_text(self._notes, join(path, "why"), value, parts=frozenset(), longest=LONGEST)
