"""What the databases say, as last heard, kept in the alerts' own file for a start without them."""

from collections.abc import Callable
from types import MappingProxyType
from typing import Generic, TypeVar

import msgspec

from adapters.alert_store import AlertStore, AlertStoreBroken
from adapters.log import logger

T = TypeVar("T")
log = logger(__name__)


class Copy(Generic[T]):
    """One thing that a database keeps.  `look` is for one thread; the value may be read from any."""

    def __init__(
        self,
        store: AlertStore,
        name: str,
        kind: type[T],
        *,
        load: Callable[[], T],
        version: Callable[[], object],
    ) -> None:
        """Begin with what was kept; `version` gives something that differs after every change, cheaply."""
        self._store = store
        self._name = f"copy:{name}"
        self._load = load
        self._version = version
        self._seen: object = None
        self.value: T | None = self._kept(kind)
        """None before the first time."""

    def look(self) -> bool:
        """Ask whether it changed, and take it over; tell whether it did.  Raises what the database raises."""
        version = self._version()
        if self._seen == (version,):
            return False
        value = self._load()
        self._seen = (version,)
        if value == self.value:
            return False
        self.value = value
        self._keep(value)
        return True

    def _kept(self, kind: type[T]) -> T | None:
        try:
            document = self._store.note(self._name)
            return None if document is None else msgspec.json.decode(document, type=kind)
        except (AlertStoreBroken, msgspec.MsgspecError) as error:  # of another version, or worse: asked anew
            log.warning("the kept copy is of no use", copy=self._name, why=str(error))
            return None

    def _keep(self, value: T) -> None:
        try:
            self._store.take_down(self._name, msgspec.json.encode(value, enc_hook=_plain))
        except (AlertStoreBroken, TypeError, NotImplementedError) as error:
            log.warning("no copy kept", copy=self._name, why=str(error))


def _plain(value: object) -> object:
    if isinstance(value, MappingProxyType):
        return dict(value)
    raise NotImplementedError(type(value).__name__)
