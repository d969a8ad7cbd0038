"""One enterprise's indicators as points, what becomes of those that are missing, and the sum of them."""

from collections.abc import Sequence
from math import fsum

from park.evaluation.indicator import indicators
from park.evaluation.quantity import MISSING
from park.evaluation.result import Scored, Standard
from park.evaluation.said import Said, plain
from park.evaluation.scheme import WHOLE_WEIGHT, Cohort, Item, Missing
from park.evaluation.score import points
from park.evaluation.subject import Subject


def scored(item: Item, subject: Subject, held: Standard) -> Scored:
    """Score one indicator of one enterprise."""
    indicator = indicators()[item.key]
    value = indicator.of(subject.quantities)
    over, under = (subject.quantities.get(name, MISSING) for name in (indicator.numerator, indicator.denominator))
    raw, score, step = points(item, value, held)
    why = None
    if score is None:
        why = step
        score, step = _missing(item, held, step)
    return Scored(
        key=item.key,
        unit=indicator.unit,
        weight=item.weight,
        value=value.value,
        over=value.over,
        under=value.under,
        benchmark=held.benchmark,
        raw=raw,
        score=score,
        step=step,
        why=why,
        coverage=value.coverage,
        over_source=over.source,
        under_source=under.source,
        over_link=over.link,
        under_link=under.link,
    )


def whole(cohort: Cohort, scores: Sequence[Scored]) -> tuple[float | None, Said]:
    """Add up the points and write the sum; None and why where one must be waited for, or nothing is left to add."""
    items = {item.key: item for item in cohort.items}
    waiting = [one for one in scores if one.score is None and items[one.key].missing is not Missing.EXCLUDE]
    if waiting:
        names = [(indicators()[one.key], one.why or Said("", "")) for one in waiting]
        zh = "; ".join(f"{indicator.zh} ({why.zh})" for indicator, why in names)
        en = "; ".join(f"{indicator.en} ({why.en})" for indicator, why in names)
        return None, Said(f"暂不可算: {zh}", f"not yet: {en}")
    there = [one for one in scores if one.score is not None]
    if not there:
        return None, Said("暂不可算: 没有任何指标有数据", "not yet: no indicator has data")
    sum_ = fsum(one.score for one in there if one.score is not None)
    weight = fsum(one.weight for one in there)
    parts = " + ".join(plain(one.score) for one in there if one.score is not None)
    if len(there) == len(scores):
        return sum_, _same(f"{parts} = {plain(sum_)}")
    made = sum_ * WHOLE_WEIGHT / weight
    return made, _same(f"({parts}) × 100 ÷ {plain(weight)} = {plain(made)}")


def _same(sum_: str) -> Said:
    return Said(sum_, sum_)


def _missing(item: Item, held: Standard, why: Said) -> tuple[float | None, Said]:
    """Apply the scheme's rule for a missing value."""
    if item.missing is Missing.ZERO:
        return 0.0, Said(f"缺数 ({why.zh}), 按方案记 0 分", f"missing ({why.en}): 0 points by the scheme")
    if item.missing is Missing.EXCLUDE:
        return None, Said(
            f"缺数 ({why.zh}), 按方案不计此项, 其余权重放大", f"missing ({why.en}): left out, the others weigh more"
        )
    if item.missing is Missing.WAIT:
        return None, Said(f"缺数 ({why.zh}), 暂不计分", f"missing ({why.en}): not scored yet")
    if held.average is None:
        return None, Said(f"缺数 ({why.zh}), 组内也无平均分", f"missing ({why.en}), and the cohort has no average")
    shown = plain(held.average)
    return held.average, Said(
        f"缺数 ({why.zh}), 按方案取组内平均分 {shown}",
        f"missing ({why.en}): the cohort's average, {shown}, by the scheme",
    )
