"""What the pages on virtual meters and balance say."""

from api.console.wording import Words

WORDS: dict[str, Words] = {
    "room_balance": Words("平衡与损耗", "Balance"),
    "balance_month": Words("月份", "Month"),
    "balance_carrier": Words("品种", "Carrier"),
    "balance_look": Words("查看", "Show"),
    "balance_until": Words("{month}, 截至 {at}", "{month}, up to {at}"),
    # --- picture ---
    "balance_tile_rate": Words("综合损耗率", "Loss of all"),
    "balance_tile_rate_of": Words("可比 {n} / {of} 家", "{n} of {of} comparable"),
    "balance_tile_lost": Words("损耗量", "Lost"),
    "balance_tile_supplied": Words("供入 {n}", "{n} supplied"),
    "balance_ok": Words("正常", "as it should be"),
    "balance_excess": Words("损耗超限", "too much lost"),
    "balance_negative": Words("分表大于总表", "sub-meters exceed supply"),
    "balance_no_bound": Words("未设界限", "no bounds set"),
    "balance_note_excess": Words("漏损、未装表负荷或倍率有误", "leaks, unmetered loads, multipliers"),
    "balance_note_negative": Words("倍率、接线或归属有误", "multipliers, wiring, belonging"),
    "balance_note_not_comparable": Words("原因见下", "why, see below"),
    "balance_picture": Words("总表与分表", "Boundary against sub-meters"),
    "balance_picture_sub": Words(
        "各分表占供入量的份额; 绿色区间内的缺口为允许损耗",
        "Each sub-meter's share of what was supplied; a gap that ends in the green band is allowed",
    ),
    "balance_more": Words("; 另有 {n} 家见下表", "; {n} more in the table"),
    "balance_and_more": Words("{meter} 等 (另 {n} 块)", "{meter} and {n} more"),
    "balance_picture_none": Words(
        "本月没有可以比较的总表与分表; 原因见下。", "Nothing to compare this month; see why below."
    ),
    "balance_supplied": Words("供入量", "Supplied"),
    "balance_subs": Words("分表合计", "Sub-meters"),
    "balance_loss": Words("损耗", "Lost"),
    "balance_loss_bad": Words("超限损耗", "Lost beyond the bound"),
    # --- rows ---
    "balance_table": Words("逐户平衡", "Balance of each enterprise"),
    "balance_table_sub": Words(
        "供入 = 总表净购入 + 自发电; 损耗 = 供入 − 分表合计; 界限在“折标与排放因子”的口径中设定",
        "Supplied = net through the boundary + own generation; bounds are set in the park's policy",
    ),
    "balance_verdict": Words("结论", "Verdict"),
    "balance_rate": Words("损耗率", "Rate"),
    "balance_bound": Words("允许范围", "Bounds"),
    "balance_known": Words("数据完整率", "Known"),
    "balance_meters": Words("{n} 块表", "{n} meters"),
    "balance_shares": Words("实测 {measured} · 估算 {estimated}", "{measured} measured · {estimated} estimated"),
    "balance_not_comparable": Words("无法比较", "Not comparable"),
    "balance_not_comparable_sub": Words(
        "缺数据不当作 0, 因此不下结论", "What is missing is not 0, so nothing is concluded"
    ),
    "balance_no_subs": Words("{n} 家没有分表", "{n} without sub-meters"),
    "balance_empty_title": Words("还没有可以比较的分表", "No sub-meter to compare with yet"),
    "balance_empty": Words(
        "所选品种只登记了总表。装有分表的, 请在台账中以用途 sub 登记并导入; 分表由几块表合成的, 可在下方新建虚拟表。",
        "Only boundary meters are registered for this carrier. Register sub-meters with the role `sub` and import the "
        "file; where one is made of several devices, make a virtual meter below.",
    ),
    # --- virtual meters ---
    "virtual_panel": Words("虚拟表", "Virtual meters"),
    "virtual_panel_sub": Words(
        "没有实物、由公式计量的表; 公式只解析, 不执行",
        "Counted by a formula over devices; formulas are read, never run",
    ),
    "virtual_none_title": Words("还没有虚拟表", "No virtual meter yet"),
    "virtual_none": Words(
        "两路进线合计、转供扣减、按比例分摊, 都可以用公式表示, 例如 e01-main − 30 % × e02-main。",
        "Two feeds together, a tenant's part taken off, a share by agreement: as e01-main - 30 % * e02-main.",
    ),
    "virtual_new": Words("新建虚拟表", "Make a virtual meter"),
    "virtual_change": Words("修改", "Change"),
    "virtual_id": Words("编号", "Id"),
    "virtual_name": Words("名称", "Name"),
    "virtual_enterprise": Words("企业", "Enterprise"),
    "virtual_carrier": Words("品种", "Carrier"),
    "virtual_role": Words("用途", "Role"),
    "virtual_since": Words("起始月 (空为一直)", "First month (empty: always)"),
    "virtual_until": Words("截止月 (空为不限)", "Last month (empty: none)"),
    "virtual_formula": Words("公式", "Formula"),
    "virtual_formula_hint": Words(
        "设备编号与数字, + - * / % 和括号; 减号两边留空格。点按编号可插入。",
        "Ids and numbers with + - * / % and parentheses; spaces around a minus. Press an id to put it in.",
    ),
    "virtual_reason": Words("原因", "Reason"),
    "virtual_save": Words("保存虚拟表", "Keep it"),
    "virtual_withdraw": Words("撤回", "Take back"),
    "virtual_withdraw_sure": Words("确认撤回", "Take it back"),
    "virtual_revision": Words("第 {n} 版 · {who}", "revision {n} · {who}"),
    "virtual_came_to": Words("{day}: {amount} (实测 {share})", "{day}: {amount} ({share} measured)"),
    "virtual_would_come_to": Words(
        "公式可用; {day} 为 {amount} (实测 {share})",
        "The formula holds; on {day} it came to {amount} ({share} measured)",
    ),
}
