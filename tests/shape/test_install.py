"""Installing is done once, finished or begun again, and explained when it cannot be done.

Python is played by a small script that writes down what it was asked; everything else is real.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.shape.tree import ROOT

TOOLS = ("bash", "cat", "chmod", "cksum", "cp", "dirname", "flock", "head", "mkdir", "mktemp", "rm", "touch")

PYTHON = r"""#!/usr/bin/env bash
# Plays python: makes environments that hold itself, and logs what pip is told.
case "$*" in
  "-c "*) exit 0 ;;
  --version) echo "Python 3.11.0" ;;
  "-m venv "*)
    [[ ! -e "$TREE/no-venv" ]] || { mkdir -p "$3/bin"; exit 1; }
    mkdir -p "$3/bin" && cp "$0" "$3/bin/python" && printf '#!%s/bin/python\n' "$3" >"$3/bin/pip"
    echo venv >>"$TREE/log" ;;
  "-m pip install "*)
    shift 3
    echo "$*" >>"$TREE/log"
    [[ ! -e "$TREE/no-network" ]] || exit 1
    [[ ! -e "$TREE/power-cut" ]] || kill -9 "$PPID"
    printf '#!/usr/bin/env bash\necho "started: $*"\n' >"${0%/*}/smartpark"
    chmod +x "${0%/*}/smartpark" ;;
  "- "*) cat "${@:3}" | cksum ;;
  *) exit 1 ;;
esac
"""

INSTALL_RUN = ["--require-hashes -r requirements/run.txt", "--quiet --no-deps --no-build-isolation --editable ."]
INSTALL_DEV = ["--require-hashes -r requirements/dev.txt", "--quiet --no-deps --no-build-isolation --editable ."]


class Tree:
    """A copy of the scripts and locks, with only a few tools in PATH."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._bin = folder / "bin"
        self._bin.mkdir()
        for tool in TOOLS:
            if found := shutil.which(tool):
                (self._bin / tool).symlink_to(found)
        shutil.copytree(ROOT / "scripts", folder / "scripts")
        shutil.copytree(ROOT / "requirements", folder / "requirements")
        shutil.copy(ROOT / "pyproject.toml", folder)

    def give_python(self) -> None:
        (self._bin / "python3").write_text(PYTHON, encoding="utf-8")
        (self._bin / "python3").chmod(0o755)

    def run(self, script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.folder / "scripts" / script, *arguments],
            cwd=os.sep, env={"PATH": str(self._bin), "TREE": str(self.folder), "HOME": str(self.folder)},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30, check=False,
        )  # fmt: skip

    def asked(self) -> list[str]:
        """Return what python was asked since the last look."""
        log = self.folder / "log"
        lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
        log.unlink(missing_ok=True)
        return lines


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """A tree on a machine with python."""
    tree = Tree(tmp_path)
    tree.give_python()
    return tree


def test_without_python_the_script_says_so_in_both_languages(tmp_path: Path) -> None:
    outcome = Tree(tmp_path).run("up")
    assert outcome.returncode == 1
    assert "Python 3.11 or later was not found" in outcome.stderr
    assert "没有找到 Python 3.11" in outcome.stderr


def test_a_python_without_venv_is_explained_and_leaves_nothing_half_made(tree: Tree) -> None:
    (tree.folder / "no-venv").touch()
    outcome = tree.run("up")
    assert outcome.returncode == 1
    assert "python3-venv" in outcome.stderr
    assert not (tree.folder / ".venv").exists()


def test_the_first_start_installs_the_second_only_starts_and_arguments_arrive(tree: Tree) -> None:
    first = tree.run("up", "--demo", "two words")
    assert first.stdout == "started: up --demo two words\n"
    assert tree.asked() == ["venv", *INSTALL_RUN]
    second = tree.run("up")
    assert second.stdout == "started: up\n"
    assert tree.asked() == []


def test_what_develops_also_runs_and_is_added_to_what_runs(tree: Tree) -> None:
    tree.run("up")
    tree.asked()
    tree.run("bench")
    assert tree.asked() == INSTALL_DEV
    (tree.folder / ".venv" / ".stamp-run").unlink()
    tree.run("up")
    assert tree.asked() == []


@pytest.mark.parametrize("changed", ["requirements/run.txt", "pyproject.toml"])
def test_a_changed_lock_or_project_is_installed_again(tree: Tree, changed: str) -> None:
    tree.run("up")
    tree.asked()
    with (tree.folder / changed).open("a", encoding="utf-8") as file:
        file.write("# more\n")
    tree.run("up")
    assert tree.asked() == INSTALL_RUN


def test_an_installation_cut_short_is_begun_from_nothing(tree: Tree) -> None:
    (tree.folder / "power-cut").touch()
    assert tree.run("up").returncode != 0
    (tree.folder / "power-cut").unlink()
    tree.asked()
    outcome = tree.run("up")
    assert "repairing" in outcome.stderr
    assert tree.asked() == ["venv", *INSTALL_RUN]
    assert outcome.stdout == "started: up\n"


def test_an_installation_that_failed_keeps_the_environment_for_the_next_try(tree: Tree) -> None:
    (tree.folder / "no-network").touch()
    outcome = tree.run("up")
    assert outcome.returncode == 1
    assert "依赖安装失败" in outcome.stderr
    (tree.folder / "no-network").unlink()
    tree.asked()
    tree.run("up")
    assert tree.asked() == INSTALL_RUN


def test_a_half_made_environment_is_made_again(tree: Tree) -> None:
    (tree.folder / ".venv" / "bin").mkdir(parents=True)
    tree.run("up")
    assert tree.asked() == ["venv", *INSTALL_RUN]


def test_a_tree_that_was_moved_makes_its_environment_again(tree: Tree, tmp_path: Path) -> None:
    tree.run("up")
    tree.asked()
    pip = tree.folder / ".venv" / "bin" / "pip"
    pip.write_text(pip.read_text(encoding="utf-8").replace(str(tmp_path), "/elsewhere"), encoding="utf-8")
    tree.run("up")
    assert tree.asked() == ["venv", *INSTALL_RUN]


@pytest.mark.skipif(shutil.which("flock") is None, reason="flock is not installed")
def test_two_that_start_at_once_install_once(tree: Tree) -> None:
    environment = {"PATH": str(tree.folder / "bin"), "TREE": str(tree.folder), "HOME": str(tree.folder)}
    command = [tree.folder / "scripts" / "up"]
    both = [subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for _ in range(2)]  # fmt: skip
    assert [process.wait(30) for process in both] == [0, 0]
    assert tree.asked() == ["venv", *INSTALL_RUN]
