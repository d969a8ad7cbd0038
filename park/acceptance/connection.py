"""Items about the connection: who is there, what the broker says when it is gone, and how it comes back."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final, NamedTuple

from park.acceptance.heard import GONE, Plug
from park.acceptance.item import Finding, Item, failed, noted, passed
from park.acceptance.listened import Listened
from park.broker_rights import speaker
from park.decode import DIALECTS

RESTLESS: Final = 4
"""Connections within one listening that nobody asked for."""
STATES: Final = frozenset({b"online", b"offline"})
LET_IN: Final = re.compile(r"New client connected from (\S+?):(\d+) as (\S+) \(.*?(?:, u'([^']*)')?\)")
CAME: Final = re.compile(r"New connection from (\S+?):(\d+) on port (\d+)")
TAKEN_OVER: Final = re.compile(r"Client (\S+) already connected, closing old connection")
TLS_PORT: Final = 8883


class Entry(NamedTuple):
    """One connection as the broker's log tells it."""

    client: str
    user: str
    port: int | None


def examine(listened: Listened) -> Iterator[Finding]:
    """Look at each item."""
    yield _state(listened)
    entries = _entries(listened)
    yield from _plug(listened, listened.session.plug, entries)
    yield _client_id(listened, entries)
    yield _account(listened, entries)
    yield _tls(listened, entries)


def _foreign(listened: Listened) -> bool:
    return bool(DIALECTS[listened.meter.codec].topics(listened.meter))


def _state(listened: Listened) -> Finding:
    if not listened.states:
        zh, en = (
            "没有在线状态报文 (state)",
            "There is no message of its state",
        )
        if _foreign(listened):
            return noted(
                Item.STATE,
                f"{zh}: 该编码方式不经本平台的 state 主题, 失联只能按周期判断。",
                f"{en}: this dialect does not use the contract's state topic; silence is told by the period alone.",
            )
        return failed(
            Item.STATE,
            f"{zh}; 请以保留报文发布 online, 并把 offline 设为遗嘱。",
            f"{en}; publish online, retained, and set offline as its last will.",
        )
    strange = [one.payload[:20] for one in listened.states if one.payload not in STATES]
    if strange:
        return failed(
            Item.STATE,
            f"状态报文应为 online 或 offline, 收到 {strange[0]!r}。",
            f"A state is online or offline, and {strange[0]!r} came.",
        )
    if not any(one.retained for one in listened.states) and listened.session.flags_kept:
        return failed(
            Item.STATE,
            "状态报文没有保留标志: 平台重启后不知道设备是否在线; 请设置 retain。",
            "States are not retained: after a restart nobody knows whether the device is there; set retain.",
        )
    if listened.states[-1].payload == b"offline" and listened.live and _still(listened):
        return failed(
            Item.STATE,
            "状态为 offline, 却仍在发送数据: 重连后没有重新发布 online。",
            "Its state is offline while it sends: it does not say online again after a reconnect.",
        )
    return passed(Item.STATE, "online / offline 以保留报文发布。", "online and offline are published, retained.")


def _still(listened: Listened) -> bool:
    """Tell whether values came after the last state."""
    last = listened.states[-1].at
    return sum(each.message.at > last for each in listened.live) > GONE


def _plug(listened: Listened, plug: Plug | None, entries: list[Entry]) -> Iterator[Finding]:
    if plug is None:
        said = ("没有做断线试验。", "The plug was not pulled.")
        yield noted(Item.LAST_WILL, *said)
        yield _restless(entries) if len(entries) >= RESTLESS else noted(Item.RECONNECT, *said)
        return
    gone, back = _absence(listened, plug)
    offline = next((one.at for one in listened.states if one.at >= plug.asked and one.payload == b"offline"), None)
    if gone is None and offline is None:
        said = (
            "设备在试验期间一直在线; 请确认断开的是这台设备。",
            "The device was there all the time; make sure that it was this one that was cut off.",
        )
        yield noted(Item.LAST_WILL, *said)
        yield noted(Item.RECONNECT, *said)
        return
    yield _last_will(listened, gone, offline)
    yield _reconnect(listened, gone or offline or plug.asked, back)


def _restless(entries: list[Entry]) -> Finding:
    return failed(
        Item.RECONNECT,
        f"监听期间设备重新连接了 {len(entries)} 次; 请检查信号、心跳 (keep alive) 与客户端标识是否被占用。",
        f"The device connected {len(entries)} times while we listened; check the line, its keep-alive, and whether "
        "another uses its client id.",
    )


def _absence(listened: Listened, plug: Plug) -> tuple[datetime | None, datetime | None]:
    """Give when the longest silence after the plug was pulled began and ended; None for what did not happen."""
    times = [each.message.at for each in listened.live]
    until = plug.until or listened.session.until
    after = [at for at in times if at >= plug.asked]
    marks = [max((at for at in times if at < plug.asked), default=plug.asked), *after, until]
    start, end = max(pairwise(marks), key=lambda span: span[1] - span[0])
    if end - start < GONE * listened.meter.period:
        return None, None
    return start, (end if end in after else None)


def _last_will(listened: Listened, gone: datetime | None, offline: datetime | None) -> Finding:
    if offline is not None:
        late = (offline - gone).total_seconds() if gone is not None else 0.0
        return passed(
            Item.LAST_WILL,
            f"断线后 {late:.0f} s 服务器发布了 offline。",
            f"The broker published offline {late:.0f} s after the last value.",
        )
    if _foreign(listened):
        return noted(
            Item.LAST_WILL,
            "该编码方式不经本平台的 state 主题, 遗嘱无法在此核对。",
            "This dialect does not use the contract's state topic; its will cannot be seen here.",
        )
    return failed(
        Item.LAST_WILL,
        "设备断线后没有收到 offline; 请把 offline 设为 state 主题的遗嘱 (retain, QoS 1)。",
        "The device went away and no offline came; set offline as the last will of its state topic (retained, QoS 1).",
    )


def _reconnect(listened: Listened, gone: datetime, back: datetime | None) -> Finding:
    if back is None:
        return failed(
            Item.RECONNECT,
            "设备断开后没有在试验时间内恢复; 请检查自动重连。",
            "The device did not come back within the trial; check that it reconnects by itself.",
        )
    period = listened.meter.period
    wanted = max(0, round((back - gone) / period) - 1)
    edge = period / 2
    caught = {one.at for each in listened.taken for one in each.readings if gone + edge < one.at < back - edge}
    lasted = _seconds(back - gone)
    if wanted and len(caught) < wanted / 2:
        return noted(
            Item.RECONNECT,
            f"{lasted} s 后恢复; 断线期间约 {wanted} 个值没有补发 (收到 {len(caught)}), 建议启用网关缓存。",
            f"Back after {lasted} s; of about {wanted} values of that time {len(caught)} were sent later: let the "
            "gateway buffer.",
        )
    return passed(
        Item.RECONNECT,
        f"{lasted} s 后恢复, 断线期间的值已补发 ({len(caught)} / {wanted})。",
        f"Back after {lasted} s, and sent what it had kept ({len(caught)} of {wanted}).",
    )


def _seconds(lasted: timedelta) -> str:
    return f"{lasted.total_seconds():.0f}"


def _entries(listened: Listened) -> list[Entry]:
    """Find this device's connections in the broker's log: by its account, or by a client id that is its own."""
    ports: dict[tuple[str, str], int] = {}
    found: list[Entry] = []
    names = {speaker(listened.meter), listened.meter.id}
    for line in listened.session.lines:
        if came := CAME.search(line.text):
            ports[came[1], came[2]] = int(came[3])
        elif (entry := LET_IN.search(line.text)) and {entry[3], entry[4] or ""} & names:
            found.append(Entry(entry[3], entry[4] or "", ports.get((entry[1], entry[2]))))
    return found


def _unseen(listened: Listened, item: Item) -> Finding:
    if not listened.session.lines:
        return noted(
            item,
            "消息服务器没有公布连接日志, 无法核对; Mosquitto 可用 log_dest topic 打开。",
            "The broker publishes no log of connections, so this cannot be seen; Mosquitto does with log_dest topic.",
        )
    return noted(
        item,
        "监听期间设备没有重新连接, 无法核对; 断线试验时可以看到。",
        "The device did not connect while we listened; pulling the plug shows it.",
    )


def _client_id(listened: Listened, entries: list[Entry]) -> Finding:
    own = {entry.client for entry in entries}
    fights = [
        found[1] for line in listened.session.lines if (found := TAKEN_OVER.search(line.text)) and found[1] in own
    ]
    if fights:
        return failed(
            Item.CLIENT_ID,
            f"客户端标识 {fights[0]} 被两个连接争用 ({len(fights)} 次); 每台设备要用自己的标识。",
            f"Two connections fight over client id {fights[0]} ({len(fights)} times); each device needs its own.",
        )
    if not entries:
        return _unseen(listened, Item.CLIENT_ID)
    if len(own) > 1:
        told = ", ".join(sorted(own)[:3])
        return noted(
            Item.CLIENT_ID,
            f"每次连接用不同的标识 ({told}): 持久会话不起作用; 请用固定标识。",
            f"Another client id at each connection ({told}), so no session is kept; use a fixed one.",
        )
    return passed(Item.CLIENT_ID, f"固定标识 {entries[0].client}。", f"One fixed client id, {entries[0].client}.")


def _account(listened: Listened, entries: list[Entry]) -> Finding:
    if not entries:
        return _unseen(listened, Item.ACCOUNT)
    wanted = speaker(listened.meter)
    others = {entry.user for entry in entries} - {wanted}
    if others:
        told = ", ".join(sorted(name or "—" for name in others))
        return failed(
            Item.ACCOUNT,
            f"设备以账号 {told} 连接, 应为 {wanted}; 请使用 smartpark broker credentials 发的账号。",
            f"The device signs in as {told} and should as {wanted}; use the account smartpark broker credentials made.",
        )
    return passed(Item.ACCOUNT, f"以自己的账号 {wanted} 连接。", f"Signs in as {wanted}, its own account.")


def _tls(listened: Listened, entries: list[Entry]) -> Finding:
    if listened.session.tls:
        return passed(Item.TLS, "消息服务器只接受 TLS。", "The broker lets nobody in without TLS.")
    ports = {entry.port for entry in entries if entry.port is not None}
    if not ports:
        return _unseen(listened, Item.TLS)
    if ports <= {TLS_PORT}:
        return passed(Item.TLS, f"经 {TLS_PORT} 端口 (TLS) 连接。", f"Connects to port {TLS_PORT} (TLS).")
    told = ", ".join(map(str, sorted(ports - {TLS_PORT})))
    return failed(
        Item.TLS,
        f"经 {told} 端口连接, 口令与数据未加密; 请改用 {TLS_PORT} (TLS)。",
        f"Connects to port {told}: password and values go unencrypted; use {TLS_PORT} (TLS).",
    )
