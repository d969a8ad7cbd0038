"""The registry in memory: as new as its version, and there while the database is not."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from adapters.registry_cache import RegistryCache
from adapters.relational import engine, migrate, registry_store
from park.place import Park
from park.registry import Registry

NOW = datetime(2026, 11, 23, tzinfo=UTC)
PARK = Park("hk", "恒口示范区产业园")


@dataclass
class Source:
    """A registry with a version, that counts what is asked of it."""

    registry: Registry = field(default_factory=Registry)
    version: int = 1
    loads: int = 0
    looks: int = 0
    down: bool = False
    ticks: float = 0.0

    def load(self) -> Registry:
        self.loads += 1
        return self.registry

    def look(self) -> int:
        self.looks += 1
        if self.down:
            raise OperationalError("select", None, Exception("locked"))
        return self.version

    def cache(self) -> RegistryCache:
        return RegistryCache(self.load, self.look, ticks=lambda: self.ticks)


def test_it_is_read_once_while_its_version_stays_and_looked_at_once_a_second() -> None:
    source = Source()
    cache = source.cache()
    for tenth in range(31):
        source.ticks = tenth / 10
        cache.current()
    assert (source.loads, source.looks) == (1, 4)


def test_a_change_is_seen_within_a_second_and_at_once_by_who_made_it() -> None:
    source = Source()
    cache = source.cache()
    cache.current()
    source.registry, source.version = Registry((PARK,)), 2
    source.ticks = 0.9
    assert cache.current().parks == ()
    assert cache.refresh().parks == (PARK,)
    source.registry, source.version = Registry(), 3
    source.ticks = 2.0
    assert cache.current().parks == ()


def test_while_the_database_is_away_the_last_registry_serves() -> None:
    source = Source(Registry((PARK,)))
    cache = source.cache()
    cache.current()
    source.down, source.ticks = True, 5.0
    assert cache.current().parks == (PARK,)
    source.down, source.ticks, source.registry, source.version = False, 10.0, Registry(), 2
    assert cache.current().parks == ()


def test_without_any_registry_the_error_comes_out() -> None:
    source = Source(down=True)
    cache = source.cache()
    with pytest.raises(OperationalError):
        cache.current()
    assert cache.peek() == Registry()


def test_a_change_by_another_program_is_seen(tmp_path: Path) -> None:
    store = engine.connect(f"sqlite:///{tmp_path / 'smartpark.sqlite'}")
    migrate.upgrade(store)
    cache = RegistryCache(lambda: registry_store.load(store), lambda: registry_store.version(store), look_every=0.0)
    assert cache.current() == Registry()
    registry_store.save_park(store, PARK, who="another program", now=NOW)
    assert cache.current() == Registry((PARK,))
    store.dispose()
