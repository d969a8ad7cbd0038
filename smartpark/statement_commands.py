"""`smartpark statements`: a workbook to fill in, checking a filled one cell by cell, and taking it in."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from adapters import clock, statement_sheet
from adapters.relational import registry_store, statement_import, statements
from adapters.relational.refusal import EntryRefused
from adapters.relational.statement_import import Preview
from park.mistake import Mistake
from park.statement import PLAIN, due
from park.term import Term
from park.term_words import read_words
from smartpark.mistake_lines import many, mistake_lines
from smartpark.opening import FAILED, Config, DataDir, Json, Opening, fail, misuse, print_json, start, who

app = typer.Typer(no_args_is_help=True, help="经济报表 / Economic statements of the enterprises.")

File = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="报表文件 / Statements (.xlsx or .csv).")
]


@app.command("template", epilog="例 / Example: smartpark statements template october.xlsx --term 2026-10")
def template_command(
    file: Annotated[Path, typer.Argument(dir_okay=False, help="要写的文件 / File to write.")],
    *,
    term: Annotated[
        list[str] | None,
        typer.Option("--term", help="期别, 可多次 / terms; by default the last month, quarter and year that are over."),
    ] = None,
    config: Config = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """写一份填报模板, 已有的数已填入 / Write a workbook to fill in, with what is kept already in it."""
    opening = start(config, data_dir)
    terms = _terms(opening, term or [])
    with opening.store() as engine:
        registry = registry_store.load(engine)
        kept = statements.current(engine, first=min(terms), last=max(terms))
    keys = [(one.id, which) for which in sorted(set(terms)) for one in registry.enterprises]
    content = statement_sheet.write(
        keys, enterprises=registry.by_enterprise, statements=kept, language=opening.settings.language
    )
    try:
        file.write_bytes(content)
    except OSError as error:
        fail(opening.say(f"无法写入 {file}: {error.strerror}。", f"Cannot write {file}: {error.strerror}."))
    if as_json:
        print_json({"file": str(file), "terms": [str(one) for one in terms], "rows": len(keys)})
    else:
        typer.echo(opening.say(f"已写 {file}: {len(keys)} 行。", f"Wrote {file}: {many(len(keys), 'row')}."))


@app.command("check", epilog="例 / Example: smartpark statements check october.xlsx")
def check_command(file: File, *, config: Config = None, data_dir: DataDir = None, as_json: Json = False) -> None:
    """逐格检查报表文件, 说明导入会改什么 / Check a file cell by cell, and say what taking it in would change."""
    opening = start(config, data_dir)
    with opening.store() as engine:
        seen = statement_import.preview(engine, file.read_bytes(), now=clock.now())
    if as_json:
        print_json(_plain(opening, seen))
    else:
        _say(opening, file, seen)
    if seen.mistakes:
        raise typer.Exit(FAILED)


@app.command("import", epilog='例 / Example: smartpark statements import october.xlsx --reason "统计局核定"')
def import_command(
    file: File,
    *,
    reason: Annotated[
        str, typer.Option("--reason", help="修订原因, 改动已有的数时必填 / why kept figures change.")
    ] = "",
    config: Config = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """导入报表文件: 全部导入或全不导入 / Take in a file of statements, all of it or nothing."""  # two languages
    opening = start(config, data_dir)
    with opening.store() as engine:
        try:
            done = statement_import.take_in(engine, file.read_bytes(), who=who(), now=clock.now(), reason=reason)
        except EntryRefused as refused:
            _refuse(opening, file, refused, as_json=as_json)
            raise typer.Exit(FAILED) from None
    counts = {"added": len(done.added), "changed": len(done.changed), "unchanged": len(done.unchanged)}
    if as_json:
        print_json({"ok": True, **counts})
    else:
        zh = f"新增 {counts['added']}、修订 {counts['changed']}、相同 {counts['unchanged']}。"
        en = f"{counts['added']} added, {counts['changed']} changed, {counts['unchanged']} the same."
        typer.echo(opening.say(zh, en))


def _terms(opening: Opening, given: list[str]) -> list[Term]:
    terms = []
    for text in given:
        term = read_words(text)
        if term is None or term.span not in PLAIN:
            misuse(
                opening.say(
                    f"期别 {text} 无法识别; 请写 2026-10、2026-Q3 或 2026。",
                    f"Term {text} is not understood; write 2026-10, 2026-Q3 or 2026.",
                )
            )
        terms.append(term)
    return terms or [*due(clock.now(), ZoneInfo(opening.settings.timezone))]


def _refuse(opening: Opening, file: Path, refused: EntryRefused, *, as_json: bool) -> None:
    if as_json:
        print_json({"ok": False, "mistakes": [_mistake(opening, one) for one in refused.mistakes]})
        return
    for line in mistake_lines(file, refused.mistakes, opening.settings.language):
        typer.echo(line, err=True)


def _say(opening: Opening, file: Path, seen: Preview) -> None:
    language = opening.settings.language
    if seen.mistakes:
        for line in mistake_lines(file, seen.mistakes, language):
            typer.echo(line, err=True)
        return
    for step in seen.plan.steps:
        mark = "+" if step.old is None else "~"
        typer.echo(f"{mark} {step.new.enterprise} {step.new.term} {step.new.status}")
    for place, doubt in seen.doubts:
        typer.echo(f"? {place}: {doubt.sentence(language)}")
    added, changed, same = len(seen.plan.added), len(seen.plan.changed), len(seen.plan.unchanged)
    zh = f"没有错误; 导入将新增 {added}、修订 {changed}, 相同 {same}, 空行 {seen.blank}。"
    en = f"No mistakes; {added} would be added, {changed} changed, {same} the same, {seen.blank} left blank."
    typer.echo(opening.say(zh, en))


def _plain(opening: Opening, seen: Preview) -> dict[str, object]:
    return {
        "ok": not seen.mistakes,
        "mistakes": [_mistake(opening, one) for one in seen.mistakes],
        "doubts": [{"cell": place, "sentence": one.sentence(opening.settings.language)} for place, one in seen.doubts],
        "added": len(seen.plan.added),
        "changed": len(seen.plan.changed),
        "unchanged": len(seen.plan.unchanged),
        "blank": seen.blank,
    }


def _mistake(opening: Opening, mistake: Mistake) -> dict[str, object]:
    return asdict(mistake) | {"sentence": mistake.sentence(opening.settings.language)}
