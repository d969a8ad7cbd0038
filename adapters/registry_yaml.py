"""The registry file as YAML: read with the line of everything in it, written tidily.

Nodes are turned into plain data here, not by a YAML constructor: that keeps their lines, notices a key that stands
twice, bounds what aliases multiply, and leaves dates as the text they were.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from adapters.registry_yaml_write import write
from park import registry_file
from park.mistake import Mistake
from park.registry_file import Checked
from park.registry_notes import join

__all__ = ["Source", "check", "load", "read", "write"]

MAX_BYTES = 8 * 1024 * 1024
MAX_NODES = 1_000_000
"""What aliases may multiply a file into."""
DEEPEST = 40
TAG = "tag:yaml.org,2002:"


@dataclass(slots=True)
class Source:
    """A file as read: its data, the line of each path, and what is wrong with it as YAML."""

    document: object = None
    lines: dict[str, int] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)


def load(path: Path) -> Checked:
    """Read and check a registry file."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        zh, en = f"无法读取 {path}: {error.strerror}。", f"Cannot read {path}: {error.strerror}."
        return Checked(None, [Mistake("", None, zh, en)])
    return check(content)


def check(content: bytes | str) -> Checked:
    """Read and check the text of a registry file."""
    source = read(content)
    if source.mistakes:
        return Checked(None, source.mistakes)
    return registry_file.check(source.document, source.lines)


def read(content: bytes | str) -> Source:
    """Read YAML as plain data with lines; mistakes are those of YAML itself."""
    source = Source()
    if len(content) > MAX_BYTES:
        _note(
            source,
            None,
            f"文件超过 {MAX_BYTES >> 20} MiB; 请拆分。",
            f"The file exceeds {MAX_BYTES >> 20} MiB; split it.",
        )
        return source
    try:
        text = content.decode("utf-8-sig") if isinstance(content, bytes) else content.removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1  # type: ignore[arg-type]  # only bytes are decoded
        _note(source, line, "文件不是 UTF-8 编码; 请另存为 UTF-8。", "The file is not UTF-8; save it as UTF-8.")
        return source
    yaml = YAML(typ="safe", pure=True)
    try:
        root = yaml.compose(text)
        source.document = None if root is None else _Reader(source).value(root, "", 0)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = error.problem or error.context or "?"
        _note(
            source,
            None if mark is None else mark.line + 1,
            f"YAML 语法有误 ({what}); 请检查缩进、冒号、引号和括号。",
            f"This is not YAML ({what}); check indentation, colons, quotes and brackets.",
        )
    except (YAMLError, ValueError) as error:
        what = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        _note(source, None, f"YAML 无法解析 ({what})。", f"This cannot be read as YAML ({what}).")
    except RecursionError:
        _note(source, None, "YAML 嵌套过深。", "The YAML is nested too deep.")
    return source


class _Reader:
    """Turns nodes into data, within bounds."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._nodes = 0

    def value(self, node: Node, path: str, depth: int) -> object:
        self._nodes += 1
        if depth > DEEPEST or self._nodes > MAX_NODES:
            raise RecursionError
        self._source.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, MappingNode):
            return self._mapping(node, path, depth)
        if isinstance(node, SequenceNode):
            return [self.value(item, f"{path}[{place}]", depth + 1) for place, item in enumerate(node.value)]
        return self._scalar(node, path) if isinstance(node, ScalarNode) else None

    def _mapping(self, node: MappingNode, path: str, depth: int) -> dict[object, object]:
        found: dict[object, object] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, ScalarNode):
                _note(self._source, line, "键必须是文字。", "A key must be text.", path)
                continue
            key = key_node.value
            here = join(path, key)
            if key in found:
                _note(
                    self._source,
                    line,
                    f"键 {key} 在同一处出现两次 (先在第 {self._source.lines[here]} 行); 请删去一个。",
                    f"Key {key} stands here twice (first on line {self._source.lines[here]}); leave one out.",
                    here,
                )
                continue
            self._source.lines[here] = line
            found[key] = self.value(value_node, here, depth + 1)
        return found

    def _scalar(self, node: ScalarNode, path: str) -> object:
        tag, text = str(node.tag), node.value
        if tag not in PLAIN:
            zh, en = f"不支持 YAML 标签 {tag}; 请去掉。", f"YAML tag {tag} is not used here; leave it out."
            _note(self._source, node.start_mark.line + 1, zh, en, path)
            return None
        try:
            return PLAIN[tag](text)
        except ValueError:
            return text  # the check of the document says what belongs there


def _int(text: str) -> int:
    plain = text.replace("_", "")
    return int(plain, 0) if plain.lstrip("+-")[:2].lower() in {"0x", "0o", "0b"} else int(plain)


def _float(text: str) -> float:
    return float(text.replace("_", "").lower().replace(".inf", "inf").replace(".nan", "nan"))


PLAIN: Mapping[str, Callable[[str], object]] = {
    f"{TAG}null": lambda _: None,
    f"{TAG}bool": lambda text: text.lower() == "true",
    f"{TAG}int": _int,
    f"{TAG}float": _float,
    f"{TAG}str": str,
    f"{TAG}timestamp": str,
    f"{TAG}merge": str,
    f"{TAG}value": str,
}


def _note(source: Source, line: int | None, zh: str, en: str, path: str = "") -> None:
    source.mistakes.append(Mistake(path, line, zh, en))
