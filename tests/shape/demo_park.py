"""The registry file of the simulated park, for whoever imports it: written by `scripts/docs`, never by hand."""

from adapters import registry_yaml
from simulators.demo import demo_registry
from tests.shape.tree import ROOT

FILE = ROOT / "examples" / "demo-park.yaml"


def written() -> str:
    """Give what the file must say."""
    return registry_yaml.write(demo_registry())


if __name__ == "__main__":
    FILE.write_text(written(), encoding="utf-8")
