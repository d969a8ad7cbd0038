"""Scenario files, and those that are shipped with the program: one at least for each fault there is."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

from adapters import registry_yaml, rule_yaml
from park.mistake import Mistake
from simulators.scenario import file
from simulators.scenario.file import Checked

MAX_BYTES = 2 * 1024 * 1024


def load(path: Path) -> Checked:
    """Read and check one scenario file."""
    try:
        with path.open("rb") as opened:
            content = opened.read(MAX_BYTES + 1)
    except OSError as error:
        zh, en = f"无法读取 {path}: {error.strerror}。", f"Cannot read {path}: {error.strerror}."
        return Checked(None, [Mistake("", None, zh, en)])
    if len(content) > MAX_BYTES:
        zh, en = f"文件超过 {MAX_BYTES >> 20} MiB; 请拆分。", f"The file exceeds {MAX_BYTES >> 20} MiB; split it."
        return Checked(None, [Mistake("", None, zh, en)])
    return check(content)


def check(content: bytes | str) -> Checked:
    """Read and check the text of one scenario file."""
    source = registry_yaml.read(content)
    if source.mistakes:
        return Checked(None, source.mistakes)
    return file.check(source.document, source.lines, shipped=rule_yaml.shipped().rules)


def files(paths: Sequence[Path]) -> Iterator[Path]:
    """Give files as they are, and every `*.yaml` of folders."""
    for path in paths:
        yield from sorted(path.glob("*.yaml")) if path.is_dir() else [path]


@contextmanager
def shipped() -> Iterator[Path]:
    """Give the folder of the scenarios shipped with the program."""
    with resources.as_file(resources.files("simulators").joinpath("scenarios")) as folder:
        yield folder
