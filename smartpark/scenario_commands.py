"""`smartpark simulate`: bare, the simulated park; with a word behind it, scenarios with golden answers."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from smartpark.dialects_command import dialects
from smartpark.load_command import load
from smartpark.mistake_lines import many, mistake_lines
from smartpark.opening import FAILED, Config, Json, Opening, fail, failures, misuse, print_json, start
from smartpark.simulate_commands import simulate

if TYPE_CHECKING:
    from park.mistake import Mistake
    from simulators.scenario.model import Scenario
    from smartpark.verifying import Verified

app = typer.Typer(
    help="模拟园区 (不带子命令即运行) 与带标准答案的情景 / The simulated park, and scenarios with golden answers."
)
app.callback(invoke_without_command=True)(simulate)
app.command("load")(load)
app.command("dialects")(dialects)

Files = Annotated[
    list[Path] | None,
    typer.Argument(
        exists=True, readable=True, help="情景文件或文件夹, 缺省为自带的 / Files or folders, or those shipped."
    ),
]
Named = Annotated[
    list[str] | None, typer.Argument(help="自带情景的名称, 或情景文件 / Names of shipped scenarios, or files.")
]


@app.command("list", epilog="例 / Example: smartpark simulate list")
def list_command(files: Files = None, *, config: Config = None, as_json: Json = False) -> None:
    """列出情景及其故障 / List scenarios, and what goes wrong in each."""
    opening = start(config)
    scenarios, mistakes = _read(files)
    if as_json:
        print_json([_plain(scenario, opening) for scenario in scenarios])
    else:
        width = max((len(scenario.id) for scenario in scenarios), default=0)
        for scenario in scenarios:
            faults = ", ".join(dict.fromkeys(name for name, _ in scenario.faults))
            typer.echo(f"{scenario.id.ljust(width)}  {scenario.name.pick(opening.settings.language)}  ({faults})")
    _refuse(opening, mistakes)


@app.command("check", epilog="例 / Example: smartpark simulate check my-scenario.yaml")
def check_command(files: Files = None, *, config: Config = None, as_json: Json = False) -> None:
    """检查情景文件, 指出每一处错误 / Check scenario files and name every mistake."""
    opening = start(config)
    scenarios, mistakes = _read(files)
    if as_json:
        print_json(
            {
                "ok": not mistakes,
                "scenarios": [scenario.id for scenario in scenarios],
                "mistakes": [{"file": str(file), **asdict(one)} for file, found in mistakes for one in found],
            }
        )
        if mistakes:
            raise typer.Exit(FAILED)
        return
    _refuse(opening, mistakes)
    count = len(scenarios)
    typer.echo(opening.say(f"没有错误: {count} 个情景。", f"No mistakes: {many(count, 'scenario')}."))


@app.command("verify", epilog="例 / Example: smartpark simulate verify dropout-lost two-devices")
def verify_command(
    scenarios: Named = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="全部自带情景 / Every scenario that is shipped.")] = False,
    mqtt_url: Annotated[
        str | None,
        typer.Option(
            help="专用的 MQTT 服务器, 缺省内置; 不要用正在运行的平台的 / a broker of its own, embedded by default; "
            "never that of a running platform."
        ),
    ] = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """用真实的服务演一遍情景, 逐项比对标准答案 / Play scenarios to the real services; compare with what must come out.

    服务在临时文件夹中运行, 报文经过真实的 MQTT 服务器; 不碰任何已有数据 / All of it runs in a folder that is thrown
    away, over a real broker; no data of yours is touched.
    """
    opening = start(config) if mqtt_url is None else start(config, mqtt_url=mqtt_url)
    if not scenarios and not every:
        misuse("请写情景名称或文件, 或 --all / name scenarios or files, or give --all")
    chosen = _chosen(opening, scenarios or [], every=every)
    with failures():
        from adapters import log
        from adapters.publisher import PublisherError
        from adapters.rule_yaml import shipped
        from simulators.progress import progress
        from smartpark.stage import StageFailed
        from smartpark.verifying import verify

        log.configure("error")
        try:
            found = verify(
                chosen,
                shipped=shipped().rules,
                url=mqtt_url,
                port=_port,
                watched=lambda total: progress(opening.say("情景", "scenarios"), "verify", total),
            )
        except PublisherError as error:
            fail(str(error))
        except StageFailed as error:
            fail(opening.say(f"服务没有跟上: {error}", f"The services did not follow: {error}"))
    _conclude(opening, found, as_json=as_json)


def _read(files: list[Path] | None) -> "tuple[list[Scenario], list[tuple[Path, list[Mistake]]]]":
    """Read scenario files, or those that are shipped; a name that stands in two of them is a mistake."""
    from park.mistake import Mistake
    from simulators.scenario.load import files as all_files
    from simulators.scenario.load import load

    scenarios: dict[str, Scenario] = {}
    mistakes: list[tuple[Path, list[Mistake]]] = []
    with _folder(files) as given:
        for path in all_files(given):
            checked = load(path)
            found = list(checked.mistakes)
            if checked.scenario is not None and checked.scenario.id in scenarios:
                name = checked.scenario.id
                zh, en = f"情景 {name} 已在别的文件中。", f"Scenario {name} stands in another file already."
                found.append(Mistake("scenario", None, zh, en))
            elif checked.scenario is not None:
                scenarios[checked.scenario.id] = checked.scenario
            if found:
                mistakes.append((path, found))
    return list(scenarios.values()), mistakes


@contextmanager
def _folder(files: list[Path] | None) -> Iterator[list[Path]]:
    from simulators.scenario.load import shipped

    if files:
        yield files
        return
    with shipped() as folder:
        yield [folder]


def _chosen(opening: Opening, names: list[str], *, every: bool) -> "list[Scenario]":
    """Give the scenarios that are meant: by their names where they are shipped, else by their files."""
    own, mistakes = _read(None)
    known = {scenario.id: scenario for scenario in own}
    paths = [Path(name) for name in names if name not in known]
    for path in paths:
        if not path.exists():
            near = ", ".join(known)
            misuse(f"{path}: 没有这个情景或文件; 自带的有 / no such scenario or file; there are: {near}")
    if paths:
        given, more = _read(paths)
        mistakes += more
        known |= {scenario.id: scenario for scenario in given}
        names = [name for name in names if name in known] + [scenario.id for scenario in given]
    _refuse(opening, mistakes)
    return [known[name] for name in dict.fromkeys([*names, *(one.id for one in own if every)])]


def _refuse(opening: Opening, mistakes: "list[tuple[Path, list[Mistake]]]") -> None:
    """End where there are mistakes, after naming every one."""
    for path, found in mistakes:
        for line in mistake_lines(path, found, opening.settings.language):
            typer.echo(line, err=True)
    if mistakes:
        raise typer.Exit(FAILED)


def _port() -> int:
    """Find a port on loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _conclude(opening: Opening, found: "list[Verified]", *, as_json: bool) -> None:
    wrong = [one for one in found if one.differences]
    if as_json:
        print_json(
            {
                "ok": not wrong,
                "scenarios": [
                    {
                        **_plain(one.scenario, opening),
                        "ok": not one.differences,
                        "differences": [difference._asdict() for difference in one.differences],
                    }
                    for one in found
                ],
            }
        )
    else:
        _say(opening, found)
    if wrong:
        raise typer.Exit(FAILED)


def _say(opening: Opening, found: "list[Verified]") -> None:
    width = max(len(one.scenario.id) for one in found)
    for one in found:
        mark = "!" if one.differences else " "
        typer.echo(f"{mark} {one.scenario.id.ljust(width)}  {one.scenario.name.pick(opening.settings.language)}")
        for where, expected, actual in one.differences:
            typer.echo(
                opening.say(
                    f"    {where}: 应为 {expected}, 实为 {actual}", f"    {where}: expected {expected}, got {actual}"
                )
            )
    wrong = sum(bool(one.differences) for one in found)
    seconds = sum({one.seconds for one in found})
    zh = f"{len(found)} 个情景, {wrong} 个与标准答案不符, 用时 {seconds:.0f} 秒。"
    en = f"{many(len(found), 'scenario')}, {wrong} of them differ from the golden answer; it took {seconds:.0f} s."
    typer.echo(opening.say(zh, en))


def _plain(scenario: "Scenario", opening: Opening) -> dict[str, object]:
    return {
        "id": scenario.id,
        "name": scenario.name.pick(opening.settings.language),
        "story": scenario.story.pick(opening.settings.language),
        "faults": list(dict.fromkeys(name for name, _ in scenario.faults)),
        "meters": len(scenario.registry.meters),
        "hours": scenario.duration.total_seconds() / 3600,
    }
