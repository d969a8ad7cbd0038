"""What the alerts want to know of the databases, asked on a thread of its own so that nobody waits for an answer.

While a database is away, what was last heard goes on serving; after a start without it, what was kept.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from threading import Event
from typing import Any, NamedTuple

from sqlalchemy.exc import SQLAlchemyError

from adapters.log import logger
from park.care import Action
from park.derived_meter import doubted_meters, enterprises_as_meters, of_enterprises
from park.registry import Registry
from park.rule import Rule
from park.rulebook import Rulebook, bind, joined
from rules.copies import Copy

EVERY = 0.5
"""Seconds between two looks."""
MOST = 500
log = logger(__name__)


class Known(NamedTuple):
    """What to watch, all of one moment."""

    registry: Registry
    """With the enterprises whose figures are watched, as meters."""
    rules: Mapping[str, Rule]
    book: Rulebook


class Wanted:
    """Asks until told to stop; what it heard may be read from any thread at once."""

    def __init__(
        self,
        *,
        registry: Copy[Registry],
        rules: Copy[tuple[Rule, ...]],
        actions: Callable[[int, int], Sequence[Action]],
        acted: int,
        budgeted: Copy[tuple[str, ...]] | None = None,
        beside: Sequence[Copy[Any]] = (),
    ) -> None:
        """Take the parts: `actions` gives those after a number, the first so many; `beside` is looked at as well.

        `budgeted` names the enterprises whose budgets are watched.
        """
        self._registry = registry
        self._rules = rules
        self._budgeted = budgeted
        self._beside = tuple(beside)
        self._actions = actions
        self._asked = acted
        self._waiting: deque[Action] = deque()
        self._known: Known | None = None
        self._bound: tuple[Registry | None, tuple[Rule, ...] | None, tuple[str, ...]] = (None, None, ())
        self._bind()
        self.trouble: str | None = None
        """Why the databases do not answer; None is well."""

    def known(self) -> Known | None:
        """Give what to watch: the same object until something changed; None where nothing was ever heard."""
        return self._known

    def actions(self) -> list[Action]:
        """Give what people asked for since the last time, in order."""
        waiting = []
        while self._waiting:
            waiting.append(self._waiting.popleft())
        return waiting

    def run(self, stop: Event) -> None:
        """Ask again and again."""
        while not stop.is_set():
            self.look()
            stop.wait(EVERY)

    def look(self) -> None:
        """Ask once.  Never raises."""
        try:
            self._registry.look()
            self._rules.look()
            if self._budgeted is not None:
                self._budgeted.look()
            self._bind()
            for each in self._beside:
                each.look()
            self._take(self._actions(self._asked, MOST))
        except SQLAlchemyError as error:
            self._troubled(f"{type(error).__name__}: {getattr(error, 'orig', None) or error}")
        except Exception as error:
            self._troubled(f"{type(error).__name__}: {error}")
            log.exception("a defect while asking the databases")
        else:
            if self.trouble is not None:
                log.info("the databases answer again")
            self.trouble = None

    def _take(self, actions: Sequence[Action]) -> None:
        if actions:
            self._waiting.extend(actions)
            self._asked = actions[-1].id

    def _troubled(self, words: str) -> None:
        if self.trouble is None:
            log.warning("the databases do not answer; alerts go on with what was last heard", why=words)
        self.trouble = words

    def _bind(self) -> None:
        registry, rules = self._registry.value, self._rules.value
        budgeted = (self._budgeted.value if self._budgeted is not None else None) or ()
        same = registry is self._bound[0] and rules is self._bound[1] and budgeted == self._bound[2]
        if registry is None or rules is None or same:
            return
        enterprises = enterprises_as_meters(registry, budgeted)
        whole = Registry(registry.parks, registry.enterprises, (*registry.meters, *enterprises.meters))
        book = joined(bind(rules, doubted_meters(registry)), bind(of_enterprises(rules), enterprises))
        self._known = Known(whole, {rule.id: rule for rule in rules}, book)
        self._bound = registry, rules, budgeted
