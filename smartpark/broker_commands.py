"""`smartpark broker`: the accounts of a production broker, made from the registry."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from adapters.broker_folder import BrokerFolder, Fate, FolderError, Outcome
from adapters.mosquitto_files import MosquittoFileError
from adapters.relational import registry_store
from park import partition
from park.broker_rights import BrokerAccount, WrongGateway, accounts
from park.partition import Partition
from park.place import Meter
from park.registry import Registry
from smartpark.opening import WRONG_USE, Config, DataDir, Json, Opening, fail, print_json, start

app = typer.Typer(no_args_is_help=True, help="消息服务器 / The MQTT broker.")

PARTITIONS = "collectors"
"""The file that remembers which partitions have a collector of their own, one a line."""


@app.callback()
def broker() -> None:
    """消息服务器 / The MQTT broker."""  # two languages


@app.command("credentials", epilog="例 / Example: smartpark broker credentials --rotate e01-main")
def credentials(
    *,
    out: Annotated[
        Path | None, typer.Option("--out", file_okay=False, help="目录, 缺省为数据目录下 broker / Folder.")
    ] = None,
    rotate: Annotated[
        list[str] | None, typer.Option("--rotate", help="换新密码的设备或用户, 可重复 / Meter or user, repeatable.")
    ] = None,
    collector: Annotated[
        list[str] | None,
        typer.Option("--collector", help="增设分区采集账号, 如 park=hengkou / Add a collector of a partition."),
    ] = None,
    demo: Annotated[bool, typer.Option("--demo", help="含模拟园区账号 / With the simulator's account.")] = False,
    show: Annotated[bool, typer.Option("--show", help="在屏幕显示新密码 / Print the new passwords.")] = False,
    config: Config = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """由台账生成 Mosquitto 账号、密码与权限 / Make Mosquitto's accounts and rights from the registry.

    可反复运行: 已有密码不变, 新设备得到新密码, 已删除的设备消失。
    Run it as often as you like: passwords stay, new meters get one, removed meters disappear.
    """
    opening = start(config, data_dir)
    folder = BrokerFolder(out or opening.settings.data_dir / "broker")
    try:
        partitions = _partitions(folder.path / PARTITIONS, collector or [])
    except ValueError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(WRONG_USE) from None
    with opening.store() as engine:
        registry = registry_store.load(engine)
    try:
        found = accounts(
            registry,
            prefix=opening.settings.mqtt_prefix,
            partitions=partitions,
            demo=_demo(wanted=demo),
            discover=opening.settings.discover(),
        )
        users = _users(opening, rotate or [], found)
        outcome = folder.update(found, rotate=users)
        _remember(folder.path / PARTITIONS, partitions)
    except (FolderError, MosquittoFileError, WrongGateway) as error:
        fail(str(error))
    except OSError as error:
        place, why = error.filename or folder.path, error.strerror
        fail(
            opening.say(
                f"{place} 无法读写 ({why}); 请检查属主与剩余空间。",
                f"{place} cannot be read or written ({why}); check its owner and free space.",
            )
        )
    if as_json:
        print_json(_plain(folder, found, outcome, show=show))
    else:
        _say(opening, folder, outcome, registry, show=show)


def _demo(*, wanted: bool) -> tuple[Meter, ...]:
    """Give the meters of the simulated park; without --demo nobody may speak for them."""
    if not wanted:
        return ()
    from simulators.demo import demo_registry

    return demo_registry().meters


def _partitions(file: Path, added: Iterable[str]) -> list[Partition]:
    """Read which partitions have a collector: what is remembered and what is asked for now.  Raises ValueError."""
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    return [partition.read(line) for line in [*lines, *added] if line.strip() and not line.startswith("#")]


def _remember(file: Path, partitions: list[Partition]) -> None:
    text = "".join(f"{one}\n" for one in sorted(set(map(str, partitions))))
    if text and (not file.is_file() or file.read_text(encoding="utf-8") != text):
        file.write_text(text, encoding="utf-8")


def _users(opening: Opening, names: list[str], found: tuple[BrokerAccount, ...]) -> set[str]:
    """Find the accounts that are meant by meters or users."""
    by_name = {meter: account.user for account in found for meter in account.meters}
    by_name |= {account.user: account.user for account in found}
    unknown = [name for name in names if name not in by_name]
    if unknown:
        fail(
            opening.say(
                f"没有账号: {', '.join(unknown)}; 未作任何改动。",
                f"There is no account of {', '.join(unknown)}; nothing was changed.",
            )
        )
    return {by_name[name] for name in names}


def _plain(
    folder: BrokerFolder, found: tuple[BrokerAccount, ...], outcome: Outcome, *, show: bool
) -> dict[str, object]:
    data: dict[str, object] = {
        "folder": str(folder.path),
        "accounts": [{"user": account.user, "meters": account.meters} for account in found],
        "made": outcome.of(Fate.MADE),
        "rotated": outcome.of(Fate.ROTATED),
        "rewritten": outcome.of(Fate.REWRITTEN),
        "removed": outcome.removed,
        "kept": len(outcome.of(Fate.KEPT)),
        "reload": outcome.changed,
    }
    return data | ({"passwords": outcome.passwords} if show else {})


def _say(opening: Opening, folder: BrokerFolder, outcome: Outcome, registry: Registry, *, show: bool) -> None:
    made, rotated, rewritten, kept = (len(outcome.of(fate)) for fate in Fate)
    removed = len(outcome.removed)
    typer.echo(
        opening.say(
            f"账号: 新增 {made}、换密 {rotated}、按文件改密 {rewritten}、删除 {removed}、不变 {kept}。",
            f"Accounts: {made} made, {rotated} rotated, {rewritten} set by hand, {removed} removed, {kept} kept.",
        )
    )
    if not registry.meters:
        typer.echo(
            opening.say(
                "台账中没有设备; 请先 smartpark registry import。",
                "No meters are registered; run smartpark registry import first.",
            ),
            err=True,
        )
    if show:
        for user, password in outcome.passwords.items():
            typer.echo(f"{user}\t{password}")
    typer.echo(
        opening.say(
            f"设备密码: {folder.handout} (交付后可删除); 服务密码: {folder.services}。",
            f"For the devices: {folder.handout} (may be deleted once handed out); for our services: {folder.services}.",
        )
    )
    if outcome.changed:
        typer.echo(
            opening.say(
                "请让 Mosquitto 重新读取: docker compose kill -s HUP mosquitto 或 systemctl reload mosquitto。",
                "Let Mosquitto read it: docker compose kill -s HUP mosquitto, or systemctl reload mosquitto.",
            )
        )
