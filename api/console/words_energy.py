"""What the pages on energy and on carbon say."""

from api.console.wording import Words

WORDS: dict[str, Words] = {
    "room_energy": Words("用能", "Energy"),
    "energy_run": Words("时段", "Days"),
    "energy_run_day": Words("日", "Day"),
    "energy_run_week": Words("周", "Week"),
    "energy_run_month": Words("月", "Month"),
    "energy_run_range": Words("自定", "Range"),
    "energy_on": Words("日期", "Holding"),
    "energy_from": Words("从", "From"),
    "energy_to": Words("到", "To"),
    "energy_carrier": Words("品种", "Carrier"),
    "energy_beside": Words("前后时段", "Days beside"),
    "energy_previous": Words("上一期", "Before"),
    "energy_following": Words("下一期", "After"),
    "energy_until": Words("{days} · 截至 {at}", "{days} · up to {at}"),
    "energy_reading": Words("正在读取…", "Reading…"),
    "energy_none": Words("该时段没有数据", "Nothing is known of these days"),
    "energy_against": Words("较上期同时长 {change} (上期 {before})", "{change} on as long a time before ({before})"),
    "energy_all": Words("综合能源 (折标准煤)", "All energy (standard coal)"),
    "energy_basis_equivalent": Words("电力按等价值", "electricity at its equivalent value"),
    "energy_basis_calorific": Words("电力按当量值", "electricity at its calorific value"),
    "energy_partial": Words("为已知部分; {n} 项缺数据或缺因子", "what is known; {n} parts lack data or a factor"),
    "energy_curve": Words("{carrier}用量", "{carrier} used"),
    "energy_curve_sub": Words(
        "深色为实测, 浅色为估算, 虚线为上一期; 空缺表示没有数据",
        "dark is measured, light estimated, dashed the run before; a gap is missing",
    ),
    "energy_by_day": Words("每日", "By day"),
    "energy_by_minutes": Words("每 {n} 分钟", "By {n} minutes"),
    "energy_before": Words("上一期", "Run before"),
    "energy_sankey": Words("能流图", "Where the energy goes"),
    "energy_sankey_sub": Words("各品种折标准煤后到各企业; {basis}", "Carriers to enterprises in tce; {basis}"),
    "energy_rest": Words("其余 {n} 家", "{n} others"),
    "energy_entered": Words("{carrier} (填报)", "{carrier} (entered)"),
    "energy_left": Words("图中没有或不全的部分", "Not, or not wholly, in the picture"),
    "energy_left_sub": Words("缺数据或缺因子时不按 0 计", "What is missing is never taken as 0"),
    "energy_out": Words("送出多于购入, 净 {tce} tce, 不画", "More went out than came in, {tce} tce net; not drawn"),
    "energy_ranking": Words("企业排名 · {carrier}", "Enterprises by {carrier}"),
    "energy_ranking_sub": Words(
        "变化与上期同样时长相比; 任一期已知时间不足 95 % 时不比",
        "Changes compare as long a time of the run before; less than 95 % known on either side is not compared",
    ),
    "energy_amount": Words("用量", "Used"),
    "energy_share": Words("占比", "Share"),
    "energy_change": Words("较上期", "Change"),
    "energy_tce": Words("综合能源", "All energy"),
    "energy_empty_title": Words("该时段还没有用量", "No consumption of these days yet"),
    "energy_empty": Words(
        "用量由总表的累计读数算出, 每 5 分钟更新。请确认总表在线, 或换一个时段。",
        "Consumption follows from the registers of boundary meters every 5 minutes. See that they report, or choose "
        "other days.",
    ),
    # --- carbon ---
    "room_carbon": Words("碳排放", "Carbon"),
    "carbon_trend": Words("近 12 个月碳排放", "CO2 over twelve months"),
    "carbon_trend_sub": Words(
        "每月两柱: 左为位置法, 右为市场法; 折线为强度 (位置法)",
        "Two bars a month: location-based left, market-based right; the line is the intensity (location-based)",
    ),
    "carbon_lacking": Words(
        "{months} 缺数据或缺因子, 柱为已知部分", "{months}: data or a factor are missing, the bars are what is known"
    ),
    "carbon_members": Words("各企业碳排放", "CO2 by enterprise"),
    "carbon_members_sub": Words(
        "单位 t CO₂; 点数值看公式、输入与修订", "In t CO₂; click a value for formula, inputs and revisions"
    ),
    "carbon_col_co2": Words("合计", "All"),
    "carbon_col_co2_market": Words("市场法合计", "All, market"),
    "carbon_col_co2_fuel": Words("燃料", "Fuel"),
    "carbon_col_co2_process": Words("过程", "Process"),
    "carbon_col_co2_heat": Words("热力", "Heat"),
    "carbon_col_co2_electricity": Words("电力", "Electricity"),
    "carbon_col_carbon_intensity": Words("强度", "Intensity"),
    "carbon_factors": Words("采用的因子", "Factors used"),
    "carbon_factors_sub": Words("本期两种方法用到的因子", "Those of this term, by both ways"),
    "carbon_factors_none": Words("本期没有用到因子", "No factor was used for this term"),
    "carbon_set": Words("因子集", "Set"),
    "carbon_region_year": Words("地区 · 数据年", "Region · data year"),
    "carbon_to_factors": Words("查看全部因子", "See every factor"),
}
