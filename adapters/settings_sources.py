"""Where settings are written down: the environment before the file, a secret's file in place of the secret."""

from collections.abc import Mapping
from pathlib import Path

from dotenv import dotenv_values

PREFIX = "SMARTPARK_"
FOR_TESTS = f"{PREFIX}TEST_"
DOTENV = Path(".env")


def gather(
    environ: Mapping[str, str], config: Path | None, *, names: set[str], secrets: set[str]
) -> tuple[dict[str, object], list[str]]:
    """Give the values by the names of the settings, and every mistake that lies in where and how they are written."""
    written, mistakes = _file(config)
    ours = written | {name.upper(): value for name, value in environ.items() if name.upper().startswith(PREFIX)}
    values: dict[str, object] = {}
    for variable, value in sorted(ours.items()):
        name = variable.removeprefix(PREFIX).lower()
        secret = name.removesuffix("_file")
        if not value or variable.startswith(FOR_TESTS):
            continue
        if name in names:
            values[name] = value
        elif name.endswith("_file") and secret in secrets:
            if ours.get(f"{PREFIX}{secret.upper()}"):
                mistakes.append(f"{variable}: {PREFIX}{secret.upper()} is given as well; give one of the two")
            values[secret] = _secret(variable, Path(value), mistakes)
        else:
            mistakes.append(f"{variable}: no such setting")
    return {name: value for name, value in values.items() if value is not None}, mistakes


def _file(config: Path | None) -> tuple[dict[str, str], list[str]]:
    """Read `--config FILE`, or `.env` where there is one; the latter may hold what is meant for other programs."""
    path = config or DOTENV
    if config is not None and not path.is_file():
        return {}, [f"--config {path}: no such file"]
    if not path.is_file():
        return {}, []
    try:
        found = dotenv_values(path, interpolate=False, encoding="utf-8")
    except UnicodeDecodeError:
        return {}, [f"{path}: not written in UTF-8"]
    except OSError as error:
        return {}, [f"{path}: {error.strerror}"]
    ours = {name.upper(): value or "" for name, value in found.items() if name.upper().startswith(PREFIX)}
    foreign = sorted(name for name in found if config is not None and not name.upper().startswith(PREFIX))
    return ours, [f"{path}: {name}: no such setting; their names begin with {PREFIX}" for name in foreign]


def _secret(variable: str, path: Path, mistakes: list[str]) -> str | None:
    try:
        secret = path.read_text(encoding="utf-8").strip()
    except UnicodeDecodeError:
        mistakes.append(f"{variable}: not written in UTF-8 ({path})")
    except OSError as error:
        mistakes.append(f"{variable}: {error.strerror} ({path})")
    else:
        if secret:
            return secret
        mistakes.append(f"{variable}: the file is empty ({path})")
    return None
