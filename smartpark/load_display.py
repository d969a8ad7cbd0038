"""How a load stands: a table that is kept up to date where a person watches, a line of log now and then elsewhere."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import typer

from smartpark.opening import Opening

if TYPE_CHECKING:
    from rich.table import Table

    from simulators.load.tally import Standing

BETWEEN_LINES: Final = 5.0


@contextmanager
def watching(opening: Opening) -> Iterator[Callable[["Standing"], None]]:
    """Show how it stands, each time it is told."""
    before: list[Standing] = []
    if not sys.stderr.isatty():
        from adapters.log import logger

        log = logger(__name__)

        def line(standing: "Standing") -> None:
            if not before or standing.seconds - before[0].seconds >= BETWEEN_LINES:
                log.info("load", **_said(standing, before[0] if before else None))
                before[:] = [standing]

        yield line
        return
    from rich.console import Console
    from rich.live import Live

    with Live(console=Console(stderr=True), auto_refresh=False, transient=True) as live:

        def table(standing: "Standing") -> None:
            live.update(_table(opening, standing, before[0] if before else None), refresh=True)
            before[:] = [standing]

        yield table


def _said(standing: "Standing", before: "Standing | None") -> dict[str, Any]:
    published, acked = standing.rates(before)
    return {
        "connected": standing.connected,
        "published_a_second": round(published, 1),
        "acknowledged_a_second": round(acked, 1),
        "in_flight": standing.in_flight,
        "reconnects": standing.reconnects,
        "behind_s": round(standing.behind, 1),
        "p50_ms": standing.p50_ms,
        "p99_ms": standing.p99_ms,
    }


def _table(opening: Opening, standing: "Standing", before: "Standing | None") -> "Table":
    from rich.table import Table

    published, acked = standing.rates(before)
    table = Table(show_header=False, box=None)
    for zh, en, value in (
        ("用时", "Running", f"{standing.seconds:.0f} s"),
        ("设备", "Devices", f"{standing.devices:,}"),
        ("连接", "Connected", f"{standing.connected:,} / {standing.connections:,}"),
        ("发布", "Published", f"{standing.published:,}  ({published:,.0f} /s)"),
        ("应答", "Acknowledged", f"{standing.acked:,}  ({acked:,.0f} /s)"),
        ("在途", "In flight", f"{standing.in_flight:,}"),
        ("重连", "Reconnects", f"{standing.reconnects:,}"),
        ("落后", "Behind", f"{standing.behind:.1f} s"),
        ("应答耗时", "Answered within", _within(standing)),
        *(("连接失败", "Not connected", f"{count:,} × {why}") for why, count in standing.failed.items()),
    ):
        table.add_row(opening.say(zh, en), value)
    return table


def _within(standing: "Standing") -> str:
    if standing.p50_ms is None:
        return "–"
    return f"p50 {standing.p50_ms:g} ms, p99 {standing.p99_ms:g} ms"


def plain(standing: "Standing") -> dict[str, Any]:
    """Write how it stood in the end for a program."""
    published, acked = standing.rates(None)
    return {
        **standing._asdict(),
        "seconds": round(standing.seconds, 2),
        "published_a_second": round(published, 1),
        "acknowledged_a_second": round(acked, 1),
        "all_acknowledged": not standing.in_flight,
    }


def closing(opening: Opening, standing: "Standing") -> None:
    """Say how it stood in the end."""
    _, rate = standing.rates(None)
    typer.echo(
        opening.say(
            f"{standing.devices:,} 台设备, {standing.connections:,} 个连接, 用时 {standing.seconds:.0f} s: "
            f"{standing.said:,} 条报文, 应答 {standing.acked:,} 条 ({rate:,.0f} /s), 未应答 {standing.in_flight:,}, "
            f"重连 {standing.reconnects:,}; {_within(standing)}",
            f"{standing.devices:,} devices on {standing.connections:,} connections in {standing.seconds:.0f} s: "
            f"{standing.said:,} messages, {standing.acked:,} acknowledged ({rate:,.0f}/s), "
            f"{standing.in_flight:,} never, {standing.reconnects:,} reconnects; {_within(standing)}",
        )
    )
    for why, count in standing.failed.items():
        typer.echo(opening.say(f"连接失败 {count:,} 次: {why}", f"Not connected {count:,} times: {why}"), err=True)
