"""The tables of the page about devices: codecs, shipped maps, and what is counted of messages that are let pass."""

from collections.abc import Iterable, Sequence
from typing import Final

from park.decode import DIALECTS
from park.decode.json_maps import maps

TOPICS: Final = {
    "native": ("约定主题", "the contract's"),
    "json": ("`topic`, 或约定主题", "`topic`, or the contract's"),
    "line": ("`topic`, 或约定主题", "`topic`, or the contract's"),
    "sparkplug": ("`spBv1.0/组/…/节点[/设备]`, 或约定主题", "`spBv1.0/group/…/node[/device]`, or the contract's"),
    "hj212": ("`hj212/MN`, 或约定主题", "`hj212/MN`, or the contract's"),
    "senml": ("`topic`, 或约定主题", "`topic`, or the contract's"),
}
REMARKS: Final = {
    "no_field": ("json", "台账所写的路径在报文中都不存在: 写错了, 或是另一种报文",
                 "none of the registered paths is in the message: mistyped, or another kind of message"),
    "length": ("hj212", "长度字段不对而校验码相符: 照常读取",
               "a wrong length, but a fitting checksum: read all the same"),
    "command": ("hj212", "不含数据的命令或应答", "a command or an answer, without data"),
    "extremes": ("hj212", "最小值与最大值 (Min、Max) 不入库", "Min and Max are not stored"),
    "amount": ("hj212", "时段累计 (Cou) 不入库, 它不是表码",
               "Cou, a period's amount, is not stored: it is no register"),
    "zs": ("hj212", "没有折算指标的折算值", "a value at reference oxygen of what has no such metric"),
    "factor": ("hj212", "认识但没有对应指标的因子", "a factor that is known and has no metric"),
    "device_flag": ("hj212", "设备标志 EFlag", "EFlag of the device"),
    "flag": ("hj212", "不认识的数据标记", "a letter of Flag that nobody knows"),
    "field": ("hj212", "不认识的字段", "a field that nobody knows"),
    "gap": ("sparkplug", "报文序号有缺: 已请求重新上线", "numbers of messages are missing: a rebirth was asked for"),
    "transient": ("sparkplug", "发送方标明不保存的值", "a value that its sender wants kept nowhere"),
    "no_number": ("sparkplug senml", "未映射的文字或二进制值", "text or data that nothing maps"),
    "stranger": ("line senml", "同一报文中不属于任何设备的行或记录",
                 "a line or record that is no meter's, beside others"),
    "sum": ("senml", "未映射的累计值 (s)", "a sum (s) that nothing maps"),
}  # fmt: skip


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def codec_table(*, zh: bool) -> str:
    """Every codec."""
    rows = (
        (
            f"`{each.name}`",
            each.zh if zh else each.en,
            TOPICS[each.name][not zh],
            " ".join(f"`{kind}`" for kind in each.content_types),
        )
        for each in DIALECTS.values()
    )
    return table(("codec", "是", "主题", "MQTT 5 内容类型") if zh else ("codec", "is", "topics", "content type"), rows)


def map_table(*, zh: bool) -> str:
    """Every shipped map: of each metric where it is looked for, and in which unit."""
    rows = []
    for each in maps().values():
        found: dict[tuple[str, str], list[str]] = {}
        for row in each.rows:
            found.setdefault((row.metric, row.unit), []).append(f"`{row.path}`")
        rows += [(f"`{each.name}`", f"`{metric}`", unit, " ".join(paths)) for (metric, unit), paths in found.items()]
    head = ("map", "指标", "单位", "路径 (依次查找)") if zh else ("map", "metric", "unit", "paths, in order")
    return table(head, rows)


def remark_table(*, zh: bool) -> str:
    """Every word under which a message that is let pass is counted."""
    rows = ((f"`{word}`", codecs, zh_is if zh else en_is) for word, (codecs, zh_is, en_is) in REMARKS.items())
    return table(("词", "编码", "含义") if zh else ("word", "codec", "is"), rows)
