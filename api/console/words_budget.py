"""What the panel on budgets says."""

from api.console.wording import Words

WORDS: dict[str, Words] = {
    "budget_panel": Words("企业年度预算: 用能与碳排放", "Enterprises' budgets of energy and carbon"),
    "budget_sub": Words("条为已用份额, 竖线为时间已过份额", "bar: share used; line: share of the year gone"),
    "budget_none_title": Words("{year} 年还没有填报预算", "No budgets for {year} yet"),
    "budget_none": Words(
        "填入企业本年可用的能耗 (tce) 或碳排放 (tCO2) 与依据; 用量由年初至今的数字自动取得, 超前时告警。",
        "Enter what an enterprise may use this year, in tce or tCO2, and on what ground; what is used comes from the "
        "figure of the year to date, and who is ahead of the year is told by an alert.",
    ),
    "budget_none_yet": Words("本年尚无预算, 由账务管理人员填报。", "Nobody has entered budgets for this year."),
    "budget_kind_energy": Words("能耗", "energy"),
    "budget_kind_co2": Words("碳排放", "carbon"),
    "budget_state_over": Words("已超预算", "Over budget"),
    "budget_state_ahead": Words("超前", "Ahead"),
    "budget_state_within": Words("预算内", "Within"),
    "budget_state_unknown": Words("暂不可比", "Not comparable"),
    "budget_used": Words("已用 {used} %", "{used} % used"),
    "budget_gone": Words("时间已过 {gone} %", "{gone} % of the year gone"),
    "budget_pace": Words("为时间进度的 {pace} %", "{pace} % of what is allowed by now"),
    "budget_known": Words("有数据 {share}", "{share} known"),
    "budget_figure": Words("用量依据", "What is used"),
    "budget_new": Words("填报预算", "Enter a budget"),
    "budget_revise": Words("修订", "Revise"),
    "budget_kind": Words("类别", "Kind"),
    "budget_amount": Words("全年预算 ({unit})", "The year's budget ({unit})"),
    "budget_amount_new": Words("全年预算", "The year's budget"),
    "budget_back_hint": Words("留空即撤销", "empty takes it back"),
    "budget_reason": Words("依据", "Ground"),
    "budget_reason_hint": Words("文号、日期、调整原因", "document, date, why it changes"),
}
