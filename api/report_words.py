"""The words of reports that are carried about: titles of columns, names of sheets and facts."""

from typing import NamedTuple

from park.factor import Basis
from park.figure import Scope, State


class Said(NamedTuple):
    """One word in both languages."""

    zh: str
    en: str

    def pick(self, language: str) -> str:
        """Give it in one of them."""
        return self.en if language == "en" else self.zh


WORDS = {
    "intensity": Said("能碳指标", "Energy, carbon and value"),
    "closing": Said("结账报告", "Closed term"),
    "evaluation": Said("亩均效益评价计算表", "Evaluation: calculation sheet"),
    "park": Said("园区", "Park"),
    "of": Said("对象", "Of"),
    "term": Said("期间", "Term"),
    "basis": Said("电力折标口径", "Electricity counts as"),
    "policy": Said("园区政策修订", "Park policy revision"),
    "policy_column": Said("政策修订", "Policy"),
    "policy_default": Said("默认政策", "default"),
    "sets": Said("因子集", "Factor sets"),
    "exported": Said("导出", "Exported"),
    "closed": Said("结账", "Closed"),
    "note": Said("备注", "Note"),
    "forced": Said("仍要结账的理由", "Closed nevertheless"),
    "closing_digest": Said("冻结内容 SHA-256", "SHA-256 of what was frozen"),
    "subject": Said("对象", "Of"),
    "id": Said("编号", "Id"),
    "indicator": Said("指标", "Indicator"),
    "value": Said("值", "Value"),
    "unit": Said("单位", "Unit"),
    "measured": Said("实测", "Measured"),
    "estimated": Said("估算", "Estimated"),
    "missing": Said("缺失", "Missing"),
    "state": Said("状态", "State"),
    "why": Said("无值原因", "Why there is none"),
    "revision": Said("修订", "Revision"),
    "formula": Said("公式", "Formula"),
    "now": Said("现值", "Now"),
    "now_revision": Said("现修订", "Revision now"),
    "key": Said("能源或介质", "Of"),
    "factor": Said("因子", "Factor"),
    "source": Said("出处", "Source"),
    "region": Said("区域", "Region"),
    "data_year": Said("数据年", "Data year"),
    "published": Said("发布", "Published"),
    "checked": Said("核对", "Checked"),
    "yes": Said("已核", "yes"),
    "no": Said("待核", "to be checked"),
    "scheme": Said("评价方案", "Scheme"),
    "scheme_revision": Said("{name} (第 {n} 版)", "{name} (revision {n})"),
    "cohort": Said("分组", "Cohort"),
    "evaluated": Said("评价", "Evaluated"),
    "evaluation_revision": Said("结果版本", "Revision"),
    "evaluation_digest": Said("评价数据 SHA-256", "SHA-256 of the evaluation"),
    "numerator": Said("分子", "Above"),
    "denominator": Said("分母", "Below"),
    "benchmark": Said("基准值", "Benchmark"),
    "weight": Said("权重", "Weight"),
    "step": Said("算式", "Arithmetic"),
    "points": Said("得分", "Points"),
    "base": Said("指标得分: {step}", "Points of the indicators: {step}"),
    "adder": Said("加减分: {name} {points:+g} ({reason})", "Adder: {name} {points:+g} ({reason})"),
    "veto": Said("一票否决: {name} ({reason})", "Veto: {name} ({reason})"),
    "exclusion": Said("不参评: {name} ({reason})", "Excluded: {name} ({reason})"),
    "total": Said("总分 {total}   等级 {grade}   名次 {rank}", "Total {total}   Grade {grade}   Place {rank}"),
}
SIGNERS = (
    Said("制表", "Made by"),
    Said("复核", "Checked by"),
    Said("企业确认", "For the enterprise"),
    Said("日期", "Date"),
)
SHEETS = {
    Scope.PARK: Said("园区", "Park"),
    Scope.INDUSTRY: Said("行业", "Industries"),
    Scope.ENTERPRISE: Said("企业", "Enterprises"),
}
FACTORS = Said("因子", "Factors")
STATES = {State.FINAL: Said("正式", "final"), State.PROVISIONAL: Said("暂定", "provisional")}
RUNNING = Said("进行中", "running")
BASES = {Basis.EQUIVALENT: Said("等价值", "equivalent"), Basis.CALORIFIC: Said("当量值", "calorific")}


def word(key: str, language: str) -> str:
    """Give one word."""
    return WORDS[key].pick(language)
