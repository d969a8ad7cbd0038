"""Which factor applies: the newest that is old enough, of the park's region, and always with its reason."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park import term
from park.factor import Factor, Purpose
from park.factor_book import FactorBook, NoFactor
from park.factor_table import keys, shipped
from park.policy import FOSSIL, RESIDUAL, SETS, Policy
from park.term import Span, Term
from park.window import SITE

NOW = datetime(2026, 11, 23, tzinfo=UTC)
POLICY = Policy("hengkou")
BOOK = FactorBook()
OWN = Factor(
    id="own/1/r1",
    set="own",
    key="natural_gas",
    purpose=Purpose.CALORIFIC,
    value=1.2113,
    unit="kgce/Nm³",
    published=date(2026, 3, 1),
    source="供气合同附件 3",
    enterprise="e01",
    verified=True,
)


def chosen(
    key: str,
    purpose: Purpose,
    text: str,
    *,
    book: FactorBook = BOOK,
    policy: Policy = POLICY,
    now: datetime = NOW,
    enterprise: str | None = None,
) -> Factor:
    return book.select(key, purpose, policy=policy, term=term.read(text), as_of=now, enterprise=enterprise).factor


@pytest.mark.parametrize(
    ("name", "text", "now", "value"),
    [
        ("the year's own data",                         "2023",    NOW, 0.6335),
        ("a month takes its year's",                    "2022-07", NOW, 0.6558),
        ("a later year takes the newest there is",      "2026-10", NOW, 0.6335),
        ("twelve months take the year they end in",     "2022-02/r12", NOW, 0.6558),
        ("data of 2023 were not out in mid 2025",       "2023",    datetime(2025, 6, 1, tzinfo=UTC), 0.6558),
        ("they were on the day they came out",          "2023",    datetime(2025, 12, 31, tzinfo=UTC), 0.6335),
        ("which begins at the site's midnight",         "2023",    datetime(2025, 12, 30, 16, tzinfo=UTC), 0.6335),
        ("and not a second before",            "2023",    datetime(2025, 12, 30, 15, 59, 59, tzinfo=UTC), 0.6558),
    ],
)  # fmt: skip
def test_a_term_takes_the_latest_data_year_that_is_not_after_it_and_was_out(
    name: str, text: str, now: datetime, value: float
) -> None:
    assert chosen("electricity", Purpose.CARBON, text, now=now).value == value, name


@pytest.mark.parametrize(
    ("name", "policy", "text", "value"),
    [
        ("the province",                            replace(POLICY, region="shaanxi"),   "2021", 0.6336),
        ("the north-west",                          replace(POLICY, region="northwest"), "2021", 0.5951),
        ("the nation",                              replace(POLICY, region="national"),  "2021", 0.5568),
        ("a grid without data of 2021 falls back",  replace(POLICY, region="south"),     "2021", 0.5568),
        ("and has its own from 2023 on",            replace(POLICY, region="south"),     "2023", 0.4042),
    ],
)  # fmt: skip
def test_the_policy_says_whose_grid_it_is(name: str, policy: Policy, text: str, value: float) -> None:
    assert chosen("electricity", Purpose.CARBON, text, policy=policy).value == value, name


def test_a_wider_grid_serves_only_where_the_policy_allows_it() -> None:
    policy = replace(POLICY, region="south", fallback=False)
    with pytest.raises(NoFactor) as gap:
        chosen("electricity", Purpose.CARBON, "2021", policy=policy)
    assert "电力" in gap.value.zh
    assert "2021" in gap.value.zh
    assert "南方" in gap.value.zh


def test_falling_back_is_said() -> None:
    found = BOOK.select(
        "electricity",
        Purpose.CARBON,
        policy=replace(POLICY, region="south"),
        term=term.read("2022"),
        as_of=NOW,
    )
    assert "南方没有可用因子" in found.zh
    assert "South has no factor" in found.en


def test_electricity_by_equivalent_value_is_never_its_own_heat() -> None:
    assert chosen("electricity", Purpose.EQUIVALENT, "2023").value == 0.3055
    assert chosen("electricity", Purpose.EQUIVALENT, "2024").value == 0.3024
    with pytest.raises(NoFactor, match="earliest data there are belong to 2020"):
        chosen("electricity", Purpose.EQUIVALENT, "2019")


@pytest.mark.parametrize("key", ["diesel", "natural_gas", "heat", "water"])
def test_everything_else_is_worth_the_same_by_both_bases(key: str) -> None:
    assert chosen(key, Purpose.EQUIVALENT, "2026") == chosen(key, Purpose.CALORIFIC, "2026")


@pytest.mark.parametrize(
    ("name", "key", "purpose", "text", "zh", "en"),
    [
        ("no data year that early", "electricity", Purpose.CARBON, "2018", "最早为 2021 年", "belong to 2021"),
        ("a coal of unknown kind",  "raw_coal", Purpose.CARBON, "2026", "原煤在 2026", "Raw coal has no CO2 factor"),
        ("steam without a state",   "steam", Purpose.HEAT, "2026", "录入蒸汽的压力与温度", "pressure and temperature"),
        ("steam of the old edition", "steam", Purpose.CALORIFIC, "2026", "政策未采用因子集", "does not take the set"),
        ("what nobody ever heard of", "gold", Purpose.CARBON, "2026", "gold在 2026", "gold has no CO2 factor"),
    ],
)  # fmt: skip
def test_a_gap_is_a_sentence_that_says_how_to_mend_it(  # noqa: PLR0917  # the columns of the table
    name: str, key: str, purpose: Purpose, text: str, zh: str, en: str
) -> None:
    with pytest.raises(NoFactor) as gap:
        chosen(key, purpose, text)
    assert zh in gap.value.sentence("zh"), name
    assert en in gap.value.sentence("en"), name
    assert gap.value.zh.count("录入") == 1, name
    assert "enter" in gap.value.en, name


def test_a_superseded_set_serves_where_the_policy_takes_it() -> None:
    policy = replace(POLICY, sets=(*SETS, "gb2589-2008"))
    assert chosen("steam", Purpose.EQUIVALENT, "2026", policy=policy).value == 0.1286


def test_market_based_factors_are_apart_from_the_average() -> None:
    assert chosen(RESIDUAL, Purpose.CARBON_MARKET, "2026").value == 0.6096
    assert chosen(FOSSIL, Purpose.CARBON_MARKET, "2026").value == 0.8273
    with pytest.raises(NoFactor):
        chosen("electricity", Purpose.CARBON_MARKET, "2026")


# --- own factors ------------------------------------------------------------------------------------------------------


def test_an_own_factor_goes_before_the_shipped_one_and_is_nothing_to_others() -> None:
    book = FactorBook([OWN])
    assert chosen("natural_gas", Purpose.CALORIFIC, "2026", book=book, enterprise="e01").id == "own/1/r1"
    assert chosen("natural_gas", Purpose.CALORIFIC, "2026", book=book, enterprise="e02").value == 1.33
    assert chosen("natural_gas", Purpose.CALORIFIC, "2026", book=book).value == 1.33


def test_an_enterprises_own_goes_before_its_parks_own() -> None:
    parks = replace(OWN, id="own/2/r1", enterprise=None, park="hengkou", value=1.25)
    book = FactorBook([parks, OWN])
    assert chosen("natural_gas", Purpose.CALORIFIC, "2026", book=book, enterprise="e01").id == "own/1/r1"
    assert chosen("natural_gas", Purpose.CALORIFIC, "2026", book=book, enterprise="e02").id == "own/2/r1"
    other = replace(POLICY, park="elsewhere")
    assert chosen("natural_gas", Purpose.CALORIFIC, "2026", book=book, policy=other, enterprise="e02").value == 1.33


@pytest.mark.parametrize(
    ("name", "text", "own"),
    [
        ("before it holds", "2026-03", False),
        ("a month it begins in takes it: the last day decides", "2026-04", True),
        ("within", "2026-06", True),
        ("the month of its last day", "2026-09", True),
        ("after it", "2026-10", False),
        ("a year whose end it does not reach", "2026", False),
    ],
)
def test_an_own_factor_holds_for_terms_that_end_within_its_validity(name: str, text: str, own: bool) -> None:  # noqa: FBT001  # a column of the table
    held = replace(OWN, valid_from=date(2026, 4, 15), valid_to=date(2026, 9, 30))
    found = chosen("natural_gas", Purpose.CALORIFIC, text, book=FactorBook([held]), enterprise="e01")
    assert (found.id == "own/1/r1") is own, name


def test_an_official_factor_that_came_out_later_applies_from_the_day_it_was_published() -> None:
    later = Factor(
        id="own/3/r1",
        set="mee-grid",
        key="electricity",
        purpose=Purpose.CARBON,
        value=0.61,
        unit="kgCO2/kWh",
        region="shaanxi",
        data_year=2024,
        published=date(2026, 12, 20),
        source="公告",
    )
    book = FactorBook([later])
    assert chosen("electricity", Purpose.CARBON, "2024", book=book, now=NOW).value == 0.6335
    assert (
        chosen("electricity", Purpose.CARBON, "2024", book=book, now=datetime(2026, 12, 21, tzinfo=UTC)).value == 0.61
    )
    assert (
        chosen("electricity", Purpose.CARBON, "2023", book=book, now=datetime(2026, 12, 21, tzinfo=UTC)).value == 0.6335
    )


# --- laws -------------------------------------------------------------------------------------------------------------

TERMS = st.builds(Term, st.sampled_from(Span), st.integers(2010 * 12, 2032 * 12)).filter(
    lambda one: one.span not in {Span.QUARTER, Span.YEAR} or (one.last + 1) % one.length == 0
)
MOMENTS = st.datetimes(datetime(2010, 1, 1), datetime(2033, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # the bounds' form
POLICIES = st.builds(
    Policy,
    st.just("hengkou"),
    region=st.sampled_from(["shaanxi", "northwest", "national", "south"]),
    fallback=st.booleans(),
    sets=st.lists(st.sampled_from([*SETS, "gb2589-2008"]), unique=True).map(tuple),
)


@given(st.sampled_from(sorted(keys())), st.sampled_from(Purpose), TERMS, MOMENTS, POLICIES)
def test_no_factor_of_a_later_year_or_not_yet_published_is_ever_taken(
    key: str, purpose: Purpose, when: Term, now: datetime, policy: Policy
) -> None:
    try:
        found = BOOK.select(key, purpose, policy=policy, term=when, as_of=now)
    except NoFactor as gap:
        assert gap.zh  # noqa: PT017  # either of both is an answer
        assert gap.en  # noqa: PT017
        return
    assert found.factor.data_year is None or found.factor.data_year <= when.year
    assert found.factor.published <= now.astimezone(SITE).date()
    assert found.factor.set in policy.sets
    assert found.zh
    assert found.en


@given(st.permutations(shipped()), TERMS)
def test_the_order_of_the_table_does_not_matter(order: list[Factor], when: Term) -> None:
    book = FactorBook(base=order)
    for key in ("electricity", "diesel"):
        try:
            expected = BOOK.select(key, Purpose.CARBON, policy=POLICY, term=when, as_of=NOW).factor
        except NoFactor:
            continue
        assert book.select(key, Purpose.CARBON, policy=POLICY, term=when, as_of=NOW).factor == expected
