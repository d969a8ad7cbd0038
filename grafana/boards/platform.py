"""平台: whether collector, stores and rules service keep up, told by what they write down and by nothing else.

No Prometheus is asked: a county's park has none.  What each program counts beside this is on its own `/metrics`.
"""

from grafana import influxql
from grafana.board import Board
from grafana.curve import Curve
from grafana.look import GREEN, ORANGE, RED, YELLOW, Code, Column
from grafana.query import Target, asked
from grafana.sources import SLOTS
from grafana.sql import called
from grafana.stat import Stat
from grafana.table import Table
from grafana.words import Said, Words
from park.metric import Medium

UID = "park-platform"
END = "to_timestamp($__unixEpochTo())"
MINUTES = ((0.0, GREEN), (300.0, YELLOW), (900.0, RED))
ROUNDS = ((0.0, GREEN), (2 * 3600.0, YELLOW), (6 * 3600.0, RED))
SECONDS = ((0.0, GREEN), (5.0, YELLOW), (60.0, RED))
# a metric that nearly every meter of a medium has: of how many readings come, one stands for all
USUAL = {
    Medium.ELECTRICITY: "p",
    Medium.WATER: "flow",
    Medium.GAS: "gas_flow",
    Medium.STEAM: "steam_flow",
    Medium.HEAT: "heat_power",
    Medium.EMISSION: "flue_flow",
    Medium.SAFETY: "temperature",
}
JOBS = {
    "rollup": Code(Said("分级汇总", "roll-up")),
    "accounts": Code(Said("用量核算", "accounts")),
    "figures": Code(Said("指标", "figures")),
    "alerts": Code(Said("告警监视", "alert watch")),
    "collector": Code(Said("采集", "collector")),
}


def board(words: Words) -> Board:
    """Make the board."""
    made = Board(
        UID,
        words,
        Said("平台", "The platform"),
        Said(
            "采集、暂存、入库、核算与告警是否跟得上。",
            "Whether collecting, storing, reckoning and alerting keep up.",
        ),
        refresh="30s",
    )
    for stat in _heads():
        made.add(stat, width=4, height=4)
    made.row("stores", Said("采集与入库", "Collecting and storing"))
    made.add(_stored(), width=16, height=9).add(_jobs(words), width=8, height=9)
    made.row("rules", Said("告警与通知", "Alerts and notices"))
    made.add(_known(), width=12).add(_told(), width=12)
    made.add(_notices(words), width=12, height=8).add(_tables(words), width=12, height=8)
    return made


def _heads() -> list[Stat]:
    age = f"SELECT extract(epoch FROM {END} - {{0}}) AS value FROM {{1}}"  # noqa: S608  # our own words
    rows = (
        (
            "heard",
            Said("距最近报文", "Since the last message"),
            age.format("max(heard)", "account"),
            "s",
            MINUTES,
            Said("全园最近一条报文到采集服务的时间。", "When the collector last received any message."),
        ),
        (
            "spooled",
            Said("暂存待入库读数", "Waiting in the spool"),
            "SELECT coalesce(sum(accepted - stored), 0) AS value FROM account",
            "count",
            ((0, GREEN), (10_000, YELLOW), (1_000_000, RED)),
            Said(
                "已接收而时序库尚未确认的读数; 被库拒绝的也算在内。",
                "Readings let in that the store has not confirmed yet; those it refused are among them.",
            ),
        ),
        (
            "watch",
            Said("告警监视心跳", "Heartbeat of the alert watch"),
            age.format("max(at)", "alert_watch"),
            "s",
            SECONDS,
            Said(
                "告警监视最近一次报到距今; 每几秒一次。",
                "When the alert watch last reported; it does every few seconds.",
            ),
        ),
        (
            "behind",
            Said("告警监视延迟", "How far the watch is behind"),
            "SELECT max(behind_ms) / 1000.0 AS value FROM alert_watch",
            "s",
            SECONDS,
            Said("最近读数到达时已有多旧。", "How old the newest reading was when the watch heard it."),
        ),
        (
            "unsent",
            Said("未送达通知", "Notices on their way"),
            "SELECT count(*) AS value FROM notice WHERE state = 'waiting'",
            "count",
            ((0, GREEN), (1, YELLOW), (20, RED)),
            Said("等待送出或重试的通知。", "Notices that wait to be sent, or to be tried again."),
        ),
        (
            "size",
            Said("业务数据库大小", "Size of the relational store"),
            "SELECT pg_database_size(current_database()) AS value",
            "bytes",
            (),
            Said("PostgreSQL 库的磁盘占用。", "What the PostgreSQL database takes on disk."),
        ),
    )
    return [
        Stat(key=f"n-{key}", title=said, about=about, asks=[asked(query)], unit=unit, limits=limits)
        for key, said, query, unit, limits, about in rows
    ]


def _stored() -> Curve:
    return Curve(
        key="stored",
        title=Said("入库读数 (各介质代表指标)", "Readings stored, of one usual metric of each medium"),
        about=Said(
            "每个时段入库的读数个数, 取自汇总, 每种介质一项代表指标; 骤降即有设备或链路中断。",
            "How many readings were stored in each slot, from the roll-ups, of one metric of each medium; where it "
            "drops, meters or a link are gone.",
        ),
        asks=[_counted(medium, metric) for medium, metric in USUAL.items()],
        unit="count",
        bars=True,
        stacked=True,
    )


def _counted(medium: Medium, metric: str) -> Target:
    return influxql.ask(
        f'SELECT sum("{metric}_count") FROM "{medium}" WHERE $timeFilter '  # noqa: S608  # our own words
        f"GROUP BY time({influxql.WIDTH}) fill(none) tz('Asia/Shanghai')",
        SLOTS,
        alias=str(medium),
    )


def _jobs(words: Words) -> Table:
    job, until, lag, due = Said("工作", "Work"), Said("进度", "Done until"), Said("落后", "Behind"), Said("待办", "Due")
    rows = (
        ("collector", "(SELECT max(heard) FROM account)", "(SELECT coalesce(sum(accepted - stored), 0) FROM account)"),
        ("rollup", "(SELECT min(until) FROM rollup)", "(SELECT count(*) FROM rollup_due)"),
        ("accounts", "(SELECT min(until) FROM accounted)", "(SELECT count(*) FROM interval_due)"),
        ("figures", "(SELECT max(at) FROM figure_revision)", "0"),
        ("alerts", "(SELECT max(at) FROM alert_watch)", "(SELECT count(*) FROM notice WHERE state = 'waiting')"),
    )
    made = " UNION ALL ".join(f"SELECT '{name}', {at}, {count}" for name, at, count in rows)
    heads = ", ".join(
        f"{value} AS {called(said, words)}"
        for value, said in (("job", job), ("at", until), (f"extract(epoch FROM {END} - at)", lag), ("due", due))
    )
    return Table(
        key="jobs",
        title=Said("各项工作的进度", "How far each work is"),
        about=Said(
            "汇总与核算每五分钟一轮, 汇总留一小时给迟到读数, 核算以最慢的表为准; 指标为最近一次改动。",
            "Roll-up and accounts go round every five minutes; the roll-up leaves an hour for late readings, the "
            "accounts are as far as their slowest meter; figures: their last change.",
        ),
        asks=[asked(f"SELECT {heads} FROM ({made}) AS t(job, at, due)")],  # noqa: S608  # our own words
        columns=[
            Column(job, codes=JOBS, width=100),
            Column(until, unit="moment"),
            Column(lag, unit="s", limits=ROUNDS, width=100),
            Column(due, unit="count", width=70),
        ],
        filters=False,
    )


def _known() -> Curve:
    """Draw how long it took from a device's own time until a change was known."""
    took = "extract(epoch FROM c.known_at - c.at)"
    ninth = f"percentile_cont(0.95) WITHIN GROUP (ORDER BY {took})"
    return Curve(
        key="known",
        title=Said("从读数到判定", "From reading to verdict"),
        about=Said(
            "告警变化的设备时间到服务获知之间的秒数, 每小时的中位与 95 分位; 断网补传不在内。",
            "Seconds from a device's own time to the change being known: median and 95th percentile by hour; what came "
            "after an outage is left out.",
        ),
        asks=[
            asked(
                f"SELECT $__timeGroup(c.known_at, '1h') AS time, percentile_cont(0.5) WITHIN GROUP (ORDER BY {took}) "  # noqa: S608
                f"AS median, {ninth} AS p95 FROM alert_change c WHERE $__timeFilter(c.known_at) AND c.who = '' "
                "AND NOT c.drill AND c.kind = 'raised' AND c.known_at - c.at < interval '10 minutes' "
                "GROUP BY 1 ORDER BY 1",
                table=False,
            )
        ],
        unit="s",
        limits=((1.0, ORANGE),),
        nothing=Said("时段内没有告警", "no alert within the range"),
    )


def _told() -> Curve:
    """Draw how long it took from a change being known until somebody was told."""
    took = "extract(epoch FROM n.sent - c.known_at)"
    return Curve(
        key="told",
        title=Said("从判定到送达", "From verdict to notice"),
        about=Said(
            "通知送出与告警获知之间的秒数, 每小时的中位与最大; 只计已送达的。",
            "Seconds from a change being known to its notice being sent: median and longest by hour, of those sent.",
        ),
        asks=[
            asked(
                f"SELECT $__timeGroup(n.sent, '1h') AS time, percentile_cont(0.5) WITHIN GROUP (ORDER BY {took}) "  # noqa: S608
                f"AS median, max({took}) AS longest FROM notice n JOIN alert_change c ON c.id = n.change "
                "WHERE $__timeFilter(n.sent) AND c.who = '' GROUP BY 1 ORDER BY 1",
                table=False,
            )
        ],
        unit="s",
        limits=((5.0, ORANGE),),
        nothing=Said("时段内没有送达的通知", "no notice was sent within the range"),
    )


def _notices(words: Words) -> Table:
    heads = (
        ("n.receiver", Said("接收方", "Receiver")),
        ("count(*) FILTER (WHERE n.state = 'sent')", Said("已送达", "Sent")),
        ("count(*) FILTER (WHERE n.state = 'waiting')", Said("等待中", "Waiting")),
        ("count(*) FILTER (WHERE n.state = 'failed')", Said("失败", "Failed")),
        ("count(*) FILTER (WHERE n.state = 'skipped')", Said("按规则不通知", "Not told, by the rules")),
        ("max(n.sent)", Said("最近送达", "Last sent")),
    )
    columns = ", ".join(f"{value} AS {called(said, words)}" for value, said in heads)
    return Table(
        key="notices",
        title=Said("通知", "Notices"),
        about=Said("时段内每个接收方的通知与结果。", "What became of each receiver's notices within the range."),
        asks=[
            asked(
                f"SELECT {columns} FROM notice n WHERE $__timeFilter(n.due) GROUP BY n.receiver ORDER BY 1"  # noqa: S608
            )
        ],
        columns=[
            *(Column(said, unit="count", width=110) for _, said in heads[1:5]),
            Column(heads[5][1], unit="moment"),
        ],
        nothing=Said("时段内没有通知", "no notice within the range"),
    )


def _tables(words: Words) -> Table:
    table, rows, size = Said("表", "Table"), Said("行数 (约)", "Rows, about"), Said("大小", "Size")
    return Table(
        key="tables",
        title=Said("业务库最大的表", "The largest tables"),
        about=Said("行数为数据库的估计。", "Rows as the database reckons them."),
        asks=[
            asked(
                f"SELECT c.relname AS {called(table, words)}, "  # noqa: S608  # our own words
                f"greatest(c.reltuples, 0)::bigint AS {called(rows, words)}, "
                f"pg_total_relation_size(c.oid) AS {called(size, words)} FROM pg_class c JOIN pg_namespace s "
                "ON s.oid = c.relnamespace WHERE c.relkind = 'r' AND s.nspname = current_schema() "
                "ORDER BY 3 DESC LIMIT 15"
            )
        ],
        columns=[Column(rows, unit="count"), Column(size, unit="bytes")],
    )
