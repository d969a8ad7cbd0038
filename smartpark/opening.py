"""What every command does first: read the settings, open the relational store, and say what is wrong in a sentence."""

import getpass
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from adapters import settings as all_settings
from adapters.relational import engine as relational
from adapters.relational import migrate
from adapters.relational.refusal import Refused
from adapters.settings import Settings, SettingsError
from adapters.spool import SpoolError
from park.telemetry import TelemetryError

FAILED = 1
WRONG_USE = 2

Config = Annotated[
    Path | None, typer.Option("--config", help="设置文件 / Settings file (.env form).", show_default=False)
]
DataDir = Annotated[Path | None, typer.Option("--data-dir", help="数据目录 / Data folder.", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="以 JSON 输出 / Print JSON.")]


@dataclass(frozen=True, slots=True)
class Opening:
    """The settings a command runs with, and the language it speaks."""

    settings: Settings

    def say(self, zh: str, en: str) -> str:
        """Choose the sentence in the installation's language."""
        return zh if self.settings.language == "zh" else en

    @contextmanager
    def store(self) -> Iterator[Engine]:
        """Open the relational store, at this version's schema; what it refuses is said, and the command has failed."""
        engine = None
        try:
            engine = relational.connect(self.settings.database())
            migrate.upgrade(engine)
            yield engine
        except Refused as refused:
            fail(refused.sentence(self.settings.language))
        except (relational.DatabaseError, migrate.MigrationError) as error:
            fail(str(error))
        except DBAPIError as error:
            fail(self.say(f"数据库无法使用: {error.orig}", f"The database cannot be used: {error.orig}"))
        finally:
            if engine is not None:
                engine.dispose()


def start(config: Path | None = None, data_dir: Path | None = None, **given: object) -> Opening:
    """Read the settings; where they cannot be used, name every mistake and end as wrongly used."""
    try:
        return Opening(all_settings.load(config, environ=None, data_dir=data_dir, **given))
    except SettingsError as error:
        for mistake in error.mistakes:
            typer.echo(mistake, err=True)
        raise typer.Exit(WRONG_USE) from None


@contextmanager
def failures() -> Iterator[None]:
    """End with a sentence, and no traceback, when the world does not let us."""
    try:
        yield
    except TelemetryError as error:
        fail(f"时序库不可用 / telemetry store: {error}")
    except SpoolError as error:
        fail(f"暂存文件不可用: {error}; 请检查数据文件夹的权限与剩余空间 / spool: check the folder's rights and space")
    except Refused as refused:
        fail(f"{refused.zh} / {refused.en}")
    except (relational.DatabaseError, migrate.MigrationError, OSError) as error:
        fail(str(error))
    except DBAPIError as error:
        fail(f"业务数据库不可用 / relational store: {error.orig}")


def fail(sentence: str) -> NoReturn:
    """Say why the command did not succeed, and end so."""
    typer.echo(sentence, err=True)
    raise typer.Exit(FAILED)


def misuse(sentence: str) -> NoReturn:
    """Say what is wrong with how the command was called, and end so."""
    typer.echo(sentence, err=True)
    raise typer.Exit(WRONG_USE)


def print_json(data: object) -> None:
    """Print data for a program to read; Chinese stays readable."""
    typer.echo(json.dumps(data, ensure_ascii=False, indent=2, default=_plain))


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def who() -> str:
    """Name whoever runs the command, for the audit."""
    try:
        return f"cli:{getpass.getuser()}"
    except (OSError, KeyError):  # a container may run as a number without a name
        return "cli"
