"""The topics of gateways' own to listen to, as the registry has it now."""

from collections.abc import Callable, Iterable

from park.partition import Partition
from park.registry import Registry
from park.routes import filters
from park.topic import PREFIX


class Foreign:
    """Gives the filters, the same object as long as the registry is the same.  For one thread."""

    def __init__(
        self,
        registry: Callable[[], Registry],
        *,
        prefix: str = PREFIX,
        partition: Partition | None = None,
        discover: Iterable[str] = (),
    ) -> None:
        """Take where the registry comes from, and what else is listened to."""
        self._registry = registry
        self._prefix = prefix
        self._partition = partition
        self._discover = tuple(discover)
        self._known: Registry | None = None
        self._filters: tuple[str, ...] = ()

    def __call__(self) -> tuple[str, ...]:
        """Give them."""
        registry = self._registry()
        if registry is not self._known:
            self._known = registry
            self._filters = filters(registry.meters, self._prefix, partition=self._partition, discover=self._discover)
        return self._filters
