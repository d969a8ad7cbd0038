"""The tables of docs/ that are written from the code they describe; `scripts/docs` writes them anew.

A page ending in `.en.md` gets them in English, every other in Chinese.
"""

import re
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Final

from fastapi.routing import APIRoute
from pydantic import SecretStr

from adapters.settings import Settings
from adapters.settings_sources import PREFIX
from api.bootstrap import ROUTERS
from api.console.words import WORDS as CONSOLE
from api.routes import health
from api.words import WORDS as PROBLEMS
from park.metric import metrics
from park.principal import RIGHTS, Access, Right
from park.quality import BY_NAME
from park.reason import WORDS as REASONS
from park.units import FACTORS, SPELLINGS, UnitError, conversion
from simulators.faults.table import FAULTS
from simulators.scenario.load import files, load, shipped
from tests.shape import doc_codecs, doc_counters
from tests.shape import doc_words as words

PAGES: Final = Path(__file__).resolve().parents[2] / "docs"
BLOCK: Final = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def code(names: Iterable[str]) -> str:
    """Write names as code, a blank between."""
    return " ".join(f"`{name}`" for name in names)


def metric_table(*, zh: bool) -> str:
    """Every row of metrics.csv."""
    head = (
        ("指标", "含义", "标准单位", "类型", "乘倍率", "合理范围", "介质")
        if zh
        else ("metric", "is", "unit", "kind", "multiplied", "plausible", "media")
    )
    return table(
        head,
        (
            (
                f"`{one.name}`",
                one.zh if zh else one.en,
                one.unit,
                words.KINDS[one.kind] if zh else str(one.kind),
                ("是" if zh else "yes") if one.scaled else "",
                f"{one.low:g} … {one.high:g}",
                " ".join(one.media),
            )
            for one in metrics().values()
        ),
    )


def converts(spelling: str, unit: str, mass: float | None = None) -> bool:
    """Tell whether a spelling is taken for a unit."""
    try:
        conversion(spelling, unit, mass)
    except UnitError:
        return False
    return True


def unit_table(*, zh: bool) -> str:
    """What may be written for each canonical unit, as the conversion itself answers."""
    rows = []
    for unit, mass in dict.fromkeys((one.unit, bool(one.molar_mass)) for one in metrics().values()):
        found = [one for one in metrics().values() if (one.unit, bool(one.molar_mass)) == (unit, mass)]
        alone = [name for name in SPELLINGS if name and converts(name, unit)]
        parts = [code(alone)] if alone else []
        left, slash, right = unit.partition("/")
        if slash:
            sides = ([name for name in SPELLINGS if name in FACTORS and converts(name, side)] for side in (left, right))
            parts.append(" **/** ".join(map(code, sides)))
        if mass:
            weight = found[0].molar_mass
            parts.append(
                code(name for name in SPELLINGS if name not in alone and converts(name, unit, weight) and name)
            )
        rows.append((unit, code(one.name for one in found), "; ".join(parts)))
    return table(("标准单位", "指标", "可接受的写法") if zh else ("unit", "metrics", "spellings accepted"), rows)


def quality_table(*, zh: bool) -> str:
    """Every flag."""
    return table(
        ("标记", "数值", "含义") if zh else ("flag", "bit", "says"),
        ((f"`{name}`", str(int(flag)), words.FLAGS[name][not zh]) for name, flag in BY_NAME.items()
         if name != "good"),
    )  # fmt: skip


def reason_table(*, zh: bool) -> str:
    """Every reason with its sentence."""
    rows = (
        (f"`{reason}`", said.zh if zh else said.en, (said.zh_mend if zh else said.en_mend).replace("{subject}", "…"))
        for reason, said in REASONS.items()
    )
    return table(("原因", "名称", "说明与处理") if zh else ("reason", "name", "says"), rows)


def setting_table(*, zh: bool) -> str:
    """Every setting; a secret's default is never shown."""
    rows = []
    for name, field in Settings.model_fields.items():
        secret = field.annotation in {SecretStr, SecretStr | None}
        default = field.get_default()
        shown = default.get_secret_value() if isinstance(default, SecretStr) else default
        rows.append(
            (
                f"`{PREFIX}{name.upper()}`",
                "" if shown is None else f"`{shown}`",
                ("可" if zh else "yes") if secret else "",
                words.SETTINGS.get(name, field.description or "") if zh else field.description or "",
            )
        )
    head = ("设置", "缺省", "`_FILE`", "说明") if zh else ("setting", "default", "`_FILE`", "is")
    return table(head, rows)


def right_table(*, zh: bool) -> str:
    """Which role has which right."""
    head = ["权限" if zh else "right", *(f"`{role}` {words.ROLES[role][not zh]}" for role in Access)]
    rows = (
        [f"`{right}` {words.RIGHTS[right][not zh]}", *("✓" if right in RIGHTS[role] else "" for role in Access)]
        for right in Right
    )
    return table(head, rows)


def problem_table(*, zh: bool) -> str:
    """Every problem type."""
    rows = ((f"`{name}`", str(said.status), said.zh if zh else said.en) for name, said in PROBLEMS.items())
    return table(("type 末段", "状态", "含义") if zh else ("end of type", "status", "is"), rows)


def routes() -> list[tuple[str, str, APIRoute]]:
    """Every route with its name in words.ROUTES and its whole path."""
    found = []
    for router, prefix in [*((one.router, "/api/v1") for one in ROUTERS), (health.router, "")]:
        for route in router.routes:
            if isinstance(route, APIRoute):
                found += [
                    (f"{method} {route.path}", prefix + route.path, route) for method in sorted(route.methods or ())
                ]
    return found


def needed(route: APIRoute) -> str:
    """Name the right a route asks for; empty where any caller, or nobody in particular, will do."""
    rights = [right for one in route.dependant.dependencies if (right := getattr(one.call, "right", None))]
    return f"`{rights[0]}`" if rights else ""


def route_table(*, zh: bool) -> str:
    """Every route."""
    rows = (
        (
            f"`{name.split()[0]} {path}`",
            words.ROUTES.get(name, route.summary or "") if zh else route.summary or "",
            needed(route),
        )
        for name, path, route in routes()
    )
    return table(("接口", "作用", "所需权限") if zh else ("route", "does", "right"), rows)


def counter_table(*, zh: bool) -> str:
    """Every name that /metrics shows."""
    rows = ((f"`{name}`", said[not zh]) for name, said in doc_counters.COUNTERS.items())
    return table(("名称", "含义") if zh else ("name", "is"), rows)


def role_table(*, zh: bool) -> str:
    """What a registry file may say for `medium` and `role`, as the console names them."""
    rows = ((f"`{key.split('_', 1)[0]}`", f"`{key.split('_', 1)[1]}`", said.zh if zh else said.en)
            for key, said in CONSOLE.items() if key.startswith(("medium_", "role_")))  # fmt: skip
    return table(("键", "取值", "含义") if zh else ("key", "value", "is"), rows)


def fault_table(*, zh: bool) -> str:
    """Every fault with its parameters, those first that have to be given."""
    rows = []
    for name, known in FAULTS.items():
        own = [one for one in fields(known.kind) if one.name not in {"meters", "at", "until"}]
        span = "`at` `until`" if known.kind.ENDS else "`at`"
        must = code(one.name for one in own if one.default is MISSING)
        may = code(one.name for one in own if one.default is not MISSING)
        rows.append((f"`{name}`", known.zh if zh else known.en, " ".join(filter(None, (span, must))), may))
    return table(("故障", "含义", "参数", "可选") if zh else ("fault", "is", "parameters", "optional"), rows)


def scenario_table(*, zh: bool) -> str:
    """Every shipped scenario with its story."""
    with shipped() as folder:
        read = [load(path).scenario for path in files([folder])]
    rows = ((f"`{one.id}`", (one.story.zh if zh else one.story.en)) for one in read if one is not None)
    return table(("情景", "故事") if zh else ("scenario", "story"), rows)


TABLES: Final[dict[str, Callable[..., str]]] = {
    "metrics": metric_table,
    "units": unit_table,
    "quality": quality_table,
    "reasons": reason_table,
    "settings": setting_table,
    "rights": right_table,
    "problems": problem_table,
    "routes": route_table,
    "counters": counter_table,
    "roles": role_table,
    "faults": fault_table,
    "scenarios": scenario_table,
    "codecs": doc_codecs.codec_table,
    "maps": doc_codecs.map_table,
    "remarks": doc_codecs.remark_table,
}


def pages() -> list[Path]:
    """Return the pages for operators."""
    return sorted(path for path in PAGES.glob("*.md") if "<!-- generated:" in path.read_text(encoding="utf-8"))


def refreshed(page: Path) -> str:
    """Return a page as it would be with every table written anew."""
    zh = not page.name.endswith(".en.md")
    text = page.read_text(encoding="utf-8")
    return BLOCK.sub(lambda block: f"{block[1]}\n{TABLES[block[2]](zh=zh)}\n{block[3]}", text)


def main() -> None:
    """Write every page whose tables have changed."""
    for page in pages():
        text = refreshed(page)
        if text != page.read_text(encoding="utf-8"):
            page.write_text(text, encoding="utf-8")
            sys.stdout.write(f"{page.name}\n")


if __name__ == "__main__":
    main()
