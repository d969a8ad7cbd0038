"""Why a message, or a value of one, is not let in.  Each reason has a sentence that says how to mend it."""

from enum import StrEnum
from typing import NamedTuple


class Reason(StrEnum):
    """Why something was refused."""

    TOPIC = "topic"
    TOO_LARGE = "too_large"
    NOT_JSON = "not_json"
    WRONG_FORM = "wrong_form"
    TIME_FORM = "time_form"
    METRIC_TWICE = "metric_twice"
    EMPTY = "empty"
    UNKNOWN_QUALITY = "unknown_quality"
    UNKNOWN_CODEC = "unknown_codec"
    NOT_READABLE = "not_readable"
    CHECKSUM = "checksum"
    LENGTH = "length"
    NO_BIRTH = "no_birth"
    INCOMPLETE = "incomplete"
    UNKNOWN_SENDER = "unknown_sender"
    UNKNOWN_METER = "unknown_meter"
    WRONG_PLACE = "wrong_place"
    UNKNOWN_METRIC = "unknown_metric"
    UNKNOWN_UNIT = "unknown_unit"
    WRONG_DIMENSION = "wrong_dimension"
    NOT_FINITE = "not_finite"
    IN_FUTURE = "in_future"
    TOO_OLD = "too_old"
    NO_MULTIPLIER = "no_multiplier"
    STORE_REFUSED = "store_refused"
    DEFECT = "defect"


class Words(NamedTuple):
    """A short label and a sentence with `{subject}`, in both languages."""

    zh: str
    en: str
    zh_mend: str
    en_mend: str


WORDS: dict[Reason, Words] = {
    Reason.TOPIC: Words(
        "主题不合规", "Topic not of the contract's form",
        "主题 {subject} 不符合 前缀/园区/企业/设备/类别; 请在网关中改正发布主题。",
        "Topic {subject} is not prefix/park/enterprise/meter/kind; correct the gateway's publish topic.",
    ),
    Reason.TOO_LARGE: Words(
        "报文过大", "Message too large",
        "报文 {subject} 超出上限 (256 KiB、1000 条记录); 请让网关拆成多条发送。",
        "The message ({subject}) exceeds 256 KiB or 1,000 records; let the gateway split it.",
    ),
    Reason.NOT_JSON: Words(
        "不是有效的 JSON", "Not valid JSON",
        "报文无法按 JSON 解析: {subject}; 请检查网关的报文模板与字符编码 (UTF-8)。",
        "The payload is not JSON: {subject}; check the gateway's template and encoding (UTF-8).",
    ),
    Reason.WRONG_FORM: Words(
        "报文结构不符", "Payload not of the contract's form",
        "报文结构与约定不符: {subject}; 请对照接入说明中的示例。",
        "The payload departs from the contract: {subject}; compare it with the examples in the connection guide.",
    ),
    Reason.TIME_FORM: Words(
        "时间格式不明", "Time form not understood",
        "时间 {subject} 既不是带时区的 RFC 3339, 也不是毫秒整数; 本平台不猜测时区。",
        "Time {subject} is neither RFC 3339 with an offset nor integer milliseconds; nothing else is guessed.",
    ),
    Reason.METRIC_TWICE: Words(
        "同一字段出现两次", "The same key twice",
        "字段 {subject} 在同一对象中出现两次, 无法判断哪个为准; 请修正网关模板。",
        "Key {subject} stands twice in one object, so neither can be believed; correct the gateway's template.",
    ),
    Reason.EMPTY: Words(
        "没有测量值", "No values",
        "报文中没有任何测量值 ({subject})。",
        "The message carries no value ({subject}).",
    ),
    Reason.UNKNOWN_QUALITY: Words(
        "未知的质量标记", "Unknown quality flag",
        "质量标记 {subject} 不在约定之内。",
        "Quality flag {subject} is not one of the contract's.",
    ),
    Reason.UNKNOWN_CODEC: Words(
        "未知的编码方式", "Unknown codec",
        "台账为该设备登记的编码方式 {subject} 不存在; 请改正台账后回放。",
        "The registry names codec {subject}, which does not exist; correct the registry, then replay.",
    ),
    Reason.NOT_READABLE: Words(
        "报文无法解析", "Payload cannot be read",
        "报文无法按登记的编码方式解析: {subject}; 请核对台账中的 codec 与设备实际发送的格式。",
        "The payload cannot be read in the registered codec: {subject}; compare the codec with what is sent.",
    ),
    Reason.CHECKSUM: Words(
        "校验码不符", "Checksum does not fit",
        "校验码不符: {subject}; 请检查数采仪与线路, 或报文是否被网关改动。",
        "The checksum does not fit: {subject}; check the logger and the line, or whether a gateway changed the frame.",
    ),
    Reason.LENGTH: Words(
        "长度不符", "Length does not fit",
        "报文长度不符: {subject}; 报文可能被截断。",
        "The length does not fit: {subject}; the message may have been cut off.",
    ),
    Reason.NO_BIRTH: Words(
        "缺少上线报文", "No birth certificate yet",
        "尚未收到 {subject} 的上线报文 (birth), 无法得知别名所指; 已请求重新上线, 收到后在此回放即可。",
        "No birth of {subject} has come, so its aliases say nothing; a rebirth was asked for: replay once it is here.",
    ),
    Reason.INCOMPLETE: Words(
        "分包不全", "Part of a message in parts",
        "分包报文不全: {subject}; 其余分包到达后在此回放即可。",
        "Of a message in parts something is missing: {subject}; replay once the rest is here.",
    ),
    Reason.UNKNOWN_SENDER: Words(
        "发送方未登记", "Sender not registered",
        "没有登记以此身份上报的设备: {subject}; 在台账中登记该设备及其编码方式后回放。",
        "No meter is registered that speaks as {subject}; register it with its codec, then replay.",
    ),
    Reason.UNKNOWN_METER: Words(
        "设备未登记", "Meter not registered",
        "设备 {subject} 不在台账中; 登记后在此回放, 数据即可补入。",
        "Meter {subject} is not in the registry; register it, then replay, and its data come in.",
    ),
    Reason.WRONG_PLACE: Words(
        "设备与企业不符", "Meter under another enterprise",
        "{subject} 与台账登记的园区或企业不一致; 请核对主题或台账。",
        "{subject} differs from the park or enterprise in the registry; correct the topic or the registry.",
    ),
    Reason.UNKNOWN_METRIC: Words(
        "未知指标", "Unknown metric",
        "指标 {subject} 不在指标表中; 请改用指标表中的名称。",
        "Metric {subject} is not in the metric table; use a name from the table.",
    ),
    Reason.UNKNOWN_UNIT: Words(
        "未知单位", "Unknown unit",
        "无法识别单位: {subject}; 请改正报文或台账中的单位。",
        "Unit not recognised: {subject}; correct it in the payload or the registry.",
    ),
    Reason.WRONG_DIMENSION: Words(
        "单位量纲不符", "Unit of the wrong dimension",
        "单位与指标量纲不符: {subject}; 请改正报文或台账中的单位。",
        "The unit does not measure this metric: {subject}; correct it in the payload or the registry.",
    ),
    Reason.NOT_FINITE: Words(
        "数值无效", "Not a finite number",
        "{subject} 不是有限数值; 缺测请不要发送该字段。",
        "{subject} is not a finite number; leave the field out when there is no value.",
    ),
    Reason.IN_FUTURE: Words(
        "时间超前", "In the future",
        "{subject} 比接收时间超前 5 分钟以上; 请校准设备时钟 (NTP)。",
        "{subject} is more than 5 minutes ahead of its arrival; set the device's clock (NTP).",
    ),
    Reason.TOO_OLD: Words(
        "时间过早", "Before 2001",
        "{subject} 早于 2001 年; 设备时钟可能已复位, 或把秒当作毫秒发送。",
        "{subject} is before 2001; the device's clock was reset, or it sends seconds as milliseconds.",
    ),
    Reason.NO_MULTIPLIER: Words(
        "该时刻没有倍率", "No multiplier then",
        "{subject} 早于台账中第一个倍率的生效日期; 补登倍率后回放。",
        "{subject} lies before the first multiplier in the registry; add one, then replay.",
    ),
    Reason.STORE_REFUSED: Words(
        "数据库拒收", "Refused by the store",
        "时序库拒收该数据: {subject}。",
        "The telemetry store refused it: {subject}.",
    ),
    Reason.DEFECT: Words(
        "平台缺陷", "Defect of the platform",
        "平台处理此报文时出错 ({subject}); 报文已保留, 升级修复后回放即可。请把此处信息告知开发者。",
        "The platform failed on this message ({subject}); it is kept, and comes in by a replay after the mend. "
        "Please report this.",
    ),
}  # fmt: skip


REASONS = frozenset(Reason)


def quoted(text: str, most: int = 60) -> str:
    """Cut foreign text to a length and show what cannot be printed as `�`: no store or log must stumble over it."""
    short = text[:most]
    return short if short.isprintable() else "".join(letter if letter.isprintable() else "\ufffd" for letter in short)


def sentence(reason: str, subject: str, language: str = "zh") -> str:
    """Say what was wrong and how to mend it; a reason of a newer version is shown as it is."""
    if reason not in REASONS:
        return f"{reason}: {subject}"
    words = WORDS[Reason(reason)]
    return (words.zh_mend if language == "zh" else words.en_mend).format(subject=subject)
