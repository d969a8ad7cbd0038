"""The rules service as a program: every part made here, nowhere else."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from adapters import stores
from adapters.clock import Clock
from adapters.relational import budgets, virtual_meters
from adapters.relational.rollups import RelationalRollups
from adapters.settings import Settings
from park.reading import Reading
from park.telemetry import TelemetryStore
from rules.accounts import Accounts
from rules.budgets import Budgets
from rules.doubles import Doubles
from rules.figures import Figures
from rules.losses import Losses
from rules.rollup import Rollup
from rules.rounds import Rounds

ROLLUP_EVERY = timedelta(minutes=5)
"""A round costs an InfluxDB 1.x about a millisecond a meter and metric."""
ACCOUNTS_EVERY = timedelta(minutes=5)
FIGURES_EVERY = timedelta(minutes=15)
"""At the latest: after a round of the accounts, and once something was entered, they follow within seconds."""

LOSSES_EVERY = timedelta(minutes=5)
BUDGETS_EVERY = timedelta(minutes=5)
Say = Callable[[Sequence[Reading]], None]


class Rules:
    """What is worked out of the readings, each piece on a thread of its own."""

    def __init__(
        self, *, settings: Settings, engine: Engine, telemetry: TelemetryStore, clock: Clock, say: Say | None = None
    ) -> None:
        """Take the parts; a store that answers every question from the readings needs no roll-up.

        `say` takes what the alerts watch of the accounts.
        """
        self.rounds: list[Rounds] = []
        zone = ZoneInfo(settings.timezone)
        slots = stores.slots(telemetry)
        if slots is not None:
            rollup = Rollup(
                slots=slots,
                notes=RelationalRollups(engine),
                first=lambda: telemetry.extent().first,
                zone=zone,
                keeping=settings.influx_keeping()["raw"],
            )
            self.rounds.append(Rounds("rollup", rollup.run, every=ROLLUP_EVERY, clock=clock))
        keeping = None if slots is None else settings.influx_keeping()["raw"]
        self.accounts = Accounts(engine=engine, telemetry=telemetry, zone=zone, keeping=keeping)
        self.rounds.append(
            Rounds(
                "accounts",
                self.accounts.run,
                every=ACCOUNTS_EVERY,
                clock=clock,
                changed=lambda: self.accounts.changed(clock()),
            )
        )

        self.figures = Figures(
            engine=engine, store=telemetry, zone=zone, virtual=partial(virtual_meters.current, engine)
        )
        self.rounds.append(
            Rounds(
                "figures",
                self.figures.run,
                every=FIGURES_EVERY,
                clock=clock,
                changed=lambda: (self.figures.changed(), self.accounts.standing.rounds),
            )
        )

        if say is not None:
            losses = Losses(engine=engine, store=telemetry, zone=zone, say=say)
            self.rounds.append(Rounds("losses", losses.run, every=LOSSES_EVERY, clock=clock))
            doubles = Doubles(engine=engine, say=say)
            self.rounds.append(
                Rounds(
                    "doubles",
                    doubles.run,
                    every=LOSSES_EVERY,
                    clock=clock,
                    changed=lambda: self.accounts.standing.rounds,
                )
            )

            self.rounds.append(
                Rounds(
                    "budgets",
                    Budgets(engine=engine, zone=zone, say=say).run,
                    every=BUDGETS_EVERY,
                    clock=clock,
                    changed=lambda: (budgets.version(engine), self.figures.standing.terms),
                )
            )

    def start(self) -> None:
        """Begin; returns at once."""
        for each in self.rounds:
            each.start()

    def once(self) -> None:
        """Do every piece's work one time, here: for whoever moves the clock himself.  Raises what the work raises."""
        for each in self.rounds:
            each.once()

    def alive(self) -> bool:
        """Tell whether every piece is at work."""
        return all(each.alive for each in self.rounds)

    def stop(self) -> None:
        """End each piece after its present step."""
        for each in self.rounds:
            each.stop()
