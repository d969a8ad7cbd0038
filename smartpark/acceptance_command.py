"""`smartpark acceptance`: listen to one device, and report what is as it should be and what is not."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Annotated

import typer
from sqlalchemy import Engine

from adapters.settings import Settings
from park.place import Meter
from park.registry import Registry
from smartpark.opening import FAILED, Config, DataDir, Json, Opening, fail, misuse, print_json, start, who

if TYPE_CHECKING:
    from adapters.eavesdrop import Eavesdropper
    from adapters.relational.acceptances import Kept
    from park.acceptance.examine import Acceptance

LOOK = 0.5
MARKS = {"pass": "✓", "note": "!", "fail": "✗"}


def acceptance(
    meter: Annotated[str | None, typer.Argument(help="设备编号 / Meter id.", show_default=False)] = None,
    *,
    minutes: Annotated[float, typer.Option(min=0.05, max=120, help="监听时长 / minutes to listen.")] = 15.0,
    plug: Annotated[
        bool | None,
        typer.Option("--plug/--no-plug", help="监听后请工程师断开设备 (缺省: 有人在终端时) / ask to pull the plug."),
    ] = None,
    plug_minutes: Annotated[float, typer.Option(min=0.05, max=60, help="断线试验最长时间 / at most so long.")] = 5.0,
    report: Annotated[
        Path | None, typer.Option(help="报告文件, .pdf 或 .html / report to write.", dir_okay=False)
    ] = None,
    verify: Annotated[
        Path | None,
        typer.Option(help="核对一份 HTML 报告是否原件 / check a report instead.", exists=True, dir_okay=False),
    ] = None,
    mqtt_url: Annotated[
        str | None,
        typer.Option("--mqtt-url", help="MQTT 服务器 / broker: mqtt://[user@]host:port.", show_default=False),
    ] = None,
    config: Config = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """设备验收: 监听一台设备, 逐项给出合格与否 / Listen to one device and judge it, item by item.

    例 / Example: smartpark acceptance e09-main --minutes 15 --report e09-main.pdf

    例 / Example: smartpark acceptance --verify e09-main.html

    有不合格项时退出码为 1 / The exit code is 1 where an item fails.
    """
    opening = start(config, data_dir, **({} if mqtt_url is None else {"mqtt_url": mqtt_url}))
    if verify is not None:
        _verify(opening, verify, as_json=as_json)
        return
    if meter is None:
        misuse(opening.say("请给出设备编号。", "Name the meter."))
    if report is not None and report.suffix not in {".pdf", ".html"}:
        misuse(opening.say(f"{report.name}: 报告须为 .pdf 或 .html。", f"{report.name}: a report is .pdf or .html."))
    ask = sys.stdin.isatty() if plug is None else plug
    with opening.store() as engine:
        from adapters.relational import registry_store

        registry = registry_store.load(engine)
        found = registry.by_meter.get(meter)
        if found is None:
            fail(opening.say(f"台账中没有设备 {meter}; 请先登记。", f"There is no meter {meter}; register it first."))
        with _listening(opening.settings, found) as ear:
            _wait(opening, ear, timedelta(minutes=minutes))
            if ask:
                _pull(opening, ear, found, registry, timedelta(minutes=plug_minutes))
            made = _examined(opening, ear, found, registry)
        kept = _keep(opening, engine, made)
        if report is not None:
            _write(opening, registry, kept, report)
    if as_json:
        print_json({**made.document(), "id": kept.id, "seal": kept.seal})
    else:
        _say(opening, made, kept)
    if not made.accepted:
        raise typer.Exit(FAILED)


@contextmanager
def _listening(settings: Settings, meter: Meter) -> Iterator["Eavesdropper"]:
    """Listen until the end of the block; where that cannot begin, say why and end."""
    from adapters import clock
    from adapters.broker_endpoint import broker_endpoint
    from adapters.eavesdrop import CannotListen, Eavesdropper
    from adapters.endpoint import Endpoint
    from adapters.mqtt_probe import probe
    from park.acceptance.listened import filters, requests

    embedded = "mqtt_url" not in settings.model_fields_set  # that of `smartpark up`
    target = Endpoint("127.0.0.1", settings.mqtt_port) if embedded else broker_endpoint(settings)
    version = probe(target, settings.mqtt_version).version
    ear = Eavesdropper(
        target,
        filters(meter, settings.mqtt_prefix),
        version=version,
        clock=clock.now,
        asks=requests(meter, clock.now()),
    )
    stop, wrong = Event(), list[CannotListen]()

    def listen() -> None:
        try:
            ear.run(stop)
        except CannotListen as error:
            wrong.append(error)

    thread = Thread(target=listen, name="acceptance")
    thread.start()
    try:
        thread.join(LOOK)
        if wrong:
            fail(f"无法监听 / cannot listen: {wrong[0]}")
        yield ear
    finally:
        stop.set()
        thread.join()


def _wait(opening: Opening, ear: "Eavesdropper", lasts: timedelta) -> None:
    """Show how far it is; Ctrl-C ends it early."""
    from simulators.progress import progress

    steps = max(1, round(lasts.total_seconds() / LOOK))
    pause = Event()
    title = opening.say("监听 (Ctrl-C 提前结束)", "Listening (Ctrl-C to end early)")
    try:
        with progress(title, "acceptance", steps) as advance:
            for _ in range(steps):
                pause.wait(LOOK)
                advance(1)
    except KeyboardInterrupt:
        typer.echo("", err=True)
    typer.echo(opening.say(f"收到 {ear.heard} 条报文", f"{ear.heard} messages heard"), err=True)


def _pull(opening: Opening, ear: "Eavesdropper", meter: Meter, registry: Registry, most: timedelta) -> None:
    """Ask for the plug, and wait until the device was gone and is back."""
    from park.acceptance.heard import GONE
    from park.acceptance.item import Item, Verdict

    away = max(GONE * meter.period, timedelta(seconds=5))
    typer.echo(
        opening.say(
            f"现在请拔掉设备的网线或电源, 至少 {away.total_seconds():.0f} s 后再接上。",
            f"Now pull the device's network or power, and plug it in again after {away.total_seconds():.0f} s or more.",
        ),
        err=True,
    )
    ear.pull_plug()
    pause = Event()
    for _ in range(round(most.total_seconds() / LOOK)):
        try:
            pause.wait(LOOK)
        except KeyboardInterrupt:
            break
        found = {one.item: one.verdict for one in _examined(opening, ear, meter, registry).findings}
        if found[Item.RECONNECT] is Verdict.PASS and found[Item.STATE] is not Verdict.FAIL:
            break
    ear.end_plug()


def _examined(opening: Opening, ear: "Eavesdropper", meter: Meter, registry: Registry) -> "Acceptance":
    from park.acceptance.examine import examine

    return examine(meter, registry, ear.session(), opening.settings.mqtt_prefix)


def _keep(opening: Opening, engine: Engine, made: "Acceptance") -> "Kept":
    from adapters import clock
    from adapters.relational import acceptances
    from adapters.seal import Seal

    seal = Seal(opening.settings.data_dir)
    return acceptances.add(engine, made.document(), sign=seal.sign, who=who(), now=clock.now())


def _write(opening: Opening, registry: Registry, kept: "Kept", file: Path) -> None:
    """Write the report's file."""
    from zoneinfo import ZoneInfo

    from adapters.acceptance_files import written

    language = opening.settings.language
    content, _ = written(registry, kept, file.suffix[1:], language, ZoneInfo(opening.settings.timezone))
    try:
        file.write_bytes(content)
    except OSError as error:
        fail(f"{file}: {error.strerror}")


def _say(opening: Opening, made: "Acceptance", kept: "Kept") -> None:
    from park.acceptance.item import NAMES

    language = opening.settings.language
    for one in made.findings:
        name = NAMES[one.item][1 if language == "en" else 0]
        typer.echo(f"{MARKS[one.verdict.value]} {name}: {one.sentence(language)}")
    result = opening.say("通过" if made.accepted else "不通过", "Accepted" if made.accepted else "Not accepted")
    typer.echo(
        opening.say(
            f"{made.meter.id}: {result} ({made.messages} 条报文, {made.readings} 个值; 报告 {kept.id})",
            f"{made.meter.id}: {result} ({made.messages} messages, {made.readings} values; report {kept.id})",
        )
    )


def _verify(opening: Opening, file: Path, *, as_json: bool) -> None:
    """Say whether a report's file is as this installation sealed it."""
    from adapters import html_report
    from adapters.seal import Seal

    sealed = html_report.read(file.read_bytes())
    genuine = sealed is not None and Seal(opening.settings.data_dir).holds(sealed.content, sealed.seal)
    if as_json:
        print_json({"file": file.name, "genuine": genuine})
    elif genuine:
        typer.echo(opening.say("签章相符, 内容未被改动。", "The seal holds: nothing was changed."))
    elif sealed is None:
        typer.echo(opening.say("这不是本平台的 HTML 验收报告。", "This is no HTML report of this platform."), err=True)
    else:
        typer.echo(
            opening.say(
                "签章不符: 内容被改动, 或不是本平台所出。", "The seal does not hold: it was changed, or made elsewhere."
            ),
            err=True,
        )
    if not genuine:
        raise typer.Exit(FAILED)
