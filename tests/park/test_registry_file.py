"""The registry file: what it says is understood, and every mistake in it is found at its place."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters import registry_yaml
from park.metric import Medium
from park.place import Multiplier, Register, Role
from park.registry import Registry
from park.registry_file import check, dump
from park.registry_scale import ALWAYS
from tests.park.registries import registries

MISTAKES = sorted((Path(__file__).parent / "registry_mistakes").glob("*.yaml"))
HEAD = re.compile(r"# (\S+): (.+)")

PARK = {"id": "hengkou", "name": "恒口示范区产业园", "name_en": "Hengkou Industrial Park"}
ENTERPRISE = {"id": "e01", "name": "安康某富硒食品有限公司", "industry": "1392", "area_mu": 42.5}
METER: dict[str, object] = {
    "id": "e01-main",
    "enterprise": "e01",
    "medium": "electricity",
    "role": "boundary",
    "name": "一号变总表",
    "period": "15s",
    "metrics": ["ep_imp", "p"],
}


def whole(**changes: object) -> dict[str, object]:
    """A sound document whose one meter has some changes."""
    return {"park": PARK, "enterprises": [ENTERPRISE], "meters": [METER | changes]}


@pytest.mark.parametrize("file", MISTAKES, ids=lambda file: file.stem)
def test_each_mistake_is_named_with_its_path_its_line_and_how_to_mend_it(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    head = HEAD.match(text)
    assert head is not None, "the first line says `# path: what the sentence holds`"
    here = next(number for number, line in enumerate(text.splitlines(), start=1) if line.endswith("# here"))
    [mistake] = registry_yaml.load(file).mistakes
    assert mistake.path == head[1].removeprefix(".")
    assert head[2] in mistake.en
    assert mistake.zh
    assert mistake.line == here


def test_every_mistake_of_a_file_is_found_in_one_go() -> None:
    checked = check(whole(medium="elektricity", role="bondary", period=15, codec="nativ"))
    assert checked.registry is None
    assert [mistake.path for mistake in checked.mistakes] == [
        "meters[0].medium",
        "meters[0].role",
        "meters[0].period",
        "meters[0].codec",
    ]


def test_a_faulty_enterprise_is_not_called_unknown_by_its_meters() -> None:
    checked = check({"park": PARK, "enterprises": [ENTERPRISE | {"area_mu": -1}], "meters": [METER]})
    assert [mistake.path for mistake in checked.mistakes] == ["enterprises[0].area_mu"]


def test_what_is_missing_has_the_line_of_what_it_is_missing_from() -> None:
    [mistake] = check({"park": {"id": "hengkou"}}, {"": 1, "park": 7}).mistakes
    assert (mistake.path, mistake.line) == ("park.name", 7)


def test_the_example_of_the_design_is_understood() -> None:
    document = whole(
        multiplier=[{"from": "2024-01-01", "value": 12000}],
        register={"width": 1000000, "rated": "2000 kW"},
        codec="native",
        units={"p": "MW"},
    )
    registry = check(document).registry
    assert registry is not None
    meter = registry.by_meter["e01-main"]
    assert (meter.park, meter.medium, meter.role) == ("hengkou", Medium.ELECTRICITY, Role.BOUNDARY)
    assert meter.period == timedelta(seconds=15)
    assert meter.multipliers == (Multiplier(datetime(2023, 12, 31, 16, tzinfo=UTC), 12000.0),)
    assert meter.register == Register(1_000_000.0, "2000 kW")
    assert dict(meter.units) == {"p": "MW"}


@pytest.mark.parametrize(
    ("since", "instant"),
    [
        ("2024-01-01", datetime(2023, 12, 31, 16, tzinfo=UTC)),
        (date(2024, 1, 1), datetime(2023, 12, 31, 16, tzinfo=UTC)),
        ("2024-01-01T08:00:00+08:00", datetime(2024, 1, 1, tzinfo=UTC)),
    ],
    ids=["a date begins at local midnight", "so does one that YAML has read", "an instant is what it says"],
)
def test_a_multiplier_begins(since: object, instant: datetime) -> None:
    registry = check(whole(multiplier=[{"from": since, "value": 2}])).registry
    assert registry is not None
    assert registry.by_meter["e01-main"].multipliers[0].since == instant


def test_a_multiplier_without_a_date_is_in_force_always() -> None:
    registry = check(whole(multiplier=120)).registry
    assert registry is not None
    assert registry.by_meter["e01-main"].multipliers == (Multiplier(ALWAYS, 120.0),)


def test_several_parks_each_have_their_enterprises() -> None:
    document = {
        "parks": [PARK, {"id": "gaoxin", "name": "高新区"}],
        "enterprises": [ENTERPRISE | {"park": "gaoxin"}],
        "meters": [METER],
    }
    registry = check(document).registry
    assert registry is not None
    assert registry.by_meter["e01-main"].park == "gaoxin"


@given(registries())
def test_a_registry_written_down_reads_back_as_it_was(registry: Registry) -> None:
    checked = check(dump(registry))
    assert checked.mistakes == []
    assert checked.registry == registry


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(key=st.sampled_from([*METER, "units", "multiplier", "register", "codec", "name_en"]), value=plain)
def test_whatever_stands_for_a_key_is_accepted_or_named(key: str, value: object) -> None:
    checked = check(whole(**{key: value}))
    assert (checked.registry is None) == bool(checked.mistakes)
    assert all(mistake.zh and mistake.en for mistake in checked.mistakes)


@given(plain)
def test_any_document_is_checked_without_an_error(document: object) -> None:
    checked = check(document)
    assert (checked.registry is None) == bool(checked.mistakes)
