"""Messages in quarantine: how many a day, of whom, and why."""

from grafana import alerts, links, sql
from grafana.curve import Curve
from grafana.look import Code, Column
from grafana.query import asked
from grafana.sources import ZONE
from grafana.table import Table
from grafana.words import Said, Words
from park.reason import WORDS

HELD = "FROM quarantine q LEFT JOIN meter m ON m.id = q.meter LEFT JOIN enterprise e ON e.id = m.enterprise"
REASONS = {str(reason): Code(Said(words.zh, words.en)) for reason, words in WORDS.items()}
QUARANTINE = links.to_console("/quarantine", Said("隔离区", "Quarantine"))


def by_day(words: Words) -> Curve:
    """Draw how many were held each day."""
    named = sql.values([(name, words.title(code.said)) for name, code in REASONS.items()])
    day = f"date_trunc('day', q.at AT TIME ZONE '{ZONE}') AT TIME ZONE '{ZONE}'"
    return Curve(
        key="held-days",
        title=Said("每日隔离报文", "Messages held by day"),
        about=Said(
            "按原因; 同一报文同一原因只留一次。", "By reason; the same message is held once for the same reason."
        ),
        asks=[
            asked(
                f"SELECT {day} AS time, coalesce(r.said, q.reason) AS metric, count(*) AS value {HELD} "
                f"LEFT JOIN {named} AS r(name, said) ON r.name = q.reason WHERE $__timeFilter(q.at) "
                f"AND (e.id IS NULL OR {sql.chosen()}) GROUP BY 1, 2 ORDER BY 1",
                table=False,
            )
        ],
        bars=True,
        stacked=True,
        nothing=Said("时段内没有隔离报文", "nothing was held within the range"),
        doors=(QUARANTINE,),
    )


def reasons(words: Words) -> Table:
    """List why, and of whom."""
    heads = (
        ("q.reason", Said("原因", "Reason")),
        (f"coalesce({sql.named('m', words)}, q.meter, '—')", alerts.METER),
        ("count(*)", Said("条数", "Messages")),
        ("max(q.at)", Said("最近", "Newest")),
    )
    columns = ", ".join(f"{value} AS {sql.called(said, words)}" for value, said in heads)
    return Table(
        key="held-table",
        title=Said("隔离原因", "Why messages are held"),
        about=Said(
            "按原因与设备, 条数多的在前; 去控制台看怎么修正并重放。",
            "By reason and meter; the console says how to mend and replays.",
        ),
        asks=[
            asked(
                f"SELECT {columns} {HELD} WHERE $__timeFilter(q.at) AND (e.id IS NULL OR {sql.chosen()}) "
                "GROUP BY q.reason, q.meter, m.id ORDER BY 3 DESC, 4 DESC LIMIT 100"
            )
        ],
        columns=[
            Column(heads[0][1], codes=REASONS),
            Column(heads[2][1], unit="count", width=80),
            Column(heads[3][1], unit="moment", width=160),
        ],
        nothing=Said("时段内没有隔离报文", "nothing was held within the range"),
        doors=(QUARANTINE,),
    )
