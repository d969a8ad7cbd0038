"""A replay publishes rows at the file's own pace, and exact sums of its amounts."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from threading import Event

from hypothesis import given
from hypothesis import strategies as st

from adapters.clock import now
from adapters.publisher import Publisher
from simulators.replay import Cumulation, Replay, Replayed
from simulators.sheet import Row, Unread, Wanted
from tests.mosquitto import Mosquitto
from tests.simulators.listener import Listener


class Patient(Event):
    """A stop that never comes, and notes how long it was waited for."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        assert timeout is not None
        self.waits.append(timeout)
        return False


START = datetime(2026, 1, 1, tzinfo=UTC)
ENERGY, POWER = Wanted("kWh", "ep_imp"), Wanted("kW", "p")


def row(line: int, at: datetime, **values: str) -> Row:
    named = {"energy": ENERGY, "power": POWER}
    return Row(line, at, tuple((named[name], Decimal(value)) for name, value in values.items()))


def play(replay: Replay, *rows: Row | Unread, stop: Event | None = None) -> Replayed:
    return replay.run(rows, clock=now, stop=stop or Event(), report=lambda _: None, drain=10)


@given(amounts=st.lists(st.decimals(0, 1_000, places=3), min_size=1, max_size=50))
def test_the_register_is_the_exact_sum_of_the_amounts(amounts: list[Decimal]) -> None:
    replay = Replay(Publisher("mqtt://127.0.0.1", client_id="p"), "t", cumulation=Cumulation(start=Decimal(100)))
    shown = [
        next(iter(replay._records(row(line, START, energy=str(amount)))))["m"]["ep_imp"]
        for line, amount in enumerate(amounts)
    ]
    assert shown[-1] == float(100 + sum(amounts))


def test_only_registers_are_cumulated_and_only_they_have_an_opening() -> None:
    replay = Replay(
        Publisher("mqtt://127.0.0.1", client_id="p"), "t", cumulation=Cumulation(Decimal(5), timedelta(minutes=15))
    )
    first = list(replay._records(row(1, START, energy="2", power="8")))
    second = list(replay._records(row(2, START + timedelta(minutes=15), energy="3", power="9")))
    assert [record["m"] for record in first] == [{"ep_imp": 5.0}, {"ep_imp": 7.0, "p": 8.0}]
    assert first[1]["ts"] - first[0]["ts"] == 900_000
    assert [record["m"] for record in second] == [{"ep_imp": 10.0, "p": 9.0}]


def test_a_replay_at_speed_waits_for_its_time_and_not_for_rows_that_go_back(mosquitto: Mosquitto) -> None:
    rows = [row(1, START, power="1"), row(2, START - timedelta(days=1), power="2"), row(3, START, power="3")]
    rows.append(row(4, START + timedelta(minutes=1), power="4"))
    patient = Patient()
    with Listener(mosquitto.port) as listener, Publisher(mosquitto.url, client_id="p") as publisher:
        done = Replay(publisher, "t", speed=6).run(
            rows, clock=lambda: START, stop=patient, report=lambda _: None, drain=10
        )
        assert [round(wait) for wait in patient.waits] == [10]  # a minute of the file; the others are due at once
        assert len(listener.wait_for(4)) == done.records == 4
    assert done.complete
    assert done.all_acknowledged


def test_a_replay_that_is_stopped_says_that_it_is_not_complete(mosquitto: Mosquitto) -> None:
    stop = Event()
    stop.set()
    with Publisher(mosquitto.url, client_id="p") as publisher:
        assert not play(Replay(publisher, "t"), row(1, START, power="1"), stop=stop).complete
