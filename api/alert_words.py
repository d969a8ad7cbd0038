"""Words for what happens to alerts, for the wire and the console; each table has a word for every member."""

from collections.abc import Mapping

from park.alert import Phase
from park.alert_change import Kind
from park.care import Deed
from park.evidence import Why
from park.receiver import Way
from park.severity import EN, ZH, Severity

Pair = tuple[str, str]

PHASES: Mapping[Phase, Pair] = {
    Phase.OK: ("正常", "calm"),
    Phase.PENDING: ("待定", "pending"),
    Phase.FIRING: ("告警中", "burning"),
    Phase.CLEARING: ("恢复中", "clearing"),
    Phase.LATCHED: ("已恢复, 待关闭", "over, to be closed"),
}
KINDS: Mapping[Kind, Pair] = {
    Kind.PENDING: ("越限, 尚未到时", "in breach, not yet for long enough"),
    Kind.RAISED: ("告警", "raised"),
    Kind.CLEARING: ("回到限内, 尚未到时", "within limits, not yet for long enough"),
    Kind.RELAPSED: ("再次越限", "in breach again"),
    Kind.CLEARED: ("恢复", "cleared"),
    Kind.CALM: ("未到时即恢复, 未告警", "over before it was told"),
    Kind.ACKNOWLEDGED: ("确认", "acknowledged"),
    Kind.ASSIGNED: ("指派", "assigned"),
    Kind.COMMENTED: ("备注", "comment"),
    Kind.SHELVED: ("搁置", "shelved"),
    Kind.UNSHELVED: ("取消搁置", "no longer shelved"),
    Kind.SHELF_EXPIRED: ("搁置到期", "shelf expired"),
    Kind.ESCALATED: ("无人确认, 升级", "unacknowledged, escalated"),
    Kind.RENOTIFIED: ("仍未确认, 再次通知", "still unacknowledged, told again"),
    Kind.RELEASED: ("阻挡已解除, 仍在告警", "no longer held back, still burning"),
    Kind.CLOSED: ("关闭", "closed"),
    Kind.REFUSED: ("未能执行", "could not be done"),
}
DEEDS: Mapping[Deed, Pair] = {
    Deed.ACKNOWLEDGE: ("确认", "acknowledge"),
    Deed.ASSIGN: ("指派", "assign"),
    Deed.COMMENT: ("备注", "comment"),
    Deed.SHELVE: ("搁置", "shelve"),
    Deed.UNSHELVE: ("取消搁置", "end the shelf"),
    Deed.CLOSE: ("关闭", "close"),
    Deed.DRILL: ("演练", "drill"),
}
WHYS: Mapping[Why, Pair] = {
    Why.NOTHING: ("尚无读数", "no reading yet"),
    Why.BEYOND: ("越限", "beyond the limit"),
    Why.WITHIN: ("在限内", "within the limit"),
    Why.BETWEEN: ("在限值与恢复值之间", "between the limit and the clear limit"),
    Why.EXCUSED: ("维护、校准或停运, 不作判断", "maintenance, calibration or stopped: not judged"),
    Why.BROKEN: ("仪表自报故障", "the instrument says it is out of order"),
    Why.SILENT: ("无数据", "silent"),
    Why.TOO_FEW: ("有效读数不足, 不作判断", "too few valid readings: not judged"),
    Why.LEARNING: ("常态尚在学习", "the usual is still being learnt"),
}
REASONS: Mapping[str, Pair] = {
    "told": ("已通知", "told"),
    "no_news": ("此类变化不通知", "no news of this kind"),
    "disabled": ("接收人已停用", "the receiver is switched off"),
    "not_theirs": ("不在其负责范围", "not this receiver's"),
    "too_low": ("低于其接收级别", "below the severity this receiver takes"),
    "off_duty": ("不当班", "off duty"),
    "never_raised": ("未曾通知其告警", "was not told that it burns"),
    "no_cleared": ("不接收恢复通知", "takes no notices of ends"),
    "shelved": ("已搁置", "shelved"),
    "inhibited": ("被更严重的告警代表", "a graver alert stands for it"),
    "maintenance": ("检修中", "under maintenance"),
    "quiet": ("免打扰时段, 到时再发", "quiet hours: told when they end"),
    "grouped": ("合并到下一条", "told with the next"),
    "rate": ("超过每小时条数, 稍后再发", "over the hourly bound: told later"),
    "already": ("已知晓", "knows of it already"),
    "not_their_turn": ("升级给他人", "escalated to somebody else"),
    "over": ("通知前已恢复", "over before it was to be told"),
    "instead": ("代替未能送达者", "in the place of one who was not reached"),
    "gone": ("接收人已删除", "the receiver is no more"),
}
STATES: Mapping[str, Pair] = {
    "waiting": ("等待发送", "waiting"),
    "sent": ("已送达", "delivered"),
    "failed": ("发送失败", "failed"),
    "skipped": ("不通知", "not told"),
}
WAYS: Mapping[Way, Pair] = {
    Way.APPRISE: ("钉钉、企业微信、飞书、邮件、短信 (apprise)", "DingTalk, WeCom, Feishu, mail, SMS (apprise)"),
    Way.WEBHOOK: ("签名 Webhook", "signed webhook"),
    Way.MQTT: ("MQTT 告警主题", "MQTT alert topic"),
    Way.CONSOLE: ("控制台", "console"),
}


def say(pair: Pair, language: str) -> str:
    """Choose the language."""
    return pair[language != "zh"]


def severity(level: Severity, language: str) -> str:
    """Name a severity."""
    return ZH[level] if language == "zh" else EN[level]


def reason(word: str, by: str, language: str) -> str:
    """Say the reason of a decision, and what stands behind it; the words of a failure are said as they are."""
    said = say(REASONS[word], language) if word in REASONS else word
    return f"{said}: {by}" if by else said


def why(word: str, language: str) -> str:
    """Say why a verdict is what it is, as it was stored."""
    return say(WHYS[Why(word)], language) if word in set(Why) else word


def state(word: str, language: str) -> str:
    """Say how far a notice is."""
    return say(STATES[word], language) if word in STATES else word
