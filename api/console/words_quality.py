"""What the page on the quality of data says."""

from api.console.wording import Words

WORDS: dict[str, Words] = {
    "room_quality": Words("数据质量", "Data quality"),
    "quality_until": Words("{month}, 截至 {at}", "{month}, up to {at}"),
    "quality_lead": Words(
        "每台设备该来的数据来了多少, 用量有多少是实测、估算、缺失; 缺得最多的排在前面。",
        "What came of each meter's readings, and how much of its time is measured, estimated or missing; worst first.",
    ),
    "quality_month": Words("月份", "Month"),
    "quality_enterprise": Words("企业", "Enterprise"),
    "quality_all": Words("全园区", "The whole park"),
    "quality_look": Words("查看", "Look"),
    "quality_tile_measured": Words("实测", "Measured"),
    "quality_tile_estimated": Words("估算", "Estimated"),
    "quality_tile_missing": Words("缺失", "Missing"),
    "quality_tile_of": Words("{n} 台计量设备平均", "mean of {n} meters that count"),
    "quality_tile_waits": Words("待处理", "To be done"),
    "quality_tile_waits_of": Words(
        "复核 {reviews} · 补算 {late} 天 · 隔离 {held} 条", "{reviews} to review · {late} days late · {held} held"
    ),
    "quality_tile_waits_own": Words("复核 {reviews} · 补算 {late} 天", "{reviews} to review · {late} days late"),
    "quality_map": Words("逐日缺失", "Missing, day by day"),
    "quality_map_sub": Words(
        "一行一台设备, 一格一天, 颜色为缺失比例", "a row a meter, a cell a day, its missing share"
    ),
    "quality_of": Words("列出缺失最多的 {n} 台, 共 {of} 台", "the worst {n} of {of} meters"),
    "quality_share": Words("{share} % 缺失", "{share} % missing"),
    "quality_share_readings": Words("{share} % 缺失 (按条数)", "{share} % missing, by readings"),
    "quality_bars": Words("实测、估算与缺失", "Measured, estimated and missing"),
    "quality_bars_enterprises": Words("各企业, 设备等权", "by enterprise, each meter with one weight"),
    "quality_bars_meters": Words("各设备", "by meter"),
    "quality_no_bars": Words(
        "没有计量用量的设备。", "No meter here counts anything, so there are no shares of consumption."
    ),
    "quality_table": Words("各设备", "Meters"),
    "quality_collected": Words("采集率", "Collected"),
    "quality_lost": Words("断号", "Lost"),
    "quality_late": Words("待补算 (天)", "Days late"),
    "quality_reviews": Words("待复核", "To review"),
    "quality_held": Words("隔离", "Held"),
    "quality_flagged": Words("故障标志", "Flagged"),
    "quality_uncounted": Words(
        "设备超过 {n} 台, 采集率只统计列出的设备; 选一家企业可看全部。",
        "With more than {n} meters, readings are counted of those listed only; choose an enterprise to see all.",
    ),
    "quality_held_title": Words("本月隔离的报文", "Held in this month"),
    "quality_held_sub": Words("修正后可回放补入", "come in by a replay once mended"),
    "quality_held_n": Words("{n} 条", "{n} messages"),
    "quality_held_open": Words("前往隔离区", "To the quarantine"),
    "quality_nothing_title": Words("本月还没有数据", "Nothing of this month yet"),
    "quality_nothing": Words(
        "月份刚开始或尚未到来; 请选较早的月份, 或等首个 15 分钟核算完成。",
        "It has only begun, or is yet to come: choose an earlier one, or wait for the first quarter of an hour.",
    ),
}
