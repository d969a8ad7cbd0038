"""Registries as hypothesis makes them: every shape that a registry file can say."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from park.metric import Kind, Medium, metrics
from park.place import NOTHING, Enterprise, Meter, Multiplier, Park, Register, Role
from park.registry import Registry
from park.registry_scale import ALWAYS
from park.window import SITE

RATED = {
    Medium.ELECTRICITY: "2000 kW",
    Medium.WATER: "12.5 m³/h",
    Medium.GAS: "800 Nm3/h",
    Medium.STEAM: "20 t/h",
    Medium.HEAT: "5 GJ/h",
}
UNITS = {"p": "MW", "ep_imp": "MWh", "volume": "L", "pressure": "bar", "co": "ppm", "temperature": "K"}

ids = st.from_regex(r"[a-z0-9_-]{1,12}", fullmatch=True)
letters = st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp", "Cn"])
texts = st.text(letters, min_size=1, max_size=30).filter(str.strip)
numbers = st.one_of(st.integers(1, 10**9).map(float), st.floats(1e-6, 1e12))
periods = st.sampled_from(["ms", "s", "m", "h"]).flatmap(
    lambda unit: st.integers(1, 999).map(
        lambda count: (
            count * {"ms": timedelta(milliseconds=1), "s": timedelta(seconds=1)}.get(unit, timedelta(minutes=1))
        )
    )
)
midnights = st.dates(date(1900, 1, 2), date(2199, 1, 1)).map(
    lambda day: datetime(day.year, day.month, day.day, tzinfo=SITE).astimezone(UTC)
)
instants = st.datetimes(datetime(1900, 1, 2), datetime(2199, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001  # aware by timezones
    lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000)
)
histories = st.lists(st.one_of(midnights, instants), max_size=3, unique=True).map(sorted)


@st.composite
def multipliers(draw: st.DrawFn) -> tuple[Multiplier, ...]:
    """None, one for ever, or a history."""
    if draw(st.booleans()):
        return (Multiplier(ALWAYS, draw(numbers)),)
    return tuple(Multiplier(since, draw(numbers)) for since in draw(histories))


@st.composite
def meters(draw: st.DrawFn, number: str, enterprise: Enterprise) -> Meter:
    """A meter with the metrics of its medium."""
    medium = draw(st.sampled_from(list(Medium)))
    fitting = [name for name, metric in metrics().items() if medium in metric.media]
    names = tuple(draw(st.lists(st.sampled_from(fitting), min_size=1, max_size=4, unique=True)))
    units = {name: UNITS[name] for name in names if name in UNITS and draw(st.booleans())}
    counters = [name for name in names if metrics()[name].kind is Kind.REGISTER]
    rated = RATED.get(medium, "") if not counters or counters[0] not in {"eq_imp", "heat_energy"} else ""
    return Meter(
        id=number,
        enterprise=enterprise.id,
        park=enterprise.park,
        medium=medium,
        role=draw(st.sampled_from(list(Role))),
        name=draw(texts),
        name_en=draw(st.one_of(st.just(""), texts)),
        period=draw(periods),
        metrics=names,
        units=units or NOTHING,
        multipliers=draw(multipliers()),
        register=draw(st.sampled_from([Register(), Register(rated=rated), Register(draw(numbers), rated)])),
    )


@st.composite
def registries(draw: st.DrawFn) -> Registry:
    """A few parks, their enterprises, and their meters."""
    parks = tuple(
        Park(number, draw(texts), draw(st.one_of(st.just(""), texts)))
        for number in draw(st.lists(ids, max_size=3, unique=True))
    )
    enterprises = tuple(
        Enterprise(
            id=number,
            park=draw(st.sampled_from(parks)).id,
            name=draw(texts),
            industry=draw(st.sampled_from(["", "C", "1392", "C26", "0511"])),
            area_mu=draw(st.one_of(st.none(), numbers)),
            contact=draw(st.one_of(st.just(""), texts)),
        )
        for number in (draw(st.lists(ids, max_size=3, unique=True)) if parks else ())
    )
    things = draw(st.lists(ids, max_size=4, unique=True)) if enterprises else ()
    return Registry(
        parks, enterprises, tuple(draw(meters(number, draw(st.sampled_from(enterprises)))) for number in things)
    )
