"""What the API counts about itself, for Prometheus; each application has its own registry."""

import time
from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.clock import Clock
from api.live import Live

API = "/api/v1"
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Instruments:
    """Counters of requests, and the state of the live values at the moment they are asked for."""

    def __init__(self, live: Live, clock: Clock) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_Now(live, clock))
        self._requests = Counter(
            "smartpark_api_requests", "Requests answered.", ["method", "route", "status"], registry=self._registry
        )
        self._seconds = Histogram(
            "smartpark_api_request_seconds",
            "Seconds from request to the start of its answer.",
            ["route"],
            buckets=BUCKETS,
            registry=self._registry,
        )

    def add(self, more: Collector) -> None:
        """Show the counts of another program that runs in this process."""
        self._registry.register(more)

    def note(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answer."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def text(self) -> bytes:
        """Write all of it in Prometheus' text form."""
        return generate_latest(self._registry)


class _Now(Collector):
    """Reads the live values when asked, so that nothing has to keep gauges up to date."""

    def __init__(self, live: Live, clock: Clock) -> None:
        self._live = live
        self._clock = clock

    def collect(self) -> Iterable[Metric]:
        """Give the state of the moment."""
        live, now = self._live, self._clock()
        yield CounterMetricFamily("smartpark_api_live_messages", "Messages heard.", value=live.messages)
        yield GaugeMetricFamily("smartpark_api_live_messages_per_second", "Messages heard a second.", value=live.rate())
        yield GaugeMetricFamily("smartpark_api_live_connected", "1 while the broker answers.", value=live.connected())
        yield GaugeMetricFamily("smartpark_api_live_followers", "Open live streams.", value=live.followers)
        meters = GaugeMetricFamily(
            "smartpark_meters", "Registered meters, by whether they are heard.", labels=["state"]
        )
        states = [live.online(meter.id, now) for meter in live.registry.peek().meters]
        for name, state in (("online", True), ("offline", False), ("never_heard", None)):
            meters.add_metric([name], states.count(state))
        yield meters


class Measured:
    """Notes every request by its route's pattern, so that ids never become labels."""

    def __init__(self, app: ASGIApp, *, instruments: Instruments) -> None:
        self._app = app
        self._instruments = instruments

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and note the start of the answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 0

        async def note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._note(scope, status, time.perf_counter() - began)
            await send(message)

        try:
            await self._app(scope, receive, note)
        finally:
            if not status:  # it raised before it answered: the outermost handler says 500
                self._note(scope, 500, time.perf_counter() - began)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        pattern = getattr(scope.get("route"), "path", None)
        if not pattern:
            self._instruments.note("other", "other", status, seconds)
            return
        # A route that was included under a prefix may know itself without it.
        prefix = API if scope["path"].startswith(API) and not pattern.startswith(API) else ""
        self._instruments.note(scope["method"], prefix + pattern, status, seconds)
