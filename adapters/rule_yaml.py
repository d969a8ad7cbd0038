"""Rule files as YAML, read with the line of everything in them; and the rules that are shipped with the program.

The shipped ones lie beside the program that judges by them, as data: whoever shows them reads them here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from adapters import registry_yaml
from park import rule_file
from park.mistake import Mistake
from park.rule import Rule
from park.rule_file import Checked
from park.timeline import Timeline

MAX_BYTES = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Shelf:
    """Rule files together: each rule with the file it is from, or the mistakes of each file."""

    rules: tuple[Rule, ...]
    timelines: Mapping[str, tuple[Timeline, ...]]
    files: Mapping[str, Path]
    """By the id of the rule."""
    mistakes: tuple[tuple[Path, Mistake], ...]


def check(content: bytes | str) -> Checked:
    """Read and check the text of one rule file."""
    source = registry_yaml.read(content)
    if source.mistakes:
        return Checked((), {}, source.mistakes)
    return rule_file.check(source.document, source.lines)


def load(path: Path) -> Checked:
    """Read and check one rule file."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        zh, en = f"无法读取 {path}: {error.strerror}。", f"Cannot read {path}: {error.strerror}."
        return Checked((), {}, [Mistake("", None, zh, en)])
    if len(content) > MAX_BYTES:
        zh, en = f"文件超过 {MAX_BYTES >> 20} MiB; 请拆分。", f"The file exceeds {MAX_BYTES >> 20} MiB; split it."
        return Checked((), {}, [Mistake("", None, zh, en)])
    return check(content)


def load_all(paths: Sequence[Path]) -> Shelf:
    """Read and check files, and every `*.yaml` of folders; a rule that stands in two of them is a mistake."""
    rules: dict[str, Rule] = {}
    timelines: dict[str, tuple[Timeline, ...]] = {}
    files: dict[str, Path] = {}
    mistakes: list[tuple[Path, Mistake]] = []
    for path in _files(paths):
        checked = load(path)
        mistakes += [(path, mistake) for mistake in checked.mistakes]
        for rule in checked.rules:
            if rule.id in files:
                zh, en = f"规则 {rule.id} 已在 {files[rule.id]} 中。", f"Rule {rule.id} is in {files[rule.id]} already."
                mistakes.append((path, Mistake(rule.id, None, zh, en)))
                continue
            rules[rule.id], files[rule.id] = rule, path
            timelines[rule.id] = checked.timelines.get(rule.id, ())
    return Shelf(tuple(rules.values()), timelines, files, tuple(mistakes))


@cache
def shipped() -> Shelf:
    """Give the rules shipped with the program; they are read once.  A mistake in them is one of ours: see the tests."""
    with resources.as_file(resources.files("rules").joinpath("definitions")) as folder:
        return load_all([folder])


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    seen = set()
    for path in paths:
        for file in sorted(path.glob("*.yaml")) if path.is_dir() else [path]:
            if file.resolve() not in seen:
                seen.add(file.resolve())
                yield file
