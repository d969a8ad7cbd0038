"""What is chosen above a board, and what follows from the time range by itself."""

from grafana_foundation_sdk.builders import dashboard as build
from grafana_foundation_sdk.models import dashboard as model
from grafana_foundation_sdk.models.dashboard import VariableHide, VariableOption, VariableRefresh, VariableSort

from grafana.query import ref
from grafana.sources import DAYS, HOURS, NAMES, PEAKS, QUARTERS, READINGS
from grafana.sql import CHOSEN, MONTH, MONTHS_ONLY, figures, text, values
from grafana.sql import chosen as of_chosen
from grafana.words import Said, Words
from park.factor import Basis
from park.policy import Policy

Variable = model.VariableModel
CONSOLE = "http://127.0.0.1:8000"
"""Where the console is until somebody says where it is for those who read the boards."""
BASES = {Basis.EQUIVALENT: Said("等价值", "Equivalent"), Basis.CALORIFIC: Said("当量值", "Calorific")}
RANGE = "$__unixEpochTo() - $__unixEpochFrom()"
"""Seconds the board looks at; the plugin writes the numbers in."""

# up to so many seconds of range: from where readings are taken, and in which steps they are drawn
STORES = (
    (6 * 3600, READINGS.uid, "1m"),
    (8 * 86400, QUARTERS.uid, "15m"),
    (93 * 86400, HOURS.uid, "1h"),
    (None, DAYS.uid, "1d"),
)
# up to so many seconds of range: from where consumption is taken, and how wide its slots are
SLOTS = ((36 * 3600, QUARTERS.uid, "15m"), (8 * 86400, HOURS.uid, "1h"), (None, DAYS.uid, "1d"))


def console() -> Variable:
    """Give the address of the console, which data links lead to; filled in when boards are put on a server."""
    made = build.ConstantVariable("console").value(CONSOLE).build()
    made.hide, made.skip_url_sync = VariableHide.HIDE_VARIABLE, True
    made.current = VariableOption(text=CONSOLE, value=CONSOLE)
    return made


def store() -> Variable:
    """Give the data source of readings that fits the range, however the range was chosen."""
    return _by_range("store", [(limit, uid) for limit, uid, _ in STORES])


def step() -> Variable:
    """Give the step of time that fits that source: never finer than its slots, so that a gap is one that was."""
    return _by_range("step", [(limit, step) for limit, _, step in STORES])


def slots() -> Variable:
    """Give the data source of consumption that fits the range."""
    return _by_range("slots", [(limit, uid) for limit, uid, _ in SLOTS])


def width() -> Variable:
    """Give the width of those slots, to group by."""
    return _by_range("width", [(limit, width) for limit, _, width in SLOTS])


def peak() -> Variable:
    """Give what ends the name of a metric's highest value: in slots it is kept, of readings it is found.

    It ends the quotes as well, as in `max("lel${peak})`: no server takes a value that is empty for one.
    """
    return _by_range("peak", [(STORES[0][0], PEAKS[0]), (None, PEAKS[1])])


def chosen(name: str, said: Said, words: Words, query: str, *, many: bool = True, hidden: bool = False) -> Variable:
    """Give a box of things out of the relational store; the query gives `__text` and `__value`."""
    made = build.QueryVariable(name).label(words.title(said)).query(query).datasource(ref(NAMES))
    made.refresh(VariableRefresh.ON_DASHBOARD_LOAD).sort(VariableSort.DISABLED).multi(many).include_all(many)
    if many:
        made.all_value(".*").current(VariableOption(text=["All"], value=["$__all"]))
    if hidden:
        made.hide(VariableHide.HIDE_VARIABLE)
    built = made.build()
    built.definition = query
    return built


def enterprise(words: Words, *, many: bool = True) -> Variable:
    """Give the box of enterprises, by name."""
    shown = _named(words, "e")
    query = f"SELECT {shown} AS __text, e.id AS __value FROM enterprise e ORDER BY e.position"  # noqa: S608  # our own
    return chosen("enterprise", Said("企业", "Enterprise"), words, query, many=many)


def park(words: Words) -> Variable:
    """Give the choice of the park; nearly always there is one."""
    query = f"SELECT {_named(words, 'p')} AS __text, p.id AS __value FROM park p ORDER BY p.position"  # noqa: S608  # our own
    return chosen("park", Said("园区", "Park"), words, query, many=False)


def boundary() -> Variable:
    """Give the boundary meters of the chosen enterprises: what goes through them is what they use, counted once."""
    query = (
        "SELECT m.id AS __text, m.id AS __value FROM meter m "
        "WHERE m.role = 'boundary' AND m.enterprise ~ '^(${enterprise:regex})$' ORDER BY m.position"
    )
    return _every("boundary", query)


def largest(count: int) -> Variable:
    """Give those of the chosen enterprises that used most electricity in the chosen month: more curves nobody reads."""
    used = figures("enterprise", ["electricity"], f"last_month = {CHOSEN}")
    query = (
        "SELECT e.id AS __text, e.id AS __value FROM enterprise e "  # noqa: S608  # our own
        f"LEFT JOIN {used} ON f.subject = e.id WHERE e.park = '${{park}}' AND {of_chosen()} "
        f"ORDER BY f.value DESC NULLS LAST, e.position LIMIT {count}"
    )
    return _every("largest", query)


def _every(name: str, query: str) -> Variable:
    """Give a hidden box in which everything is chosen."""
    made = build.QueryVariable(name).query(query).datasource(ref(NAMES)).hide(VariableHide.HIDE_VARIABLE)
    made.refresh(VariableRefresh.ON_DASHBOARD_LOAD).sort(VariableSort.DISABLED).multi(True).include_all(True)  # noqa: FBT003  # the library's
    built = made.current(VariableOption(text=["All"], value=["$__all"])).build()
    built.skip_url_sync, built.definition = True, query
    return built


def term(words: Words, indicator: str, scope: str = "park", subject: str = "${park}") -> Variable:
    """Give the months of which an indicator is known, up to the end of the range; the newest that is over is chosen.

    The one that still runs comes last: half a month beside a whole one is no comparison.
    """
    query = (
        "SELECT term AS __text, term AS __value FROM figure_revision "  # noqa: S608  # our own
        f"WHERE scope = '{scope}' AND subject = '{subject}' AND indicator = '{indicator}' AND value IS NOT NULL "
        f"AND term SIMILAR TO '{MONTHS_ONLY}' AND term <= {MONTH} "
        f"GROUP BY term ORDER BY term < {MONTH} DESC, term DESC LIMIT 36"
    )
    made = build.QueryVariable("term").label(words.title(Said("月份", "Month"))).query(query).datasource(ref(NAMES))
    built = made.refresh(VariableRefresh.ON_TIME_RANGE_CHANGED).sort(VariableSort.DISABLED).build()
    built.definition = query
    return built


def meter(words: Words, *, many: bool = True, where: str = "true") -> Variable:
    """Give the box of meters of the chosen enterprises."""
    query = (
        f"SELECT {_named(words, 'm')} || ' (' || m.id || ')' AS __text, m.id AS __value FROM meter m "  # noqa: S608  # our own
        f"WHERE m.enterprise ~ '^(${{enterprise:regex}})$' AND {where} ORDER BY m.position"
    )
    return chosen("meter", Said("计量设备", "Meter"), words, query, many=many)


def basis(words: Words) -> Variable:
    """Give the choice of what a kilowatt-hour is worth in standard coal; a park's own policy is chosen first."""
    rows = [(one.value, words.title(BASES[one])) for one in Basis]
    query = (
        f"SELECT b.text AS __text, b.value AS __value FROM {values(rows)} AS b(value, text) ORDER BY b.value = "  # noqa: S608  # our own
        f"coalesce((SELECT basis FROM policy ORDER BY at DESC LIMIT 1), {text(Policy('').basis)}) DESC, b.value"
    )
    return chosen("basis", Said("电力折标", "Electricity basis"), words, query, many=False)


def options(name: str, said: Said, words: Words, texts: tuple[tuple[str, Said], ...]) -> Variable:
    """Give a box of fixed things, the first of which is chosen."""
    listed = ",".join(f"{words.title(text)} : {value}" for value, text in texts)
    made = build.CustomVariable(name).label(words.title(said)).values(listed).build()
    made.options = [VariableOption(text=words.title(text), value=value) for value, text in texts]
    made.current = made.options[0]
    made.allow_custom_value = False
    return made


def _by_range(name: str, limits: list[tuple[int | None, str]]) -> Variable:
    cases = " ".join(f"WHEN s <= {limit} THEN '{value}'" for limit, value in limits if limit is not None)
    value = f"CASE {cases} ELSE '{limits[-1][1]}' END"
    query = f"SELECT {value} AS __text, {value} AS __value FROM (SELECT {RANGE} AS s) AS r"  # noqa: S608  # our own
    made = build.QueryVariable(name).query(query).datasource(ref(NAMES)).hide(VariableHide.HIDE_VARIABLE)
    built = made.refresh(VariableRefresh.ON_TIME_RANGE_CHANGED).sort(VariableSort.DISABLED).build()
    built.skip_url_sync, built.definition = True, query
    built.current = VariableOption(text=limits[0][1], value=limits[0][1])
    return built


def _named(words: Words, table: str) -> str:
    if words.language == "zh":
        return f"{table}.name"
    return f"coalesce(nullif({table}.name_en, ''), {table}.name)"
