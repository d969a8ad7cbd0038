"""The tree is what its own descriptions say."""

import ast
import re

import pytest

from tests.shape.tree import PACKAGES, ROOT, project, text, tracked

LONGEST = 300  # lines; most files are half of it

# Written apart so that this file does not find itself.
_MACHINE_PATH = re.compile(r"(?<![\w.~*}])/(?:" + "work|root|tmp" + r")/")
_REGISTRIES = re.compile(
    "|".join(
        name.replace(" ", r"\.")
        for name in (
            "pypi org", "pythonhosted org", "registry npmjs", "crates io", "proxy golang", "maven apache org",
            "deb debian org",
        )
    )
)  # fmt: skip


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    """Return every line of a kept text file in which the pattern is found."""
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}"
        for path in tracked()
        for number, line in enumerate((text(path) or "").splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_file_names_a_folder_of_the_machine_it_was_written_on() -> None:
    assert lines_with(_MACHINE_PATH) == []


def test_no_file_names_the_host_of_a_package_registry() -> None:
    assert lines_with(_REGISTRIES) == []


def test_no_python_file_is_long() -> None:
    long = {
        str(path.relative_to(ROOT)): count
        for path in tracked()
        if path.suffix == ".py" and (count := len((text(path) or "").splitlines())) > LONGEST
    }
    assert long == {}


def test_every_folder_of_python_files_is_a_package_with_a_docstring() -> None:
    folders = {path.parent for path in tracked() if path.suffix == ".py" and path.parent != ROOT}
    folders = {
        folder for folder in folders if folder.parts[-2:] != ("migrations", "versions")
    }  # alembic's, not modules
    undescribed = [
        str(folder.relative_to(ROOT))
        for folder in sorted(folders)
        if not (folder / "__init__.py").exists()
        or ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))) is None
    ]
    assert undescribed == []


@pytest.mark.parametrize("package", PACKAGES)
def test_every_package_has_its_folder_of_tests(package: str) -> None:
    assert (ROOT / package / "__init__.py").is_file()
    assert (ROOT / "tests" / package / "__init__.py").is_file()


def test_wheel_types_and_arrows_are_about_the_same_packages() -> None:
    tool = project()["tool"]
    assert sorted(tool["hatch"]["build"]["targets"]["wheel"]["packages"]) == sorted(PACKAGES)
    assert sorted(tool["mypy"]["packages"]) == sorted([*PACKAGES, "tests"])
    assert sorted(tool["importlinter"]["root_packages"]) == sorted(PACKAGES)
    layers = next(c for c in tool["importlinter"]["contracts"] if c["type"] == "layers")["layers"]
    assert sorted(re.findall(r"\w+", " ".join(layers))) == sorted(PACKAGES)


def test_the_licence_is_apache_2() -> None:
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert re.search(r"Apache License\s+Version 2\.0, January 2004", licence)
    assert "END OF TERMS AND CONDITIONS" in licence
    assert project()["project"]["license"] == "Apache-2.0"


def test_what_changes_next_is_written_down() -> None:
    assert "## [Unreleased]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
