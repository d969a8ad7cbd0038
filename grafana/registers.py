"""What one meter counted: consumption, how much of it is known, its registers, their events and days."""

from grafana import influxql, sql, variable
from grafana.curve import Curve
from grafana.look import GREEN, GREY, ORANGE, RED, Code, Column
from grafana.query import asked
from grafana.sources import STORE, ZONE
from grafana.table import Table
from grafana.words import Said, Words
from park.carrier import by_medium

THIS = influxql.picked("meter")
METER = "'${meter}'"
END = "to_timestamp($__unixEpochTo())"
UNDECIDED = (
    "NOT EXISTS (SELECT 1 FROM epoch d WHERE d.meter = s.meter AND d.metric = s.metric AND d.at = s.at "
    "AND d.kind = s.kind)"
)
"""Nobody has decided about a suspicion yet."""
KINDS = {
    "replacement": Code(Said("换表", "replacement")),
    "reset": Code(Said("表底归零", "reset")),
    "rollover": Code(Said("表底翻转", "rollover")),
    "multiplier": Code(Said("倍率变更", "change of multiplier")),
    "two_devices": Code(Said("两台设备同号", "two devices under one id"), RED),
}
STANDINGS = {
    "declared": Code(Said("登记", "declared"), GREEN),
    "confirmed": Code(Said("确认", "confirmed"), GREEN),
    "corrected": Code(Said("更正", "corrected"), GREEN),
    "rejected": Code(Said("否定", "rejected"), GREY),
    "open": Code(Said("待复核", "to be decided"), RED),
}


def register(words: Words) -> variable.Variable:
    """Give the register of the meter's medium, by name; `none` of what counts nothing."""
    rows = [(str(medium), one.register) for medium, one in by_medium().items() if one.register]
    found = f"SELECT r.name FROM {sql.values(rows)} AS r(medium, name) WHERE r.medium = '${{medium}}'"  # noqa: S608
    query = f"SELECT coalesce(({found}), 'none') AS __text, coalesce(({found}), 'none') AS __value"
    return variable.chosen("register", Said("表底", "Register"), words, query, many=False, hidden=True)


def used() -> Curve:
    """Draw consumption in slots."""
    return Curve(
        key="used",
        title=Said("用量", "Consumption"),
        about=Said(
            "由表底核算的用量, 单位随品种 (电 kWh、水 m³、气 Nm³、汽 t、热 GJ、污染物 kg); 含估算部分。",
            "As reckoned from registers, in the unit of its carrier (kWh, m³, Nm³, t, GJ; pollutants kg); what was "
            "estimated is in it.",
        ),
        asks=[influxql.used(THIS, by=["carrier"], alias="$tag_carrier")],
        unit="1",
        bars=True,
        nothing=Said("此设备不计用量", "it counts nothing"),
    )


def covered() -> Curve:
    """Draw how much of each slot is known."""
    return Curve(
        key="covered",
        title=Said("实测与估算占比", "Measured and estimated share"),
        about=Said(
            "每个时段内真正测得与按典型曲线估算的时间占比; 其余为缺失。",
            "The share of each slot that was really measured, and that was estimated by a typical profile; the rest is "
            "missing.",
        ),
        asks=[
            influxql.used(THIS, what="mean(measured)", alias="measured"),
            influxql.used(THIS, what="mean(estimated)", alias="estimated"),
        ],
        unit="share",
        columns=[Column(Said("estimated", "estimated"), color=ORANGE)],
        least=0,
        most=1,
        nothing=Said("此设备不计用量", "it counts nothing"),
    )


def registers() -> Curve:
    """Draw what its registers show."""
    return Curve(
        key="registers",
        title=Said("表底", "Registers"),
        about=Said("每个步长末的累计示数 (已乘倍率)。", "What registers show at the end of each step, multiplied."),
        asks=[
            influxql.ask(
                f'SELECT last("$register") FROM "$medium" WHERE {THIS} AND $timeFilter '  # noqa: S608  # our own words
                f"GROUP BY time({influxql.STEP}) fill(none)",
                STORE,
                alias="$register",
            )
        ],
        unit="1",
        steps=True,
        nothing=Said("此设备没有表底", "it has no register"),
    )


def epochs(words: Words) -> Table:
    """List what happened to its registers."""
    at, kind, standing, who = Said("时间", "At"), Said("事件", "Event"), Said("状态", "Standing"), Said("经手", "By")
    register = Said("表底", "Register")
    heads = ", ".join(sql.called(said, words) for said in (at, register, kind, standing, who))
    said = (
        "SELECT at, metric, kind, standing, who FROM (SELECT DISTINCT ON (metric, at, kind) * FROM epoch "  # noqa: S608
        f"WHERE meter = {METER} ORDER BY metric, at, kind, id DESC) AS e"
    )
    found = (
        f"SELECT s.at, s.metric, s.kind, 'open', '' FROM suspicion s WHERE s.meter = {METER} "  # noqa: S608  # our own words
        f"AND s.withdrawn_at IS NULL AND {UNDECIDED}"
    )
    return Table(
        key="epochs",
        title=Said("表底事件", "Events of registers"),
        about=Said(
            "登记或确认过的换表、归零、翻转、倍率变更, 与系统发现待复核的。",
            "Replacements, resets, rollovers and changes of multiplier: as declared, and as found and not decided yet.",
        ),
        asks=[asked(f"SELECT * FROM ({said} UNION ALL {found}) AS t({heads}) ORDER BY 1 DESC LIMIT 100")],  # noqa: S608
        columns=[Column(at, unit="moment"), Column(kind, codes=KINDS), Column(standing, codes=STANDINGS)],
        nothing=Said("没有", "none"),
    )


def days(words: Words) -> Table:
    """List its days, each with its opening and closing."""
    heads = (
        (f"to_char(day AT TIME ZONE '{ZONE}', 'YYYY-MM-DD')", Said("日期", "Day")),
        ("metric", Said("表底", "Register")),
        ("opening_total", Said("期初", "Opening")),
        ("closing_total", Said("期末", "Closing")),
        ("booked", Said("入账", "Booked")),
        ("estimated", Said("其中估算", "Estimated")),
        ("undecided", Said("待定读数", "Undecided")),
        ("off", Said("不平", "Off")),
    )
    columns = ", ".join(f"{value} AS {sql.called(said, words)}" for value, said in heads)
    return Table(
        key="days",
        title=Said("逐日账", "Day by day"),
        about=Said(
            "表底逐日期初、期末与入账; 「不平」不为 0 即核算有误。",
            "Opening, closing and what was booked of each local day; where it is off, the reckoning is wrong.",
        ),
        asks=[
            asked(
                f"SELECT {columns} FROM ledger_day WHERE meter = {METER} AND day <= {END} "  # noqa: S608  # our own words
                "ORDER BY day DESC, metric LIMIT 62"
            )
        ],
        columns=[
            *(Column(said, unit="1", decimals=1) for _, said in heads[2:6]),
            Column(heads[6][1], unit="count"),
            Column(heads[7][1], unit="1", decimals=1),
        ],
        nothing=Said("此设备没有表底", "it has no register"),
    )
