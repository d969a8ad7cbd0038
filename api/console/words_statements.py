"""What the pages on statements and entered activity say."""

from api.console.wording import Words

WORDS: dict[str, Words] = {
    "room_statements": Words("经济报表", "Statements"),
    "statements_tab_statements": Words("报表", "Statements"),
    "statements_tab_activities": Words("能源与排放填报", "Fuels and emissions entered"),
    "statements_tab_import": Words("导入文件", "Bring in a file"),
    "statements_count": Words("{year} 年共 {n} 份", "{n} for {year}"),
    "statements_year": Words("年份", "Year"),
    "statements_export": Words("导出 Excel", "Export to Excel"),
    "statements_template": Words("{term} 模板", "Template {term}"),
    "statements_no_enterprise_title": Words("还没有企业", "No enterprises yet"),
    "statements_no_enterprise": Words(
        "先在台账中登记企业, 再填报报表。", "Register the enterprises first; then enter what they report."
    ),
    "statements_empty_title": Words("今年还没有报表", "No statements for this year yet"),
    "statements_empty": Words(
        "下载模板填好后导入, 或点下面任意一格直接填写。有了增加值, 单位增加值能耗和碳排放才能算出。",
        "Fill in a template and bring it in, or press any cell below. Energy and carbon per value added need them.",
    ),
    "statements_enter_first": Words("填写第一份 ({term})", "Enter the first one ({term})"),
    "statements_progress": Words("各月上报进度", "Reported by month"),
    "statements_of": Words("{n} / {of} 家已报", "{n} of {of} reported"),
    "statements_month": Words("{n}月", "{n}"),
    "statements_grid": Words("企业与各期", "Enterprises and terms"),
    "statements_only_lacking": Words("只看缺报", "Only what lacks"),
    "statements_none_found": Words("没有符合条件的企业。", "No enterprise fits."),
    "statements_state_verified": Words("核定", "Verified"),
    "statements_state_flash": Words("快报", "Flash"),
    "statements_state_missing": Words("缺报", "Missing"),
    "statements_state_summed": Words("由各期合计", "Sum of its parts"),
    "statements_state_later": Words("未到期", "Not over yet"),
    "statements_mark_verified": Words("核", "V"),
    "statements_mark_flash": Words("快", "F"),
    "statements_revision": Words("第 {n} 版", "Revision {n}"),
    "statements_lines": Words("填报内容", "What is reported"),
    "statements_lines_sub": Words("右侧为上期与上年同期, 供核对", "The term before and the year before stand beside"),
    "statements_line": Words("指标", "Line"),
    "statements_value": Words("本期", "This term"),
    "statements_from_parts": Words("各期合计", "Sum of its parts"),
    "statements_differs": Words(
        "与各期合计不一致; 请核对, 两个数都会保留。", "Not what its parts add up to; check it. Both figures are kept."
    ),
    "statements_status": Words("状态", "Status"),
    "statements_reason": Words("修订原因", "Why it changes"),
    "statements_reason_hint": Words("如: 企业更正、统计局核定", "As: corrected by the enterprise, verified"),
    "statements_save": Words("保存", "Save"),
    "statements_form_note": Words(
        "保存不会覆盖旧数: 每次改动成为新的修订。清空一格表示撤回该数。增速填可比价的统计数。",
        "Nothing is overwritten: each change is a new revision. An emptied field withdraws its value. "
        "Growth is the published rate at comparable prices.",
    ),
    "statements_kept": Words("已保存为第 {n} 版。", "Kept as revision {n}."),
    "statements_nothing_new": Words("与已有的数相同, 没有新的修订。", "The same as what is kept; no new revision."),
    "statements_not_kept": Words("没有保存: 请改正下面的错误。", "Not kept: mend the mistakes below."),
    "statements_history": Words("修订", "Revisions"),
    "statements_history_sub": Words("旧的修订一直可查", "Earlier ones stay readable"),
    "statements_step_file": Words("第一步: 选择文件", "First: choose the file"),
    "statements_step_file_sub": Words("Excel (.xlsx) 或 CSV", "Excel (.xlsx) or CSV"),
    "statements_file_note": Words(
        "模板已填好企业和期别。选择文件后先检查, 逐格列出错误和将有的改动; 确认之后才会保存, 全部或全不。",
        "Templates name the enterprises and the term. A chosen file is looked at first, cell by cell; it is kept "
        "only when you say so, all of it or nothing.",
    ),
    "statements_choose": Words("选择文件…", "Choose a file…"),
    "statements_too_large": Words("文件超过 {n} MB; 请分成几个文件。", "The file exceeds {n} MB; split it."),
    "statements_step_look": Words("第二步: 核对 {name}", "Second: check {name}"),
    "statements_counts": Words(
        "新增 {added}, 修订 {changed}, 相同 {unchanged}, 空行 {blank}",
        "{added} new, {changed} changed, {unchanged} the same, {blank} left blank",
    ),
    "statements_has_mistakes": Words("{name}: 有 {n} 处错误, 没有保存", "{name}: {n} mistakes, nothing kept"),
    "statements_mend": Words("在文件中改正后, 再选择一次。", "Mend them in the file and choose it again."),
    "statements_cell": Words("单元格", "Cell"),
    "statements_mistake": Words("错误与改法", "What is wrong and how to mend it"),
    "statements_term": Words("期别", "Term"),
    "statements_change": Words("改动", "Change"),
    "statements_take_in": Words("确认导入", "Keep it all"),
    "statements_taken": Words("已导入: 新增 {added}, 修订 {changed}。", "Kept: {added} new, {changed} changed."),
    "statements_to_grid": Words("查看报表", "To the statements"),
    "activities_sub": Words(
        "没有计量的能源、工业过程排放与购入绿电; 已由总表计量的不要填报, 以免重复。",
        "Fuels without a meter, process emissions and green power; what a boundary meter counts is not entered again.",
    ),
    "activities_enter": Words("填报一项", "Enter one"),
    "activities_enter_sub": Words(
        "同一企业、期别、品种再填即为修订; 数量留空表示撤回, 0 表示没有使用",
        "The same enterprise, term and item again is a revision; an empty amount withdraws, 0 says none was used",
    ),
    "activities_item": Words("品种", "Item"),
    "activities_amount": Words("数量", "Amount"),
    "activities_unit": Words("单位", "Unit"),
    "activities_evidence": Words("依据", "Evidence"),
    "activities_evidence_hint": Words("发票、磅单、核算报告、绿证编号", "Invoice, weighing list, report, certificates"),
    "activities_reason_hint": Words("修订时填写", "For a revision"),
    "activities_metered": Words(
        "该企业的{item}已由进出口总表计量, 填报会被拒绝。", "{item} of this enterprise is metered; it will be refused."
    ),
    "activities_entered": Words("已填报", "Entered so far"),
    "activities_empty_title": Words("还没有填报", "Nothing entered yet"),
    "activities_empty": Words(
        "用煤、柴油等没有计量的能源时在上面填报; 用到停用为止每期都要填, 停用时填 0。",
        "Enter coal, diesel and what else is not metered above, for every term until it is no longer used: then 0.",
    ),
}
