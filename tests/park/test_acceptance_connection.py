"""Device acceptance, the connection: what the plug shows, and what the broker's log tells."""

from datetime import timedelta

import pytest

from park.acceptance.examine import examine
from park.acceptance.heard import BrokerLine, Message, Plug, Session
from park.acceptance.item import Item, Verdict
from tests.park.acceptance_session import DATA, METER, NOON, PERIOD, REGISTRY, STATE, Device, session

PULLED = NOON + 40 * PERIOD
BACK = NOON + 60 * PERIOD


def trial(*, will: bool = True, back: bool = True, kept: bool = True, online: bool = True) -> Session:
    """Pull the plug for twenty periods."""
    said = session(Device()).messages
    before = [one for one in said if one.at < PULLED]
    after = [one for one in said if one.at >= BACK] if back else []
    late = [
        one._replace(at=BACK + timedelta(seconds=1), topic=DATA.replace("/data", "/backfill"))
        for one in said
        if kept and back and PULLED <= one.at < BACK
    ]
    state = [Message(PULLED + timedelta(seconds=15), STATE, b"offline", retained=True)] if will else []
    state += [Message(BACK, STATE, b"online", retained=True)] if back and online else []
    messages = sorted([*before, *state, *after, *late], key=lambda one: one.at)
    return Session(NOON, NOON + 95 * PERIOD, tuple(messages), plug=Plug(PULLED, NOON + 95 * PERIOD))


TRIALS: dict[str, tuple[Session, list[Item], dict[Item, Verdict]]] = {
    "a will, and all that was kept": (
        trial(), [], {Item.LAST_WILL: Verdict.PASS, Item.RECONNECT: Verdict.PASS},
    ),
    "no will": (trial(will=False), [Item.LAST_WILL], {Item.RECONNECT: Verdict.PASS}),
    "nothing was kept": (trial(kept=False), [], {Item.RECONNECT: Verdict.NOTE}),
    "it does not come back": (trial(back=False), [Item.RECONNECT], {Item.LAST_WILL: Verdict.PASS}),
    "it comes back and never says online": (trial(online=False), [Item.STATE], {Item.RECONNECT: Verdict.PASS}),
    "it was never away": (
        session(Device(), plug=Plug(PULLED)), [], {Item.LAST_WILL: Verdict.NOTE, Item.RECONNECT: Verdict.NOTE},
    ),
}  # fmt: skip


@pytest.mark.parametrize("sentence", TRIALS)
def test_the_plug_is_pulled_and(sentence: str) -> None:
    heard, failed, verdicts = TRIALS[sentence]
    acceptance = examine(METER, REGISTRY, heard)
    assert list(acceptance.failed) == failed
    found = {one.item: one.verdict for one in acceptance.findings}
    assert {item: found[item] for item in verdicts} == verdicts


def lines(*texts: str) -> tuple[BrokerLine, ...]:
    return tuple(BrokerLine(NOON, text) for text in texts)


CAME = "New connection from 10.0.0.7:5021 on port {port}."
IN = "New client connected from 10.0.0.7:5021 as {client} (p5, c0, k60, u'{user}')."
LOGS: dict[str, tuple[tuple[BrokerLine, ...], list[Item], list[Item]]] = {
    "its own account over TLS": (
        lines(CAME.format(port=8883), IN.format(client="e01-main", user="e01-main")),
        [], [Item.CLIENT_ID, Item.ACCOUNT, Item.TLS],
    ),
    "another device's account": (
        lines(CAME.format(port=8883), IN.format(client="e01-main", user="e07-main")),
        [Item.ACCOUNT], [Item.CLIENT_ID, Item.TLS],
    ),
    "no account at all": (
        lines(CAME.format(port=8883), "New client connected from 10.0.0.7:5021 as e01-main (p2, c1, k60)."),
        [Item.ACCOUNT], [Item.CLIENT_ID, Item.TLS],
    ),
    "the plain port": (
        lines(CAME.format(port=1883), IN.format(client="gw-7", user="e01-main")),
        [Item.TLS], [Item.CLIENT_ID, Item.ACCOUNT],
    ),
    "a client id that another connection has too": (
        lines(
            CAME.format(port=8883), IN.format(client="gw-7", user="e01-main"),
            "Client gw-7 already connected, closing old connection.",
        ),
        [Item.CLIENT_ID], [Item.ACCOUNT, Item.TLS],
    ),
    "others only": (lines(CAME.format(port=1883), IN.format(client="gw-9", user="e09-main")), [], []),
}  # fmt: skip


@pytest.mark.parametrize("sentence", LOGS)
def test_the_brokers_log_tells_of(sentence: str) -> None:
    log, failed, passed = LOGS[sentence]
    acceptance = examine(METER, REGISTRY, session(Device(), lines=log))
    assert list(acceptance.failed) == failed
    told = [one.item for one in acceptance.findings if one.item in {Item.CLIENT_ID, Item.ACCOUNT, Item.TLS}]
    found = {one.item: one.verdict for one in acceptance.findings}
    assert [item for item in told if found[item] is Verdict.PASS] == passed
