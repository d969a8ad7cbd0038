"""What a balance of meters says, and why, with what to look for."""

from collections.abc import Mapping
from enum import StrEnum


class Verdict(StrEnum):
    """What a balance says."""

    OK = "ok"
    EXCESS = "excess"
    """More is lost than the bound allows: a leak, theft, or loads without a sub-meter."""
    NEGATIVE = "negative"
    """The sub-meters count more than was supplied: a wrong multiplier, or a boundary meter that is slow."""
    NO_BOUND = "no_bound"
    """The park has set no bounds for this carrier."""
    NOT_COMPARABLE = "not_comparable"


class Reason(StrEnum):
    """Why the verdict is what it is."""

    WITHIN = "within"
    ABOVE = "above"
    BELOW = "below"
    NO_BOUND = "no_bound"
    NO_BOUNDARY = "no_boundary"
    NO_SUBS = "no_subs"
    UNKNOWN = "unknown"
    """Nothing is known of some meters."""
    LOW_COVERAGE = "low_coverage"
    NOTHING_SUPPLIED = "nothing_supplied"


VERDICTS: Mapping[Reason, Verdict] = {
    Reason.WITHIN: Verdict.OK,
    Reason.ABOVE: Verdict.EXCESS,
    Reason.BELOW: Verdict.NEGATIVE,
    Reason.NO_BOUND: Verdict.NO_BOUND,
}
"""Every other reason is one not to compare."""
WORDS: Mapping[Reason, tuple[str, str]] = {
    Reason.WITHIN: (
        "损耗率 {rate} 在 {low} 至 {high} 之内。", "The loss of {rate} lies between {low} and {high}.",
    ),
    Reason.ABOVE: (
        "损耗率 {rate} 高于上限 {high}; 请查漏损、未装分表的负荷和倍率。",
        "The loss of {rate} is above {high}; look for leaks, loads without a sub-meter, and wrong multipliers.",
    ),
    Reason.BELOW: (
        "损耗率 {rate} 低于下限 {low}, 分表合计与总表不符; 请查总表与分表的倍率与接线。",
        "The loss of {rate} is below {low}: the sub-meters do not fit the boundary; check multipliers and wiring.",
    ),
    Reason.NO_BOUND: (
        "未设 {zh} 的损耗界限, 不作判断; 请在“折标与排放因子”的园区政策中填写。",
        "The park has set no bounds for the loss of {en}; enter them in its policy.",
    ),
    Reason.NO_BOUNDARY: (
        "没有登记{zh}进出口总表, 无从比较; 请登记总表或设虚拟总表。",
        "No boundary meter of {en} is registered; register one, or make a virtual one.",
    ),
    Reason.NO_SUBS: (
        "没有登记{zh}分表, 无从比较; 装有分表后请登记。",
        "No sub-meter of {en} is registered, so there is nothing to compare with; register those there are.",
    ),
    Reason.UNKNOWN: (
        "没有 {meters} 的数据, 无法比较; 请查看其是否在线。",
        "Nothing is known of {meters}; see whether it reports.",
    ),
    Reason.LOW_COVERAGE: (
        "{meters} 的数据完整率低于 {least}, 无法比较; 请补传或等数据补齐。",
        "Less than {least} of the time is known of {meters}; send what is missing, or wait for it.",
    ),
    Reason.NOTHING_SUPPLIED: (
        "该期间供入量为 {supplied} {unit}, 没有损耗率可言。",
        "{supplied} {unit} were supplied: there is no rate of loss.",
    ),
}  # fmt: skip


def verdict(reason: Reason) -> Verdict:
    """Say what a reason comes to."""
    return VERDICTS.get(reason, Verdict.NOT_COMPARABLE)


def sentences(reason: Reason, **parts: object) -> tuple[str, str]:
    """Say a reason in Chinese and English."""
    zh, en = WORDS[reason]
    return zh.format(**parts), en.format(**parts)
