"""数据质量: whether meters are heard, how much of the time is known, what was not let in, what came late."""

from grafana import alerts, held, influxql, links, registers, sql, variable
from grafana.board import Board
from grafana.curve import Curve
from grafana.look import GREEN, ORANGE, RED, YELLOW, Code, Column
from grafana.query import asked
from grafana.sources import DAYS, ZONE
from grafana.stat import Stat
from grafana.table import Table
from grafana.words import Said, Words
from park.carrier import by_medium

UID = "park-quality"
END = "to_timestamp($__unixEpochTo())"
PATIENCE = "3 * m.period_ms / 1000.0 + 60"
"""Seconds after which a meter counts as silent: three of its periods and a minute."""
SILENT = f"(a.heard IS NULL OR extract(epoch FROM {END} - a.heard) > {PATIENCE})"
METERS = "FROM meter m JOIN enterprise e ON e.id = m.enterprise LEFT JOIN account a ON a.meter = m.id"
METERED = " OR ".join(influxql.carrier(one.name) for one in by_medium().values())
COVERAGE = ((0.0, RED), (0.9, ORANGE), (0.95, YELLOW), (0.98, GREEN))


def board(words: Words) -> Board:
    """Make the board."""
    made = Board(
        UID,
        words,
        Said("数据质量", "Quality of data"),
        Said(
            "在线、采集完整、计量覆盖、隔离与迟到。",
            "Meters heard, messages complete, time covered, what was held and what came late.",
        ),
        start="now-31d",
        refresh="1m",
        variables=[variable.enterprise(words)],
    )
    for stat in _heads():
        made.add(stat, width=3, height=4)
    made.row("coverage", Said("覆盖", "Coverage"))
    made.add(_coverage(), width=12, height=9).add(_by_enterprise(words), width=12, height=9)
    made.row("meters", Said("设备", "Meters"))
    made.add(_meters(words), width=24, height=11)
    made.row("held", Said("隔离与迟到", "Held and late"))
    made.add(held.by_day(words), width=12, height=9).add(held.reasons(words), width=12, height=9)
    made.add(_late(words), width=12, height=8).add(_reviews(words), width=12, height=8)
    return made


def _heads() -> list[Stat]:
    chosen = f"{METERS} WHERE {sql.chosen()}"
    stopped = f"{held.HELD} WHERE $__timeFilter(q.at) AND (e.id IS NULL OR {sql.chosen()})"
    of = "JOIN meter m ON m.id = {0}.meter JOIN enterprise e ON e.id = m.enterprise"
    due = f"FROM interval_due d {of.format('d')} WHERE {sql.chosen()}"
    open_ones = (
        f"FROM suspicion s {of.format('s')} WHERE s.withdrawn_at IS NULL AND {registers.UNDECIDED} AND {sql.chosen()}"
    )
    rows = (
        ("meters", Said("设备", "Meters"), f"count(*) AS value {chosen}", "count", (),
         Said("登记的设备数。", "Registered.")),
        ("online", Said("在线率", "Heard"), f"avg(CASE WHEN {SILENT} THEN 0 ELSE 1 END) AS value {chosen}", "share",
         COVERAGE, Said("三个上报周期加一分钟内有报文的设备占比。",
                        "The share heard within three of their own periods and a minute.")),
        ("complete", Said("报文完整率", "Messages complete"),
         f"sum(a.received)::float / nullif(sum(a.received + a.missing), 0) AS value {chosen}", "share", COVERAGE,
         Said("收到的报文与按设备序号应有的报文之比, 自首次上报累计。",
              "Messages received of those the devices' own numbers tell of, since each was first heard.")),
        ("refused", Said("拒收率", "Refused"),
         f"sum(a.refused)::float / nullif(sum(a.accepted + a.refused), 0) AS value {chosen}", "share",
         ((0.0, GREEN), (0.001, YELLOW), (0.01, RED)),
         Said("未被接收的读数占比, 自首次上报累计。", "Readings that were not let in, since each was first heard.")),
        ("held", Said("隔离报文", "Held"), f"count(*) AS value {stopped}", "count", ((1, YELLOW), (1000, RED)),
         Said("时段内进入隔离区的报文数; 修正后可重放。",
              "Messages held within the range; mended, they can be replayed.")),
        ("late", Said("待补算", "To be reckoned again"), f"count(*) AS value {due}", "count", ((1, YELLOW), (500, RED)),
         Said("因迟到读数待重新核算的设备日数。", "Days of meters that late readings have made due again.")),
        ("reviews", Said("待复核", "To be decided"), f"count(*) AS value {open_ones}", "count",
         ((1, YELLOW), (20, RED)),
         Said("表底疑似换表、归零等, 等人判定。", "What looks like a replacement or reset waits for a person.")),
        ("lost", Said("缺号报文", "Numbers missing"), f"coalesce(sum(a.missing), 0) AS value {chosen}", "count",
         ((1, YELLOW), (1000, RED)),
         Said("按设备序号从未到达的报文数。", "Messages that never came, by the devices' own numbers.")),
    )  # fmt: skip
    return [
        Stat(
            key=f"n-{key}", title=said, about=about, asks=[asked(f"SELECT {query}")], unit=unit, limits=limits,
            decimals=2 if unit == "share" else None, nothing=Said("无记录", "none"),
        )
        for key, said, query, unit, limits, about in rows
    ]  # fmt: skip


def _coverage() -> Curve:
    return Curve(
        key="coverage",
        title=Said("每日计量覆盖率", "Time covered, by day"),
        about=Said(
            "各企业用量核算中真正测得的时间占比 (各表平均, 当日按全天计); 整日无数据的表不在内, 见设备表。",
            "The share of time really measured in each enterprise's consumption, averaged over its meters, today's of "
            "the whole day; a meter without any data that day is not in it: see the table of meters.",
        ),
        asks=[
            influxql.used(
                influxql.picked("enterprise"), f"({METERED})", what="mean(measured)", by=["enterprise"],
                alias="$tag_enterprise",
                every="1d", source=DAYS,
            )
        ],
        unit="share",
        most=1,
    )  # fmt: skip


def _by_enterprise(words: Words) -> Table:
    heads = (
        (sql.named("e", words), alerts.ENTERPRISE),
        ("count(*)", Said("设备", "Meters")),
        (f"count(*) FILTER (WHERE {SILENT})", Said("失联", "Silent")),
        ("sum(a.received)::float / nullif(sum(a.received + a.missing), 0)", Said("报文完整率", "Complete")),
        ("sum(a.refused)", Said("拒收", "Refused")),
        ("max(a.heard)", Said("最近上报", "Last heard")),
    )
    columns = ", ".join(f"{value} AS {sql.called(said, words)}" for value, said in heads)
    return Table(
        key="enterprises",
        title=Said("按企业", "By enterprise"),
        about=Said("失联: 三个上报周期加一分钟无报文。", "Silent: nothing for three of its periods and a minute."),
        asks=[
            asked(
                f"SELECT {columns}, e.id AS enterprise {METERS} WHERE {sql.chosen()} GROUP BY e.id "
                "ORDER BY 3 DESC, 4, e.position"
            )
        ],
        columns=[
            Column(heads[0][1], links=(links.to_enterprise("enterprise"),)),
            Column(heads[1][1], unit="count", width=70),
            Column(heads[2][1], unit="count", width=70, limits=((1, ORANGE),)),
            Column(heads[3][1], unit="share", decimals=2, limits=COVERAGE, width=100),
            Column(heads[4][1], unit="count", width=80),
            Column(heads[5][1], unit="moment", width=160),
            Column(Said("enterprise", "enterprise"), hidden=True),
        ],
    )


def _meters(words: Words) -> Table:
    late = "(SELECT count(*) FROM interval_due d WHERE d.meter = m.id)"
    refused = "(SELECT count(*) FROM quarantine q WHERE q.meter = m.id AND $__timeFilter(q.at))"
    heads = (
        (sql.named("e", words), alerts.ENTERPRISE),
        (sql.named("m", words), alerts.METER),
        (f"CASE WHEN {SILENT} THEN 'silent' ELSE 'heard' END", Said("状态", "State")),
        (f"extract(epoch FROM {END} - a.heard)", Said("距最近上报", "Since last heard")),
        ("a.received::float / nullif(a.received + a.missing, 0)", Said("报文完整率", "Complete")),
        ("a.missing", Said("缺号", "Missing")),
        ("a.duplicates", Said("重复", "Duplicates")),
        ("a.restarts", Said("重启", "Restarts")),
        ("a.refused", Said("拒收读数", "Refused")),
        (refused, Said("隔离", "Held")),
        (late, Said("迟到日", "Late days")),
    )
    columns = ", ".join(f"{value} AS {sql.called(said, words)}" for value, said in heads)
    states = {"silent": Code(Said("失联", "silent"), RED), "heard": Code(Said("在线", "heard"), GREEN)}
    return Table(
        key="meters",
        title=Said("设备, 最差在前", "Meters, the worst first"),
        about=Said(
            "失联的在前, 其次缺号多的; 点设备看它的读数与缺口。最多 500 台。",
            "The silent ones first, then by what is missing; a meter leads to its readings and gaps. 500 at most.",
        ),
        asks=[
            asked(
                f"SELECT {columns}, m.id AS meter, e.id AS enterprise {METERS} WHERE {sql.chosen()} "
                f"ORDER BY {SILENT} DESC, coalesce(a.missing, 0) + coalesce(a.refused, 0) DESC, m.position LIMIT 500"
            )
        ],
        columns=[
            Column(heads[0][1], links=(links.to_enterprise("enterprise"),)),
            Column(heads[1][1], links=(links.to_meter("enterprise", "meter"),)),
            Column(heads[2][1], codes=states, width=80),
            Column(heads[3][1], unit="s", width=110),
            Column(heads[4][1], unit="share", decimals=2, limits=COVERAGE, width=100),
            *(Column(said, unit="count", width=80) for _, said in heads[5:]),
            *(Column(said, hidden=True) for said in alerts.IDS[1:]),
        ],
    )


def _late(words: Words) -> Table:
    heads = (
        (sql.named("e", words), alerts.ENTERPRISE),
        (sql.named("m", words), alerts.METER),
        (f"to_char(d.day AT TIME ZONE '{ZONE}', 'YYYY-MM-DD')", Said("日期", "Day")),
        ("d.touched", Said("批次", "Batches")),
    )
    columns = ", ".join(f"{value} AS {sql.called(said, words)}" for value, said in heads)
    return Table(
        key="late",
        title=Said("迟到读数待补算", "Late readings, to be reckoned again"),
        about=Said(
            "迟到超过半小时的读数触及的设备与日期, 核算完即消失。",
            "Meters and days that readings more than half an hour late touched.",
        ),
        asks=[
            asked(
                f"SELECT {columns} FROM interval_due d JOIN meter m ON m.id = d.meter "  # noqa: S608  # our own words
                f"JOIN enterprise e ON e.id = m.enterprise WHERE {sql.chosen()} "
                "ORDER BY d.day DESC, m.position LIMIT 200"
            )
        ],
        columns=[Column(heads[3][1], unit="count", width=80)],
        nothing=Said("没有待补算的", "nothing is due"),
    )


def _reviews(words: Words) -> Table:
    heads = (
        ("s.at", Said("时间", "At")),
        (sql.named("e", words), alerts.ENTERPRISE),
        (sql.named("m", words), alerts.METER),
        ("s.kind", Said("疑似", "Looks like")),
        ("s.before_total", Said("之前示数", "Before")),
        ("s.after_total", Said("之后示数", "After")),
    )
    columns = ", ".join(f"{value} AS {sql.called(said, words)}" for value, said in heads)
    return Table(
        key="reviews",
        title=Said("待复核的表底事件", "Events of registers to be decided"),
        about=Said(
            "判定前按所示事件入账; 去控制台确认、更正或否定。",
            "Booked as it looks until somebody confirms, corrects or rejects it.",
        ),
        asks=[
            asked(
                f"SELECT {columns} FROM suspicion s JOIN meter m ON m.id = s.meter "  # noqa: S608  # our own words
                f"JOIN enterprise e ON e.id = m.enterprise WHERE s.withdrawn_at IS NULL AND {registers.UNDECIDED} "
                f"AND {sql.chosen()} ORDER BY s.at DESC LIMIT 200"
            )
        ],
        columns=[
            Column(heads[0][1], unit="moment", width=160),
            Column(heads[3][1], codes=registers.KINDS),
            Column(heads[4][1], unit="1", decimals=1),
            Column(heads[5][1], unit="1", decimals=1),
        ],
        nothing=Said("没有待复核的", "nothing waits"),
        doors=(links.to_console("/review", Said("复核", "Review")),),
    )
