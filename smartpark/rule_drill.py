"""`smartpark rules drill`: an alert that says what it is, all the way to the receivers, and who has it."""

import time
from typing import Annotated, NamedTuple

import typer
from sqlalchemy import Engine

from adapters import clock
from adapters.alert_store import NoticeRow
from adapters.relational import alert_actions, alerts, receivers
from park.care import Action, Deed
from park.own_rule import DRILL, EVERYBODY
from park.rulebook import Key
from park.tell import Reason
from smartpark.opening import FAILED, Config, DataDir, Json, Opening, fail, print_json, start, who

LOOK = 0.2
BEGUN_WITHIN = 10.0
"""Seconds in which the rules service does what it is asked, where it runs."""
OTHERS = frozenset({Reason.NOT_THEIRS, Reason.DISABLED, Reason.NOT_THEIR_TURN, Reason.NO_NEWS})
SENT, WAITING = "sent", "waiting"


class Delivery(NamedTuple):
    """How a drill fared with one receiver."""

    receiver: str
    state: str
    seconds: float | None
    """From asking until it was there."""
    tries: int
    why: str


def drill_command(
    *,
    receiver: Annotated[
        str | None, typer.Option(help="只发给此接收人, 缺省所有 / only this receiver; by default all of them.")
    ] = None,
    wait: Annotated[float, typer.Option(min=0, help="最多等多少秒 / seconds to wait for deliveries.")] = 30.0,
    note: Annotated[str, typer.Option(help="附言 / a word to go with it.")] = "",
    config: Config = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """发一次告警演练并统计送达 / Send a drill, marked as one, and count who got it."""
    opening = start(config, data_dir)
    with opening.store() as engine:
        known = {one.receiver.id for one in receivers.listing(engine)}
        if receiver is not None and receiver not in known:
            names = ", ".join(sorted(known)) or "—"
            fail(opening.say(f"没有接收人 {receiver}; 现有: {names}。", f"No receiver {receiver}; there are: {names}."))
        key = Key(DRILL, receiver or EVERYBODY)
        [action] = alert_actions.ask(engine, [key], Deed.DRILL, who=who(), now=clock.now(), note=note)
        number = _begun(engine, key, action)
        if number is None:
            fail(
                opening.say(
                    "演练已登记, 但告警服务没有响应; 请确认 smartpark up 或 smartpark rules 正在运行。",
                    "The drill was asked for, but nothing answers: is smartpark up or smartpark rules running?",
                )
            )
        found = _delivered(engine, number, action, wait)
    if as_json:
        print_json({"drill": action.id, "receivers": [one._asdict() for one in found]})
    else:
        _say(opening, found)
    if not found or any(one.state != SENT for one in found):
        raise typer.Exit(FAILED)


def _begun(engine: Engine, key: Key, action: Action) -> int | None:
    """Wait until it has begun; give the number of its beginning."""
    until = time.monotonic() + BEGUN_WITHIN
    while time.monotonic() < until:
        for one in alerts.changes(engine, key=key, limit=10):
            if one.change.action == action.id:
                return one.id
        time.sleep(LOOK)
    return None


def _delivered(engine: Engine, number: int, action: Action, wait: float) -> list[Delivery]:
    until = time.monotonic() + wait
    while True:
        rows = [row for row in alerts.notices(engine, [number]) if row.reason not in OTHERS]
        if time.monotonic() >= until or (rows and all(row.state != WAITING for row in rows)):
            return [_delivery(row, action) for row in rows]
        time.sleep(LOOK)


def _delivery(row: NoticeRow, action: Action) -> Delivery:
    seconds = None if row.sent is None else round((row.sent - action.at).total_seconds(), 3)
    return Delivery(row.receiver, row.state, seconds, row.tries, "" if row.state == SENT else row.reason)


def _say(opening: Opening, found: list[Delivery]) -> None:
    sent = sum(one.state == SENT for one in found)
    typer.echo(opening.say(f"演练: {sent} / {len(found)} 位接收人已收到。", f"Drill: {sent} of {len(found)} have it."))
    for one in sorted(found):
        zh = {SENT: f"{one.seconds} 秒送达", WAITING: f"未送达, 已试 {one.tries} 次, 还会再试"}
        en = {SENT: f"there after {one.seconds} s", WAITING: f"not there after {one.tries} tries, tried again later"}
        words = opening.say(zh.get(one.state, "无法送达"), en.get(one.state, "cannot be delivered"))
        typer.echo(f"  {one.receiver}: {words}" + (f" ({one.why})" if one.why else ""))
