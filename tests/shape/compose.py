"""The compose file as the tests about it see it: anchors merged, variables filled in."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final, NamedTuple

from ruamel.yaml import YAML

from tests.shape.tree import ROOT

FILE: Final = ROOT / "docker-compose.yml"
ONCE: Final = frozenset({"store-init", "broker-init", "demo-registry", "grafana-sync"})
"""Services that end when their work is done."""
OURS: Final = ONCE | {"collector", "rules", "api", "hj212", "simulator"}
_VARIABLE = re.compile(r"\$\{(\w+):-([^}]*)\}")

Service = Mapping[str, Any]


class Mount(NamedTuple):
    """A folder, file or volume in a container."""

    source: str
    target: str
    read_only: bool

    @property
    def is_host_path(self) -> bool:
        return self.source.startswith(".")


def filled(value: str, environ: Mapping[str, str] | None = None) -> str:
    """Fill in variables as compose does."""
    known = environ or {}
    return _VARIABLE.sub(lambda found: known.get(found[1]) or found[2], value).replace("$$", "$")


def _filled(value: Any, environ: Mapping[str, str]) -> Any:  # noqa: ANN401  # YAML
    match value:
        case str():
            return filled(value, environ)
        case dict():
            return {key: _filled(one, environ) for key, one in value.items()}
        case list():
            return [_filled(one, environ) for one in value]
    return value


@cache
def document() -> Mapping[str, Any]:
    """Give the whole file with the defaults of its variables."""
    data: Mapping[str, Any] = _filled(YAML(typ="safe").load(FILE.read_text(encoding="utf-8")), {})
    return data


def services() -> Mapping[str, Service]:
    """Give every service, of each profile."""
    found: Mapping[str, Service] = document()["services"]
    return found


def words(service: Service) -> list[str]:
    """Give the arguments of a command as the container gets them."""
    command = service["command"]
    return command.split() if isinstance(command, str) else list(command)


def mounts(service: Service) -> Iterator[Mount]:
    """Give what is mounted into a service."""
    for volume in service.get("volumes", []):
        source, target, *options = volume.split(":")
        yield Mount(source, target, options == ["ro"])


def secret_files() -> dict[str, str]:
    """Give the file of each secret."""
    return {name: secret["file"] for name, secret in document()["secrets"].items()}
