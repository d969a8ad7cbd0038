"""Rule files as YAML, one or many; and the ones that are shipped."""

from pathlib import Path

import pytest

from adapters import rule_yaml
from adapters.rule_yaml import MAX_BYTES, Shelf

RULE = """\
rules:
  - id: {id}
    name: 可燃气体
    severity: larger
    metric: lel
    when: {{above: {limit}}}
    silence: keep
    timelines: [{{name: so, values: [5, 30], phases: .F}}]
"""


def write(folder: Path, name: str, id: str, limit: str = "25 %LEL") -> Path:  # noqa: A002  # what it is called
    file = folder / name
    file.write_text(RULE.format(id=id, limit=limit), encoding="utf-8")
    return file


def told(shelf: Shelf) -> list[tuple[str, str, int | None]]:
    return [(file.name, mistake.path, mistake.line) for file, mistake in shelf.mistakes]


def test_a_folder_is_read_with_the_file_of_each_rule(tmp_path: Path) -> None:
    one, two = write(tmp_path, "b.yaml", "b"), write(tmp_path, "a.yaml", "a")
    (tmp_path / "notes.txt").write_text("no rules", encoding="utf-8")
    shelf = rule_yaml.load_all([tmp_path, one])
    assert [rule.id for rule in shelf.rules] == ["a", "b"]
    assert shelf.files == {"a": two, "b": one}
    assert {name: len(some) for name, some in shelf.timelines.items()} == {"a": 1, "b": 1}
    assert shelf.mistakes == ()


def test_the_mistakes_of_every_file_are_told_and_the_rules_of_the_others_read(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", "a", "25")
    write(tmp_path, "b.yaml", "b")
    (tmp_path / "c.yaml").write_text("rules: [", encoding="utf-8")
    shelf = rule_yaml.load_all([tmp_path])
    assert [rule.id for rule in shelf.rules] == ["b"]
    assert told(shelf) == [("a.yaml", "rules[0].when.above", 6), ("c.yaml", "", 1)]


def test_a_rule_that_stands_in_two_files_is_a_mistake(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", "a")
    write(tmp_path, "b.yaml", "a")
    shelf = rule_yaml.load_all([tmp_path])
    assert shelf.files == {"a": tmp_path / "a.yaml"}
    assert told(shelf) == [("b.yaml", "a", None)]


@pytest.mark.parametrize(
    "content", [None, b"\xff\xfe", b"# " + b"x" * MAX_BYTES], ids=["none", "not text", "too large"]
)
def test_a_file_that_cannot_be_read_is_told_in_a_sentence(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "a.yaml"
    if content is not None:
        file.write_bytes(content)
    [mistake] = rule_yaml.load(file).mistakes
    assert mistake.zh
    assert mistake.en


def test_the_shipped_rules_are_read_once_and_know_their_files() -> None:
    shelf = rule_yaml.shipped()
    assert shelf is rule_yaml.shipped()
    assert shelf.mistakes == ()
    assert {file.name for file in shelf.files.values()} >= {"gas.yaml", "devices.yaml"}
