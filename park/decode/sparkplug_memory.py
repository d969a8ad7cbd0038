"""What is kept of a Sparkplug node between its messages: what its births named, its numbers, when it was last asked.

A birth gives each metric its name, and may give it a type, a unit and a number (alias) that stands for the name from
then on.  Of each sender the last births that differ are kept: a message held since before the last one is read by
the one before.  A node's birth ends those of its devices, for it may give their numbers anew.
"""

from typing import Final, TypedDict, cast

from park.decode.memory import Memory, Wish
from park.decode.sparkplug_payload import Metric
from park.decode.sparkplug_topic import Kind, Sender, topic
from park.decode.sparkplug_write import rebirth_command

KEPT: Final = 3
FIRST_WAIT_MS: Final = 60_000
LONGEST_WAIT_MS: Final = 3_600_000
FORGIVEN_MS: Final = 86_400_000
"""After a day without a reason to ask, a node is asked as at first."""
NUMBERS: Final = 256
LATE: Final = 16
"""A number this little behind the last is of a message that came again, not of 240 that were lost."""
UNIT_KEYS: Final = frozenset({"engunit", "engunits", "engineeringunit", "engineeringunits", "unit", "units"})


class Birth(TypedDict):
    """What one birth said, as plain data."""

    since: int
    """When it first came, in milliseconds since 1970."""
    born: int
    """When it, or one that says the same, last came."""
    names: dict[int, str]
    """By alias."""
    kinds: dict[str, int]
    units: dict[str, str]


NOTHING: Final[Birth] = {"since": 0, "born": 0, "names": {}, "kinds": {}, "units": {}}


def unit_of(metric: Metric) -> str | None:
    """Find the unit in a metric's properties, which have no one name for it; None where there is none."""
    for key, value in metric.properties.items():
        if isinstance(value, str) and value.strip() and "".join(key.split("_")).replace(" ", "").lower() in UNIT_KEYS:
            return value.strip()
    return None


def learn(memory: Memory | None, sender: Sender, metrics: tuple[Metric, ...], now_ms: int) -> Birth:
    """Take what a birth says for the sender's names from now on, and give it."""
    named = [(each.name, each) for each in metrics if each.name is not None]
    birth: Birth = {
        "since": now_ms,
        "born": now_ms,
        "names": {each.alias: name for name, each in named if each.alias is not None},
        "kinds": {name: each.kind for name, each in named if each.kind is not None},
        "units": {name: unit for name, each in named if (unit := unit_of(each)) is not None},
    }
    if memory is not None:
        known = _births(memory, sender)
        if known and known[0]["since"] <= now_ms and _same(known[0], birth):
            again: Birth = {**known[0], "born": now_ms}
            kept = [again, *known[1:]]
        else:
            kept = sorted([birth, *known], key=lambda each: each["since"], reverse=True)[:KEPT]
        memory.put(_key("birth", sender), kept)
    return birth


def birth_of(memory: Memory | None, sender: Sender, now_ms: int) -> Birth | None:
    """Find the birth by which a sender's message of that time is read, or None."""
    known = _births(memory, sender) if memory is not None else []
    if memory is None or not known:
        return None
    if sender.device and known[0]["born"] < _born(memory, sender.before) <= now_ms:
        return None
    return next((birth for birth in known if birth["since"] <= now_ms), known[-1])


def _same(one: Birth, other: Birth) -> bool:
    return (one["names"], one["kinds"], one["units"]) == (other["names"], other["kinds"], other["units"])


def _born(memory: Memory, sender: Sender) -> int:
    known = _births(memory, sender)
    return known[0]["born"] if known else 0


def _births(memory: Memory, sender: Sender) -> list[Birth]:
    return cast("list[Birth]", memory.get(_key("birth", sender)) or [])


def _key(what: str, sender: Sender) -> tuple[str, ...]:
    return ("sparkplug", what, *sender)


def count(memory: Memory | None, node: Sender, seq: int | None, now_ms: int, *, anew: bool) -> bool:
    """Note a node's number, and tell whether some before it never came.  `anew` is a birth, which starts again."""
    if memory is None or seq is None or not 0 <= seq < NUMBERS:
        return False
    key = _key("seq", node)
    heard = cast("list[int] | None", memory.get(key))
    if heard is None or anew:
        memory.put(key, [seq, now_ms])
        return False
    last, heard_ms = heard
    if now_ms < heard_ms or (last - seq) % NUMBERS < LATE:  # of long ago, or come again
        return False
    memory.put(key, [seq, now_ms])
    return (seq - last) % NUMBERS != 1


def end(memory: Memory | None, node: Sender) -> None:
    """Forget a node's number: it died, and will begin again."""
    if memory is not None:
        memory.forget(_key("seq", node))


def ask(memory: Memory | None, node: Sender, why: str, now_ms: int) -> None:
    """Wish that a node says all its names again, each time after twice as long, up to an hour.

    Of a node whose devices are registered in part, the numbers of the others are missing for ever: it must not be
    asked each minute.
    """
    if memory is None:
        return
    key = _key(f"asked {why}", node)
    asked_ms, wait_ms = cast("list[int] | None", memory.get(key)) or [0, 0]
    if now_ms < asked_ms + wait_ms:
        return
    again = min(2 * wait_ms, LONGEST_WAIT_MS) if wait_ms and now_ms < asked_ms + FORGIVEN_MS else FIRST_WAIT_MS
    memory.put(key, [now_ms, again])
    memory.wish(Wish(topic(Kind.NCMD, node), rebirth_command(now_ms)))
