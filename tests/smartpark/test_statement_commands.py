"""`smartpark statements`: exit codes, sentences and JSON, as scripts and people meet them."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner, Result

from adapters.clock import now
from adapters.relational import migrate, registry_store, statements
from adapters.relational.engine import connect
from park.statement import Statement
from smartpark.statement_commands import app
from tests.park.examples import meter, registry

GOOD = "企业编号,期别,状态,实缴税收\ne01,2025-11,快报,86.2\n"


class Run:
    """Commands on one data folder with a registry in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = f"sqlite:///{folder / 'var' / 'smartpark.sqlite'}"
        engine = connect(self.url)
        migrate.upgrade(engine)
        registry_store.replace(engine, registry(meter("m1")), who="test", now=now())
        engine.dispose()

    def __call__(self, *arguments: str) -> Result:
        return CliRunner().invoke(app, [*arguments, "--data-dir", str(self.folder / "var")])

    def write(self, text: str) -> str:
        (self.folder / "x.csv").write_text(text, encoding="utf-8")
        return "x.csv"

    def kept(self) -> list[Statement]:
        engine = connect(self.url)
        found = statements.current(engine)
        engine.dispose()
        return found


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run commands in a folder of their own."""
    monkeypatch.chdir(tmp_path)
    return Run(tmp_path)


def test_a_template_is_written_for_the_terms_that_are_asked_for(run: Run) -> None:
    result = run("template", "x.xlsx", "--term", "2025-11", "--term", "2025Q3")
    assert (result.exit_code, result.stdout) == (0, "已写 x.xlsx: 2 行。\n")
    book = load_workbook(run.folder / "x.xlsx")
    assert [book["月报"]["C3"].value, book["季报"]["C3"].value] == ["2025-11", "2025-Q3"]


def test_a_template_without_terms_is_for_what_is_due(run: Run) -> None:
    told = json.loads(run("template", "x.xlsx", "--json").stdout)
    assert (told["rows"], len(told["terms"])) == (3, 3)


@pytest.mark.parametrize("term", ["gestern", "2025-11/ytd"])
def test_a_term_that_cannot_be_entered_is_wrong_use(run: Run, term: str) -> None:
    assert run("template", "x.xlsx", "--term", term).exit_code == 2


def test_a_template_that_cannot_be_written_is_said_in_a_sentence(run: Run) -> None:
    result = run("template", "nowhere/x.xlsx", "--term", "2025-11")
    assert (result.exit_code, result.stderr.startswith("无法写入 nowhere")) == (1, True)


def test_a_sound_file_passes_the_check_and_nothing_is_kept(run: Run) -> None:
    result = run("check", run.write(GOOD))
    assert result.exit_code == 0
    assert result.stdout.splitlines() == ["+ e01 2025-11 flash", "没有错误; 导入将新增 1、修订 0, 相同 0, 空行 0。"]
    assert run.kept() == []


def test_every_mistake_is_said_with_its_cell(run: Run) -> None:
    file = run.write(GOOD.replace("86.2", "八十") + "e09,2025-11,快报,1\n")
    result = run("check", file)
    assert result.exit_code == 1
    first, second, last = result.stderr.splitlines()
    assert first.startswith("x.csv D2: '八十' 不是数字")
    assert second.startswith("x.csv A3: 台账中没有企业 'e09'")
    assert last == "共 2 处错误, 未作任何改动。"
    told = json.loads(run("check", file, "--json").stdout)
    assert (told["ok"], [one["path"] for one in told["mistakes"]]) == (False, ["D2", "A3"])


def test_a_file_is_taken_in_whole(run: Run) -> None:
    result = run("import", run.write(GOOD))
    assert (result.exit_code, result.stdout) == (0, "新增 1、修订 0、相同 0。\n")
    [one] = run.kept()
    assert one.values == {"tax": Decimal("86.2")}
    assert one.who.startswith("cli")
    assert json.loads(run("import", "x.csv", "--json").stdout) == {
        "ok": True, "added": 0, "changed": 0, "unchanged": 1,
    }  # fmt: skip


def test_a_change_needs_its_reason(run: Run) -> None:
    run("import", run.write(GOOD))
    file = run.write(GOOD.replace("86.2", "90"))
    refused = run("import", file)
    assert (refused.exit_code, "请写明原因" in refused.stderr) == (1, True)
    assert json.loads(run("import", file, "--json").stdout)["ok"] is False
    assert run("import", file, "--reason", "企业更正").exit_code == 0
    assert [(one.revision, one.reason) for one in run.kept()] == [(2, "企业更正")]


def test_a_figure_far_from_the_one_before_is_doubted_in_the_check(run: Run) -> None:
    run("import", run.write(GOOD))
    assert "? D2: 实缴税收由 86.2 变为 862,000 万元" in run("check", run.write(GOOD.replace("86.2", "862000"))).stdout
