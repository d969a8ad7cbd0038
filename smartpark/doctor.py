"""What may be wrong with an installation, each looked at for itself, with how to mend it.

The doctor only looks: what is not there yet is not made here.
"""

import os
import shutil
import socket
import sys
from collections.abc import Callable
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from adapters import stores
from adapters.relational import accounts, migrate, registry_store
from adapters.relational import engine as relational
from adapters.settings import Settings
from park.telemetry import TelemetryError
from smartpark.doctor_broker import look_at_broker
from smartpark.finding import Finding, State
from smartpark.mistake_lines import many

OLDEST_PYTHON = (3, 11)
LEAST_FREE = 2 * 1024**3
PATIENCE = 2.0


def examine(settings: Settings) -> list[Finding]:
    """Look at every part; a part that cannot be looked at is a finding, never an exception."""
    looks: tuple[Callable[[Settings], Finding], ...] = (
        _python,
        _folder,
        _space,
        _database,
        _telemetry,
        look_at_broker,
        _web,
    )
    return [look(settings) for look in looks]


def _python(_settings: Settings) -> Finding:
    found = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] >= OLDEST_PYTHON:
        return Finding("python", State.WELL, f"Python {found}", f"Python {found}")
    return Finding(
        "python", State.WRONG, f"Python {found} 过旧; 请安装 3.11 或更新", f"Python {found} is too old; use 3.11+"
    )


def _folder(settings: Settings) -> Finding:
    folder = settings.data_dir
    probe = folder / ".doctor"
    if _unmade(folder):
        above = _existing(folder)
        if os.access(above, os.W_OK):
            return Finding(
                "data folder",
                State.NOTE,
                f"数据文件夹 {folder} 尚未建立; smartpark up 会建立它",
                f"data folder {folder} is not made yet; smartpark up makes it",
            )
        return Finding(
            "data folder",
            State.WRONG,
            f"数据文件夹 {folder} 尚未建立, 且 {above} 不可写; 请改权限或用 --data-dir 换一个",
            f"data folder {folder} is not made yet and {above} cannot be written; change its rights or use --data-dir",
        )
    try:
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        return Finding(
            "data folder",
            State.WRONG,
            f"数据文件夹 {folder} 不可写 ({error.strerror}); 请改权限或用 --data-dir 换一个",
            f"data folder {folder} cannot be written ({error.strerror}); change its rights or use --data-dir",
        )
    return Finding("data folder", State.WELL, f"数据文件夹 {folder} 可写", f"data folder {folder} can be written")


def _space(settings: Settings) -> Finding:
    try:
        free = shutil.disk_usage(_existing(settings.data_dir)).free
    except OSError as error:
        return Finding("disk", State.WRONG, f"无法查看磁盘: {error.strerror}", f"disk not readable: {error.strerror}")
    amount = f"{free / 1024**3:.1f} GiB"
    if free < LEAST_FREE:
        return Finding(
            "disk",
            State.WRONG,
            f"磁盘只剩 {amount}; 请清理或扩容, 否则报文将滞留在消息服务器",
            f"only {amount} free; make room, or messages will have to wait at the broker",
        )
    return Finding("disk", State.WELL, f"磁盘剩余 {amount}", f"{amount} free")


def _existing(path: Path) -> Path:
    """Give the nearest folder above that exists."""
    return next(folder for folder in (path.absolute(), *path.absolute().parents) if folder.exists())


def _unmade(path: Path) -> bool:
    """Tell whether something is missing only because nobody has made it yet."""
    return not path.exists() and _existing(path).is_dir()


def _database(settings: Settings) -> Finding:
    if _unmade(relational.file(settings.database()) or Path()):
        return Finding(
            "database",
            State.NOTE,
            "业务数据库尚未建立; smartpark up 会建立它",
            "the relational store is not made yet; smartpark up makes it",
        )
    try:
        engine = relational.connect(settings.database())
        try:
            revision = migrate.current(engine)
            if revision != migrate.head() and migrate.known(revision):
                return Finding(
                    "database",
                    State.NOTE,
                    "业务数据库的表尚未建立或属于旧版本; smartpark up 或 smartpark store init 会处理",
                    "the relational store's tables are not made yet or of an older version; smartpark up or smartpark "
                    "store init sees to it",
                )
            migrate.upgrade(engine)  # changes nothing here: it refuses what a newer version has made
            meters = len(registry_store.load(engine).meters)
            users = accounts.any_user(engine)
        finally:
            engine.dispose()
    except (relational.DatabaseError, migrate.MigrationError, DBAPIError, OSError) as error:
        words = str(getattr(error, "orig", error))
        return Finding(
            "database",
            State.WRONG,
            f"业务数据库不可用: {words}; 请检查 SMARTPARK_DATABASE_URL",
            f"relational store: {words}; check SMARTPARK_DATABASE_URL",
        )
    if not meters:
        return Finding(
            "database",
            State.NOTE,
            "台账为空; 运行 smartpark registry import park.yaml",
            "no meters registered; run smartpark registry import park.yaml",
        )
    if not users:
        return Finding(
            "database", State.NOTE, "还没有用户; 运行 smartpark user add", "no users yet; run smartpark user add"
        )
    return Finding(
        "database", State.WELL, f"业务数据库可用, {meters} 台设备", f"relational store, {many(meters, 'meter')}"
    )


def _telemetry(settings: Settings) -> Finding:
    if _unmade(stores.telemetry_file(settings) or Path()):
        return Finding(
            "telemetry",
            State.NOTE,
            "时序库尚未建立; smartpark up 会建立它",
            "the telemetry store is not made yet; smartpark up makes it",
        )
    try:
        store = stores.telemetry(settings)
        try:
            held = store.extent()
        finally:
            store.close()
    except TelemetryError as error:
        if "lock" in str(error).lower():
            return Finding(
                "telemetry",
                State.NOTE,
                "时序库正由运行中的平台使用, 未再检查",
                "the telemetry store is in use by a running platform; not looked into",
            )
        return Finding(
            "telemetry",
            State.WRONG,
            f"时序库不可用: {error}; 请检查 SMARTPARK_TELEMETRY_URL",
            f"telemetry store: {error}; check SMARTPARK_TELEMETRY_URL",
        )
    if held.readings is None:
        until = f"{held.last:%Y-%m-%d %H:%M} UTC"
        return Finding("telemetry", State.WELL, f"时序库可用, 最新读数 {until}", f"telemetry store, newest {until}")
    return Finding("telemetry", State.WELL, f"时序库可用, {held.readings} 条读数", f"{held.readings} readings stored")


def _web(settings: Settings) -> Finding:
    place = f"{settings.http_host}:{settings.http_port}"
    if _answers(settings.http_host, settings.http_port):
        return Finding("web", State.NOTE, f"{place} 已有程序在监听", f"something listens on {place} already")
    return Finding("web", State.WELL, f"端口 {place} 空闲", f"port {place} is free")


def _answers(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=PATIENCE):
            return True
    except OSError:
        return False
