"""The registry as YAML: what is written reads back, and what is no YAML is said so on its line."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adapters import registry_yaml
from park.place import Multiplier, Park
from park.registry import Registry
from park.registry_scale import ALWAYS
from tests.park.examples import NOW, meter, registry
from tests.park.registries import registries

LAUGHS = "a: &a [1, 1]\n" + "".join(
    f"{after}: &{after} [*{before}, *{before}, *{before}, *{before}]\n"
    for before, after in zip("abcdefghijklmno", "bcdefghijklmnop", strict=True)
)


@given(registries())
@example(Registry((Park("p", "?0"), Park("q", "a: b #c"), Park("r", "- 1, ]}"), Park("s", "no"), Park("t", "1e3"))))
def test_a_registry_written_as_yaml_reads_back_as_it_was(registry: Registry) -> None:
    checked = registry_yaml.check(registry_yaml.write(registry))
    assert checked.mistakes == []
    assert checked.registry == registry


def test_what_is_written_is_tidy_and_readable() -> None:
    written = registry_yaml.write(registry(meter("m1", multipliers=(Multiplier(ALWAYS, 12000.0),))))
    assert written == (
        "park: {id: hengkou, name: 恒口}\n"
        "enterprises:\n"
        "  - {id: e01, name: 富硒食品}\n"
        "meters:\n"
        "  - id: m1\n"
        "    enterprise: e01\n"
        "    medium: electricity\n"
        "    role: boundary\n"
        "    name: 一号变总表\n"
        "    period: 15s\n"
        "    metrics: [ep_imp, p]\n"
        "    multiplier: 12000\n"
    )


def test_a_long_line_is_not_broken() -> None:
    history = tuple(Multiplier(NOW.replace(year=2000 + year), float(year + 1)) for year in range(20))
    written = registry_yaml.write(registry(meter("m1", multipliers=history)))
    assert sum(line.strip().startswith("multiplier:") for line in written.splitlines()) == 1
    assert written.count("from:") == written.splitlines()[-1].count("from:") == 20


def test_every_path_has_its_line() -> None:
    source = registry_yaml.read("park:\n  id: hengkou\nmeters:\n  - id: m1\n    metrics:\n      - p\n      - q\n")
    assert source.lines == {
        "": 1,
        "park": 1,
        "park.id": 2,
        "meters": 3,
        "meters[0]": 4,
        "meters[0].id": 4,
        "meters[0].metrics": 5,
        "meters[0].metrics[0]": 6,
        "meters[0].metrics[1]": 7,
    }


def test_plain_values_are_what_yaml_says_and_dates_stay_text() -> None:
    text = "[1, 0x10, 1_000, 1.5, 1e3, true, null, ~, no, '1', 2024-01-01, 0511, .inf]"
    expected = [1, 16, 1000, 1.5, 1000.0, True, None, None, "no", "1", "2024-01-01", 511, float("inf")]
    assert registry_yaml.read(text).document == expected


def test_an_alias_repeats_what_it_names() -> None:
    assert registry_yaml.read("a: &m [p, q]\nb: *m\n").document == {"a": ["p", "q"], "b": ["p", "q"]}


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("a: [", 1, "This is not YAML"),
        ("a: 1\nb: {c: 1\n", 3, "This is not YAML"),
        ("a: 1\n\tb: 2\n", 2, "This is not YAML"),
        ("a: 1\na: 2\n", 2, "stands here twice (first on line 1)"),
        ("a: {b: 1,\n b: 2}\n", 2, "Key b stands here twice"),
        ("- 1\n---\n- 2\n", 2, "another document"),
        ("a: *nobody\n", 1, "undefined alias"),
        ("? [a, b]\n: 1\n", 1, "A key must be text"),
        ("a: 1\nb: !!python/name:os.system x\n", 2, "is not used here"),
        (b"a: 1\nb: \xff\n", 2, "save it as UTF-8"),
        ("a: \0", None, "cannot be read as YAML"),
        ("a: &a [*a]", None, "nested too deep"),
        ("[" * 2_000, None, "nested too deep"),
        (LAUGHS, None, "nested too deep"),
        ("a: " + "x" * registry_yaml.MAX_BYTES, None, "exceeds 8 MiB"),
    ],
    ids=lambda value: None if isinstance(value, int) else str(value)[:20].encode("unicode_escape").decode(),
)
def test_what_is_no_yaml_is_said_so_on_its_line(text: str | bytes, line: int | None, says: str) -> None:
    [mistake] = registry_yaml.read(text).mistakes
    assert says in mistake.en
    assert mistake.zh
    assert mistake.line == line


@given(st.one_of(st.text(max_size=60), st.binary(max_size=60)))
def test_any_bytes_are_read_without_an_error(content: str | bytes) -> None:
    checked = registry_yaml.check(content)
    assert (checked.registry is None) == bool(checked.mistakes)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    [mistake] = registry_yaml.load(tmp_path / "none.yaml").mistakes
    assert "none.yaml: No such file" in mistake.en


def test_a_byte_order_mark_is_no_mistake() -> None:
    assert registry_yaml.read(b"\xef\xbb\xbfa: 1").document == {"a": 1}
