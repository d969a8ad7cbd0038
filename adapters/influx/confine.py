"""An InfluxQL query kept to one enterprise: every innermost SELECT gets the condition, or the query is refused.

InfluxDB's tokens open whole buckets, never one enterprise's series; so whoever may see one enterprise only asks through
here.  What goes on to the server is written anew from tokens that were understood, never passed through.

    SELECT mean("p") FROM "electricity" WHERE time > now() - 1h OR "meter" = 'e02-main' GROUP BY time(1m)
    SELECT mean("p") FROM "electricity" WHERE "enterprise" = 'e01' AND ( time > … OR "meter" = 'e02-main' ) GROUP BY …
"""

from collections.abc import Collection
from typing import Final

from adapters.influx import alerts, figures, interval_points
from adapters.influx.influxql import name, text
from adapters.influx.influxql_tokens import NotConfined, Token, tokens
from park.metric import Medium

FIELDS: Final = frozenset({"as", "distinct"})
CONDITION: Final = frozenset({"and", "or", "true", "false"})
TAIL_BEGINS: Final = frozenset({"group", "order", "limit", "offset", "slimit", "soffset", "fill", "tz"})
TAIL: Final = TAIL_BEGINS | {"by", "asc", "desc"}
KEYWORDS: Final = frozenset(
    {
        "all", "alter", "analyze", "and", "any", "as", "asc", "begin", "by", "cardinality", "continuous", "create",
        "database", "databases", "default", "delete", "desc", "destinations", "diagnostics", "distinct", "drop",
        "duration", "end", "every", "exact", "explain", "false", "field", "for", "from", "future", "grant", "grants",
        "group", "groups", "in", "inf", "insert", "into", "key", "keys", "kill", "limit", "measurement",
        "measurements", "name", "offset", "on", "or", "order", "password", "past", "policies", "policy", "privileges",
        "queries", "query", "read", "replication", "resample", "retention", "revoke", "select", "series", "set",
        "shard", "shards", "show", "slimit", "soffset", "stats", "subscription", "subscriptions", "tag", "to", "true",
        "tz", "user", "users", "values", "where", "with", "write",
    }
)  # fmt: skip
"""The language's own words: none of them is a name, unless it stands in double quotes."""
BY_ENTERPRISE: Final = frozenset({*Medium, interval_points.MEASUREMENT, alerts.MEASUREMENT})
"""Measurements whose points have the tag `enterprise`."""
DEEPEST: Final = 4
MOST_STATEMENTS: Final = 50


def confined(influxql: str, enterprise: str) -> str:
    """Write a query anew so that it reads the series of one enterprise alone.  Raises NotConfined."""
    return _Confining(list(tokens(influxql)), enterprise).statements()


class _Confining:
    """One query on its way through."""

    def __init__(self, given: list[Token], enterprise: str) -> None:
        self._given = given
        self._at = 0
        self._own = f"{name('enterprise')} = {text(enterprise)}"
        self._own_figures = f"{name('scope')} = {text('enterprise')} AND {name('id')} = {text(enterprise)}"

    def statements(self) -> str:
        """Write all statements."""
        written = []
        while self._here is not None:
            written.append(self._statement())
            if self._here is not None:
                self._take(";")
            if len(written) > MOST_STATEMENTS:
                raise NotConfined(
                    f"一次最多 {MOST_STATEMENTS} 条语句。", f"At most {MOST_STATEMENTS} statements at once."
                )
        if not written:
            raise NotConfined("查询为空。", "The query is empty.")
        return "; ".join(written)

    def _statement(self) -> str:
        if not self._is("show"):
            return self._select(0)
        self._take("show")
        if self._is("measurements"):
            self._take("measurements")
            return f"SHOW MEASUREMENTS WHERE {self._own}{self._tail()}"
        self._take("tag")
        self._take("values")
        source, own = "", self._own
        if self._is("from"):
            self._take("from")
            source, own = self._measurements()
            source = f" FROM {source}"
        self._take("with")
        self._take("key")
        self._take("=")
        key = self._name()
        return f"SHOW TAG VALUES{source} WITH KEY = {key}{self._where(own)}{self._tail()}"

    def _select(self, depth: int) -> str:
        if depth > DEEPEST:
            raise NotConfined(f"子查询最多 {DEEPEST} 层。", f"Subqueries go {DEEPEST} deep at most.")
        if not self._is("select"):
            raise self._refused("SELECT, SHOW MEASUREMENTS, SHOW TAG VALUES")
        self._take("select")
        fields = self._run(FIELDS, until={"from"})
        self._take("from")
        if not self._is("("):
            source, own = self._measurements()
            return f"SELECT{fields} FROM {source}{self._where(own)}{self._tail()}"
        self._take("(")
        inner = self._select(depth + 1)
        self._take(")")
        # What comes out of an enterprise's own points is its own; its tags may be gone.
        return f"SELECT{fields} FROM ({inner}){self._where(None)}{self._tail()}"

    def _measurements(self) -> tuple[str, str]:
        """Give the measurements, and what keeps their points to the enterprise."""
        named = [self._name()]
        while self._is(","):
            self._take(",")
            named.append(self._name())
        written = ", ".join(named)
        if all(one[1:-1] in BY_ENTERPRISE for one in named):
            return written, self._own
        if named == [name(figures.MEASUREMENT)]:
            return written, self._own_figures
        known = ", ".join(sorted(BY_ENTERPRISE))
        raise NotConfined(
            f"FROM {written}: 只能是 {known} 之中的, 或单独的 {figures.MEASUREMENT}。",
            f"FROM {written}: it takes {known}, or {figures.MEASUREMENT} alone.",
        )

    def _where(self, own: str | None) -> str:
        """Write the condition: the enterprise's own, and then whatever was asked, in brackets of its own."""
        asked = ""
        if self._is("where"):
            self._take("where")
            asked = self._run(CONDITION, until=TAIL_BEGINS)
            if not asked.strip():
                raise self._refused()
        parts = [part for part in (own, asked and f"({asked} )") if part]
        return f" WHERE {' AND '.join(parts)}" if parts else ""

    def _tail(self) -> str:
        """Write what follows the condition; nothing but its own words may begin it, or it would be one more source."""
        here = self._here
        if here is not None and here.sign not in {";", ")"} and here.word not in TAIL_BEGINS:
            raise self._refused()
        return self._run(TAIL)

    def _run(self, words: Collection[str], until: Collection[str] = ()) -> str:
        """Take tokens up to a word, the end of the statement, or a bracket that was opened before."""
        open_ = 0
        written: list[str] = []
        while (here := self._here) is not None and here.sign != ";":
            if open_ == 0 and (here.sign == ")" or here.word in until):
                break
            if here.word in KEYWORDS and here.word not in words:
                raise self._refused()
            open_ += (here.sign == "(") - (here.sign == ")")
            written.append(f" {here.text}" if here.apart or not written else here.text)
            self._at += 1
        if open_:
            raise NotConfined("括号没有闭合。", "A bracket is not closed.")
        return "".join(written)

    @property
    def _here(self) -> Token | None:
        return self._given[self._at] if self._at < len(self._given) else None

    def _is(self, what: str) -> bool:
        here = self._here
        return here is not None and what in {here.word, here.sign} - {""}

    def _take(self, what: str) -> None:
        if not self._is(what):
            raise self._refused(what)
        self._at += 1

    def _name(self) -> str:
        here = self._here
        if here is None or here.kind != "name":
            raise self._refused('"…"')
        self._at += 1
        return here.text

    def _refused(self, wanted: str = "") -> NotConfined:
        here = self._here
        zh, en = (
            ("末尾", "the end")
            if here is None
            else (f"第 {here.place} 个字符 {here.text}", f"{here.text}, letter {here.place}")
        )
        if wanted:
            return NotConfined(f"{zh}: 这里应为 {wanted.upper()}。", f"{en}: {wanted.upper()} belongs here.")
        return NotConfined(
            f"{zh}: 这里不能用这个词; 若是名称请加双引号。",
            f"{en}: this word is not taken here; if it is a name, it goes into double quotes.",
        )
