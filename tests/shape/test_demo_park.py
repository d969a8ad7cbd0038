"""The registry that the production stack imports for its demonstration is the park that the simulator plays."""

from adapters import registry_yaml
from simulators.demo import demo_registry
from tests.shape import demo_park


def test_the_file_is_what_the_simulator_stands_for() -> None:
    assert demo_park.FILE.read_text(encoding="utf-8") == demo_park.written(), "run scripts/docs"


def test_the_file_reads_back_as_the_same_park() -> None:
    assert registry_yaml.load(demo_park.FILE).registry == demo_registry()
