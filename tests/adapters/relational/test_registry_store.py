"""The registry store: loaded whole, changed all or nothing, never into what a file could not say."""

from collections.abc import Iterator
from dataclasses import replace as changed
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from hypothesis import given, settings
from sqlalchemy import Engine

from adapters.relational import accounts, audit, registry_store
from adapters.relational.engine import connect
from adapters.relational.registry_store import RegistryRefused
from park.place import Enterprise, Meter, Multiplier, Park, Register
from park.principal import Access
from park.registry import Registry
from park.registry_difference import merge
from tests.adapters.relational.conftest import ENGINES, opened
from tests.park.examples import meter, registry
from tests.park.registries import registries
from tests.postgres import Postgres

NOW = datetime(2026, 11, 23, tzinfo=UTC)
MAIN = changed(meter("m1"), units={"p": "MW"}, register=Register(1e6, "2000 kW"))
WATER = Enterprise("e02", "hengkou", "水厂", area_mu=12.5)


def save(engine: Engine, *registries: Registry, prune: bool = False) -> None:
    for each in registries:
        registry_store.replace(engine, each, who="test", now=NOW, prune=prune)


def names(engine: Engine) -> list[str]:
    return [each.id for each in registry_store.load(engine).meters]


def test_an_empty_store_has_an_empty_registry(engine: Engine) -> None:
    assert registry_store.load(engine) == Registry()
    assert registry_store.version(engine) == 0


@pytest.fixture(scope="module", params=ENGINES)
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """One store for many registries."""
    if request.param == "sqlite":
        yield from opened(f"sqlite:///{tmp_path_factory.mktemp('shared') / 'smartpark.sqlite'}")
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    with postgres.schema() as url:
        yield from opened(url)


@settings(max_examples=settings().max_examples // 3)
@given(first=registries(), second=registries())
def test_what_is_imported_is_what_is_loaded(shared: Engine, first: Registry, second: Registry) -> None:
    save(shared, first, prune=True)
    assert registry_store.load(shared) == first
    save(shared, second)
    assert registry_store.load(shared) == merge(first, second)
    save(shared, second, prune=True)
    assert registry_store.load(shared) == second


def test_importing_the_same_again_changes_nothing(engine: Engine) -> None:
    save(engine, registry(MAIN))
    version, entries = registry_store.version(engine), audit.entries(engine)
    assert not registry_store.replace(engine, registry(MAIN), who="test", now=NOW)
    assert (registry_store.version(engine), audit.entries(engine)) == (version, entries)


def test_the_difference_names_what_is_added_changed_kept_and_removed(engine: Engine) -> None:
    save(engine, registry(meter("m1"), meter("m2"), meter("m3")))
    new = registry(changed(meter("m1"), name="改名"), meter("m2"), meter("m4"))
    told = registry_store.compare(engine, new)
    assert [item.id for item in told.added] == ["m4"]
    assert [(item.kind, item.id, item.name) for item in told.changed] == [("meter", "m1", "改名")]
    assert [item.id for item in told.kept] == ["m3"]
    assert told.removed == ()
    assert names(engine) == ["m1", "m2", "m3"]
    assert [item.id for item in registry_store.compare(engine, new, prune=True).removed] == ["m3"]
    save(engine, new)
    assert names(engine) == ["m1", "m2", "m4", "m3"]


def test_each_change_has_a_new_version_and_is_audited_with_before_and_after(engine: Engine) -> None:
    save(engine, registry(MAIN))
    version = registry_store.version(engine)
    assert not registry_store.save_meter(engine, changed(MAIN, name="改名"), who="张三", now=NOW)
    assert registry_store.version(engine) == version + 1
    [entry], _ = audit.entries(engine, 1)
    assert (entry.who, entry.action, entry.subject) == ("张三", "meter.change", "m1")
    assert entry.before is not None
    assert entry.after is not None
    assert (entry.before["name"], entry.after["name"]) == ("一号变总表", "改名")


def test_saving_adds_or_changes_in_place(engine: Engine) -> None:
    who = {"who": "test", "now": NOW}
    assert registry_store.save_park(engine, Park("hengkou", "恒口"), **who)  # type: ignore[arg-type]  # by name
    assert registry_store.save_enterprise(engine, Enterprise("e01", "hengkou", "食品"), **who)  # type: ignore[arg-type]  # by name
    for name in ("m1", "m2"):
        assert registry_store.save_meter(engine, meter(name), **who)  # type: ignore[arg-type]  # by name
    twelve = changed(meter("m1"), multipliers=(Multiplier(NOW, 12.0),))
    assert not registry_store.save_meter(engine, twelve, **who)  # type: ignore[arg-type]  # by name
    assert registry_store.load(engine).meters == (twelve, meter("m2"))


def test_an_enterprise_that_moves_to_another_park_takes_its_meters_with_it(engine: Engine) -> None:
    save(engine, registry(MAIN))
    registry_store.save_park(engine, Park("gaoxin", "高新"), who="test", now=NOW)
    registry_store.save_enterprise(engine, Enterprise("e01", "gaoxin", "食品"), who="test", now=NOW)
    assert registry_store.load(engine).by_meter["m1"].park == "gaoxin"


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        (changed(MAIN, metrics=("flow",)), "metrics[0]"),
        (changed(MAIN, enterprise="e99"), "enterprise"),
        (changed(MAIN, multipliers=(Multiplier(NOW, -1.0),)), "multiplier[0].value"),
        (changed(MAIN, units={"p": "kg"}), "units.p"),
        (changed(MAIN, id="M 1"), "id"),
        (changed(MAIN, period=timedelta(days=999)), "period"),
    ],
)
def test_a_meter_that_no_file_could_say_is_refused_at_its_place(engine: Engine, wrong: object, path: str) -> None:
    save(engine, registry(MAIN))
    with pytest.raises(RegistryRefused) as refused:
        registry_store.save_meter(engine, wrong, who="test", now=NOW)  # type: ignore[arg-type]  # each is a Meter
    assert path in [mistake.path for mistake in refused.value.mistakes]
    assert registry_store.load(engine) == registry(MAIN)


def test_a_period_of_nothing_is_refused(engine: Engine) -> None:
    save(engine, registry(MAIN))
    with pytest.raises(RegistryRefused, match="milliseconds above 0"):
        registry_store.save_meter(engine, changed(MAIN, period=timedelta(0)), who="test", now=NOW)


def test_an_enterprise_in_a_park_that_is_not_registered_is_refused(engine: Engine) -> None:
    save(engine, registry(MAIN))
    with pytest.raises(RegistryRefused, match="no park gaoxin"):
        registry_store.save_enterprise(engine, Enterprise("e01", "gaoxin", "食品"), who="test", now=NOW)


def test_what_others_depend_on_is_not_deleted(engine: Engine) -> None:
    save(engine, registry(MAIN))
    with pytest.raises(RegistryRefused, match=r"Enterprise e01 still has 1 under it \(m1\)"):
        registry_store.delete_enterprise(engine, "e01", who="test", now=NOW)
    with pytest.raises(RegistryRefused, match=r"Park hengkou still has 1 under it \(e01\)"):
        registry_store.delete_park(engine, "hengkou", who="test", now=NOW)
    assert registry_store.delete_meter(engine, "m1", who="test", now=NOW)
    assert registry_store.delete_enterprise(engine, "e01", who="test", now=NOW)
    assert registry_store.delete_park(engine, "hengkou", who="test", now=NOW)
    assert registry_store.load(engine) == Registry()


def test_deleting_what_is_not_there_says_so(engine: Engine) -> None:
    assert not registry_store.delete_meter(engine, "m1", who="test", now=NOW)
    assert not registry_store.delete_enterprise(engine, "e01", who="test", now=NOW)
    assert not registry_store.delete_park(engine, "hengkou", who="test", now=NOW)
    assert registry_store.version(engine) == 0


def test_an_enterprise_with_users_or_keys_stays_until_they_are_shut_out(engine: Engine) -> None:
    whole = Registry((Park("hengkou", "恒口"),), (Enterprise("e01", "hengkou", "食品"), WATER))
    save(engine, whole)
    bound = {"access": Access.ENTERPRISE, "enterprise": "e02", "now": NOW, "who": "test"}
    accounts.create_user(engine, name="水厂", password="a long password", **bound)  # type: ignore[arg-type]  # by name
    accounts.create_key(engine, name="pump", **bound)  # type: ignore[arg-type]  # by name
    with pytest.raises(RegistryRefused, match=r"\(水厂, key:pump\)"):
        registry_store.delete_enterprise(engine, "e02", who="test", now=NOW)
    with pytest.raises(RegistryRefused, match="e02 still has users or keys"):
        save(engine, registry(meter("m9")), prune=True)
    assert registry_store.load(engine) == whole
    accounts.disable_user(engine, "水厂", now=NOW, who="test")
    accounts.revoke_key(engine, "pump", now=NOW, who="test")
    assert registry_store.delete_enterprise(engine, "e02", who="test", now=NOW)


def test_a_reader_never_sees_half_an_import(engine: Engine) -> None:
    sizes = (3, 40)
    seen: set[int] = set()
    states = [registry(*(meter(f"m{number}") for number in range(size))) for size in sizes]
    save(engine, states[0])

    def write() -> None:
        for turn in range(10):
            save(engine, states[turn % 2], prune=True)

    writer = Thread(target=write)
    writer.start()
    while writer.is_alive():
        seen.add(len(registry_store.load(engine).meters))
    writer.join()
    assert seen <= set(sizes)


def test_writers_at_the_same_time_lose_nothing(engine: Engine) -> None:
    save(engine, registry())

    def write(first: int) -> None:
        own = connect(engine.url.render_as_string(hide_password=False))
        for number in range(first, first + 5):
            registry_store.save_meter(own, meter(f"m{number}"), who="test", now=NOW)
        own.dispose()

    writers = [Thread(target=write, args=(first,)) for first in (0, 100, 200)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(names(engine)) == 15
    assert registry_store.version(engine) == 16


PLUG = changed(meter("plug"), codec="json", options={"topic": "tele/+/SENSOR", "fields": {"ENERGY.Power": "p"}})
AGENT = changed(meter("agent"), codec="line", options={"topic": "tele/#", "measurement": "m", "fields": {"p": "p"}})


@pytest.mark.parametrize(("first", "second"), [(PLUG, AGENT), (AGENT, PLUG)], ids=["added last", "added in front"])
def test_a_meter_on_a_topic_of_another_codec_is_refused_and_the_one_that_stood_there_is_not_blamed(
    engine: Engine, first: Meter, second: Meter
) -> None:
    save(engine, registry(first, MAIN))
    with pytest.raises(RegistryRefused, match=f"overlaps one of meter {first.id}") as refused:
        registry_store.save_meter(engine, second, who="test", now=NOW)
    assert [mistake.path for mistake in refused.value.mistakes] == ["codec"]
    assert second.id in refused.value.mistakes[0].en
    assert names(engine) == [first.id, "m1"]
    registry_store.save_meter(engine, changed(MAIN, name="改名"), who="test", now=NOW)
