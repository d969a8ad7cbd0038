"""The items of an acceptance, in the order of the report, and what comes of one."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What comes of an item."""

    PASS = "pass"  # noqa: S105  # a verdict, not a word that opens anything
    FAIL = "fail"
    NOTE = "note"
    """Nothing was found against it, or it could not be told; the sentence says which."""


class Item(StrEnum):
    """What is looked at."""

    TOPIC = "topic"
    QOS = "qos"
    RETAINED = "retained"
    PAYLOAD = "payload"
    UNITS = "units"
    METRICS = "metrics"
    RANGE = "range"
    QUALITY = "quality"
    TIME = "time"
    OFFSET = "offset"
    RESOLUTION = "resolution"
    PERIOD = "period"
    JITTER = "jitter"
    SEQUENCE = "sequence"
    IDENTITY = "identity"
    MONOTONY = "monotony"
    REGISTER_STEP = "register_step"
    MULTIPLIER = "multiplier"
    RATING = "rating"
    STATE = "state"
    LAST_WILL = "last_will"
    RECONNECT = "reconnect"
    CLIENT_ID = "client_id"
    ACCOUNT = "account"
    TLS = "tls"


NAMES: dict[Item, tuple[str, str]] = {
    Item.TOPIC: ("主题", "Topic"),
    Item.QOS: ("服务质量 QoS", "Quality of service"),
    Item.RETAINED: ("保留标志", "Retained flag"),
    Item.PAYLOAD: ("报文格式", "Payload form"),
    Item.UNITS: ("指标与单位", "Metrics known, units right"),
    Item.METRICS: ("指标齐全", "Metrics complete"),
    Item.RANGE: ("量程合理", "Plausible range"),
    Item.QUALITY: ("质量标记", "Quality flags"),
    Item.TIME: ("时间来源", "Device time"),
    Item.OFFSET: ("时钟偏差", "Clock offset"),
    Item.RESOLUTION: ("时间分辨力", "Time resolution"),
    Item.PERIOD: ("上报周期", "Reporting period"),
    Item.JITTER: ("周期抖动", "Jitter"),
    Item.SEQUENCE: ("报文序号", "Sequence numbers"),
    Item.IDENTITY: ("唯一设备", "One device under the id"),
    Item.MONOTONY: ("表码递增", "Register only grows"),
    Item.REGISTER_STEP: ("表码分辨力", "Register resolution"),
    Item.MULTIPLIER: ("倍率合理", "Multiplier"),
    Item.RATING: ("额定合理", "Within its rating"),
    Item.STATE: ("在线状态", "Online state"),
    Item.LAST_WILL: ("遗嘱", "Last will"),
    Item.RECONNECT: ("断线重连", "Reconnect"),
    Item.CLIENT_ID: ("客户端标识", "Client id"),
    Item.ACCOUNT: ("消息服务器账号", "Broker account"),
    Item.TLS: ("加密传输", "TLS"),
}
"""Their names, Chinese and English."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One item's verdict, why, and how to mend it."""

    item: Item
    verdict: Verdict
    zh: str
    en: str

    def sentence(self, language: str = "zh") -> str:
        """Say it in one language."""
        return self.zh if language == "zh" else self.en


def passed(item: Item, zh: str, en: str) -> Finding:
    """Say that an item is as it should be, and by what figure."""
    return Finding(item, Verdict.PASS, zh, en)


def failed(item: Item, zh: str, en: str) -> Finding:
    """Say that an item is not as it should be, and how to mend it."""
    return Finding(item, Verdict.FAIL, zh, en)


def noted(item: Item, zh: str, en: str) -> Finding:
    """Say what a person should know, without a verdict."""
    return Finding(item, Verdict.NOTE, zh, en)
