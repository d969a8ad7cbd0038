"""Boards to the JSON a server reads, the same bytes each time; and whether what is kept is what would be made."""

import json
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from grafana.words import Language, Words

FOLDER = "dashboards"


class NoLibrary(Exception):
    """The library that builds boards is not installed: it is for those who change them."""


def kept() -> Mapping[str, str]:
    """Give the boards that are shipped, by file name."""
    folder = resources.files("grafana").joinpath(FOLDER)
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".json")), key=lambda file: file.name)
    return {file.name: file.read_text(encoding="utf-8") for file in files}


def made(language: Language = "zh") -> Mapping[str, str]:
    """Build every board, by file name.  Raises NoLibrary."""
    try:
        from grafana_foundation_sdk.cog.encoder import JSONEncoder  # noqa: PLC0415  # not there on a server

        from grafana.boards import every  # noqa: PLC0415  # needs it too
    except ModuleNotFoundError as error:
        raise NoLibrary(str(error)) from error
    boards = [board(Words(language)) for board in every()]
    return {f"{board.uid}.json": written(json.loads(json.dumps(board.build(), cls=JSONEncoder))) for board in boards}


def written(board: dict[str, Any]) -> str:
    """Write a board, always in one way.

    The library says of every link that it stands in a menu; ours stand above the board, where they are seen.
    """
    return json.dumps(_seen(board), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _seen(part: Any) -> Any:  # noqa: ANN401  # any part of a JSON document
    if isinstance(part, list):
        return [_seen(one) for one in part]
    if isinstance(part, dict):
        return {key: _seen(one) for key, one in part.items() if key != "placement" or "asDropdown" not in part}
    return part


def write(folder: Path, boards: Mapping[str, str]) -> list[str]:
    """Put boards into a folder and take out what is none of them; name the files that changed."""
    folder.mkdir(parents=True, exist_ok=True)
    changed = list(differences({file.name: file.read_text("utf-8") for file in folder.glob("*.json")}, boards))
    for name in changed:
        if name in boards:
            (folder / name).write_text(boards[name], encoding="utf-8")
        else:
            (folder / name).unlink()
    return changed


def differences(there: Mapping[str, str], wanted: Mapping[str, str]) -> Iterator[str]:
    """Name the files that are missing, other, or too many."""
    return (name for name in sorted({*there, *wanted}) if there.get(name) != wanted.get(name))


def folder() -> Path:
    """Give where the shipped boards lie, in a checkout."""
    return Path(__file__).parent / FOLDER
