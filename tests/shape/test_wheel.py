"""What the image holds is what the repository holds, and it runs without the repository."""

import re
import subprocess
import sys
import venv
import zipfile
from pathlib import Path
from site import getsitepackages

import pytest

from tests.shape.tree import PACKAGES, ROOT, tracked

PATIENCE = 110
DOCKERFILE = ROOT / "docker" / "Dockerfile"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this tree, built as the image builds it."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    made = subprocess.run(
        [*command, "--wheel-dir", folder, ROOT],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    [found] = folder.glob("smartpark-*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with that wheel, and with the libraries of this one but not its link to the repository."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    [site] = folder.glob("lib/python3.*/site-packages")
    made = subprocess.run(
        [sys.executable, "-m", "pip", "--python", folder / "bin" / "python", "install", "--quiet", "--no-deps",
         "--no-index", "--disable-pip-version-check", wheel],
        cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    # A path from a .pth file is searched; the .pth files found there, such as the editable install's, are not read.
    (site / "libraries.pth").write_text("\n".join(getsitepackages()), encoding="utf-8")
    return folder


def run(environment: Path, *command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a program of an environment, far from the repository."""
    return subprocess.run(
        [environment / "bin" / command[0], *command[1:]], cwd=folder, env={"PATH": "/usr/bin:/bin", "COLUMNS": "200"},
        capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip


@pytest.mark.slow
def test_the_wheel_holds_every_file_of_every_package_and_nothing_else(wheel: Path) -> None:
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    kept = {path.relative_to(ROOT).as_posix() for path in tracked()}
    assert held == {name for name in kept if name.split("/")[0] in PACKAGES}


@pytest.mark.slow
def test_it_runs_with_the_repository_out_of_reach(installed: Path, tmp_path: Path) -> None:
    told = run(installed, "smartpark", "--help", folder=tmp_path)
    assert told.returncode == 0, told.stderr
    assert "collector" in told.stdout
    program = (
        "import park, adapters.relational.migrate as migrate, api.console.assets, simulators.demo\n"
        "from park.metric import metrics\n"
        "print(park.__file__, len(metrics()) > 20, migrate.head(), len(simulators.demo.demo_registry().meters) > 100)\n"
    )
    told = run(installed, "python", "-c", program, folder=tmp_path)
    assert told.returncode == 0, told.stderr
    where, metrics, head, meters = told.stdout.split()
    assert Path(where).is_relative_to(installed)
    assert (metrics, meters) == ("True", "True")
    assert re.fullmatch(r"r?\d+\w*", head)


@pytest.mark.slow
def test_the_stores_can_be_made_from_it(installed: Path, tmp_path: Path) -> None:
    """Migrations are files that no module imports."""
    told = run(installed, "smartpark", "store", "init", "--data-dir", str(tmp_path), folder=tmp_path)
    assert told.returncode == 0, told.stderr
    assert (tmp_path / "smartpark.sqlite").is_file()


def test_the_image_copies_every_package_and_what_the_wheel_is_made_of() -> None:
    text = DOCKERFILE.read_text(encoding="utf-8")
    copied = {word for line in re.findall(r"^COPY (?!--)(.*) \S+$", text, re.MULTILINE) for word in line.split()}
    assert copied == {*PACKAGES, "requirements/run.txt", "pyproject.toml", "README.md", "LICENSE"}
    ignored = {line.rstrip("/") for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line[:1] != "#"}
    assert not ignored & {*PACKAGES, "requirements", "pyproject.toml", "README.md", "LICENSE"}
    assert ".env" in ignored
    assert "var" in ignored


def test_the_image_is_built_in_two_stages_of_one_pinned_python_and_is_nobodys_root() -> None:
    text = DOCKERFILE.read_text(encoding="utf-8")
    images = re.findall(r"^FROM (\S+)", text, re.MULTILINE)
    assert len(images) == 2
    assert len(set(images)) == 1
    assert re.fullmatch(r"python:3\.\d+\.\d+-slim-bookworm", images[0])
    assert text.index("USER 10001:10001") > text.rindex("FROM ")
    assert "--require-hashes" in text
    assert "VOLUME" not in text  # each start would leave one behind; compose names them
