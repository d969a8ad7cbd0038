"""Items about the messages themselves: where, how, in what form, and with which numbers."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

from park.acceptance.heard import GONE
from park.acceptance.item import Finding, Item, failed, noted, passed
from park.acceptance.listened import Listened, home, most_said
from park.reason import WORDS, Reason, sentence
from park.topic import PREFIX, build

MOST = 10_000
"""Numbers of one gap that are looked at."""


def examine(listened: Listened, prefix: str = PREFIX) -> Iterator[Finding]:
    """Look at each item."""
    yield _topic(listened, prefix)
    yield _qos(listened)
    yield _retained(listened)
    yield _payload(listened)
    yield _units(listened)
    yield _sequence(listened)


def _topic(listened: Listened, prefix: str) -> Finding:
    should = build(home(listened.meter), prefix)
    if listened.astray:
        where = most_said(message.topic for message in listened.astray)
        return failed(
            Item.TOPIC,
            f"有 {len(listened.astray)} 条报文发到了别处: {where}; 请改为 {should}。",
            f"{len(listened.astray)} messages went elsewhere: {where}; publish to {should}.",
        )
    if not listened.taken:
        return failed(
            Item.TOPIC,
            f"监听期间没有收到任何数据报文; 请核对设备是否已联网、账号与主题 {should}。",
            f"No data message was heard; check the device's network, its account and its topic {should}.",
        )
    if not listened.live:
        return failed(
            Item.TOPIC,
            f"只有补发 (backfill), 没有实时数据; 实时数据请发到 {should}。",
            f"Backfill only; live values belong on {should}.",
        )
    where = most_said(each.message.topic for each in listened.live)
    return passed(
        Item.TOPIC, f"{len(listened.taken)} 条报文, 均在 {where}。", f"{len(listened.taken)} messages on {where}."
    )


def _qos(listened: Listened) -> Finding:
    if not listened.taken:
        return _unheard(Item.QOS)
    loose = sum(each.message.qos == 0 for each in listened.taken)
    if loose:
        return failed(
            Item.QOS,
            f"{loose} 条报文以 QoS 0 发布, 断线时会丢失; 请改为 QoS 1。",
            f"{loose} messages were published with QoS 0 and are lost when the line breaks; use QoS 1.",
        )
    return passed(Item.QOS, "均为 QoS 1 或以上。", "All with QoS 1 or more.")


def _retained(listened: Listened) -> Finding:
    if listened.kept:
        return failed(
            Item.RETAINED,
            f"数据报文带保留标志 ({len(listened.kept)} 条): 断线后旧值会被当作新值; "
            "请关闭 retain, 并清除服务器上保留的报文。",
            f"{len(listened.kept)} data messages are retained: an old value would look like a new one; turn retain "
            "off, and clear what the broker keeps.",
        )
    if not listened.taken:
        return _unheard(Item.RETAINED)
    if not listened.session.flags_kept:
        return noted(
            Item.RETAINED,
            "服务器上没有保留的数据报文; 该服务器不支持 MQTT 5, 实时报文的保留标志无从得知。",
            "The broker keeps no data message; without MQTT 5 a live message's retained flag cannot be seen.",
        )
    return passed(Item.RETAINED, "数据报文均未保留。", "No data message is retained.")


def _payload(listened: Listened) -> Finding:
    if not listened.taken:
        return _unheard(Item.PAYLOAD)
    broken = [each.broken for each in listened.taken if each.broken is not None]
    if broken and all(one.reason is Reason.NO_BIRTH for one in broken):
        return noted(
            Item.PAYLOAD,
            f"{len(broken)} 条报文只有别名, 监听期间节点没有重新上线 (NBIRTH / DBIRTH); 请重启节点后再试。",
            f"{len(broken)} messages have numbers instead of names, and no birth came while we listened; restart the "
            "node and try again.",
        )
    if broken:
        zh, en = (
            " ".join(dict.fromkeys(sentence(one.reason, one.subject, language) for one in broken[:20]))[:400]
            for language in ("zh", "en")
        )
        return failed(
            Item.PAYLOAD,
            f"{len(broken)} / {len(listened.taken)} 条报文不能解析。{zh}",
            f"{len(broken)} of {len(listened.taken)} messages cannot be read. {en}",
        )
    remarks = Counter(remark for each in listened.taken if each.said for remark in each.said.remarks)
    if remarks:
        told = ", ".join(f"{name} ×{count}" for name, count in remarks.items())
        return noted(
            Item.PAYLOAD,
            f"可以解析, 但有不合规之处: {told}; 请设备厂家改正。",
            f"Readable, with departures from the standard: {told}; have the maker mend them.",
        )
    return passed(
        Item.PAYLOAD,
        f"{len(listened.taken)} 条报文均按 {listened.meter.codec} 解析。",
        f"All {len(listened.taken)} messages read as {listened.meter.codec}.",
    )


def _units(listened: Listened) -> Finding:
    refusals = [one for each in listened.taken for one in each.refusals]
    if refusals:
        zh, en = (
            "; ".join(
                dict.fromkeys(
                    f"{WORDS[one.reason][0 if language == 'zh' else 1]} ({one.subject})" for one in refusals[:20]
                )
            )[:400]
            for language in ("zh", "en")
        )
        return failed(
            Item.UNITS,
            f"{len(refusals)} 个值被拒收: {zh}。",
            f"{len(refusals)} values are refused: {en}.",
        )
    if not any(each.readings for each in listened.taken):
        return _unheard(Item.UNITS)
    return passed(Item.UNITS, "指标与单位均可识别。", "Every metric and unit is known.")


def _sequence(listened: Listened) -> Finding:
    numbered = [(each, one.seq) for each in listened.taken if (one := each.said or each.broken) is not None]
    if not numbered:
        return _unheard(Item.SEQUENCE)
    known = [(each.message.at, number) for each, number in numbered if number is not None and each.live]
    known = known or [(each.message.at, number) for each, number in numbered if number is not None]
    if not known:
        return noted(
            Item.SEQUENCE,
            "报文没有序号 (seq), 丢失的报文无法按序号核对; 建议网关加上。",
            "Messages carry no seq, so lost ones cannot be told by number; let the gateway add it.",
        )
    later = {number for _, number in numbered}  # what a gateway kept comes between, and is not out of order for that
    pairs = [(one[1], next_[1]) for one, next_ in pairwise(known) if not _while_cut_off(listened, one[0], next_[0])]
    gaps = (range(before + 1, min(after, before + MOST)) for before, after in pairs)
    # What could not be read came all the same.
    unreadable = sum(each.broken is not None and each.broken.seq is None for each in listened.taken)
    missing = max(0, sum(number not in later for gap in gaps for number in gap) - unreadable)
    again, back = sum(after == before for before, after in pairs), sum(after < before for before, after in pairs)
    bare = sum(number is None for _, number in numbered) - unreadable
    if bare or missing or again or back:
        return failed(
            Item.SEQUENCE,
            f"序号不连续: 缺 {missing}, 重复 {again}, 倒退 {back}, 无序号 {bare}; 请检查链路与网关缓存。",
            f"Numbers do not run on: {missing} missing, {again} repeated, {back} steps back, "
            f"{bare} without; check the line and the gateway's buffer.",
        )
    first, last = known[0][1], known[-1][1]
    return passed(Item.SEQUENCE, f"{first} … {last} 连续。", f"{first} … {last} without a gap.")


def _while_cut_off(listened: Listened, before: datetime, after: datetime) -> bool:
    """Tell whether the device was cut off between two messages because we asked for that."""
    plug = listened.session.plug
    return plug is not None and after >= plug.asked and after - before >= GONE * listened.meter.period


def _unheard(item: Item) -> Finding:
    return noted(item, "没有收到可检查的报文。", "Nothing was heard that could be looked at.")
