"""`smartpark grafana sync`: boards, names, annotations and organisations put on a Grafana, as often as one likes."""

import json
import secrets
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer
from sqlalchemy import Engine

from smartpark.opening import FAILED, Config, DataDir, Json, Opening, fail, misuse, print_json, start, who

if TYPE_CHECKING:
    from grafana.client import Grafana
    from grafana.step import Step
    from park.registry import Registry

KEY = "grafana-"
"""The keys of organisations are called so, with the enterprise behind it."""


def sync_command(  # the options are the documentation
    *,
    at: Annotated[
        str | None, typer.Option("--at", help="Grafana 的地址, 缺省 SMARTPARK_GRAFANA_URL / where Grafana is.")
    ] = None,
    api: Annotated[
        str | None,
        typer.Option("--api", help="Grafana 访问本平台接口的地址, 缺省 SMARTPARK_CONSOLE_URL / our API, for Grafana."),
    ] = None,
    enterprise: Annotated[
        list[str] | None, typer.Option("--enterprise", help="为该企业建组织, 可重复 / an organisation for it.")
    ] = None,
    enterprises: Annotated[bool, typer.Option("--enterprises", help="为所有企业建组织 / one for each.")] = False,
    days: Annotated[int, typer.Option(min=0, max=400, help="写入最近几天的告警注释, 0 为不写 / alerts of days.")] = 30,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="覆盖在 Grafana 中的改动 / over people's edits.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只说将做什么 / only say what would be done.")] = False,
    config: Config = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """同步看板、名称、告警注释与企业组织到 Grafana, 可重复运行 / Put boards, names, alerts, organisations on a Grafana.

    例 / Example: smartpark grafana sync --at http://127.0.0.1:3000 --dry-run

    例 / Example: smartpark grafana sync --enterprise e01 --api http://192.168.10.5:8000
    """
    opening = start(config, data_dir)
    from grafana.client import Grafana
    from grafana.step import State
    from grafana.trouble import GrafanaTrouble

    url, reached = _address(opening, at, "--at"), _address(opening, api, "--api") if api else None
    reached, token = reached or opening.settings.console_url, opening.settings.grafana_token
    if url is None or token is None:
        misuse(
            opening.say(
                "请给出 Grafana 的地址 (--at 或 SMARTPARK_GRAFANA_URL) 和令牌 (SMARTPARK_GRAFANA_TOKEN)。",
                "Say where Grafana is (--at or SMARTPARK_GRAFANA_URL), and give a token (SMARTPARK_GRAFANA_TOKEN).",
            )
        )
    if (enterprise or enterprises) and reached is None:
        misuse(
            opening.say(
                "企业组织的数据源经由本平台接口; 请给出 --api 或 SMARTPARK_CONSOLE_URL。",
                "An organisation's data sources are our API: give --api or SMARTPARK_CONSOLE_URL.",
            )
        )
    grafana = Grafana(url, token=token.get_secret_value(), user=opening.settings.grafana_user)
    steps: list[Step] = []
    with opening.store() as engine:
        try:
            version, organisation = grafana.version(), grafana.organisation().get("name", "?")
            if not as_json:
                typer.echo(f"Grafana {version}, {url}, {organisation}")
            work = _Work(opening, engine, grafana, dry=dry_run, overwrite=overwrite)
            for step in work.steps(_chosen(opening, work.registry, enterprise, every=enterprises), reached or "", days):
                steps.append(step)
                if not as_json and not (step.kind == "annotation" and step.state is State.UNCHANGED):
                    typer.echo(step.line(opening.settings.language))
        except GrafanaTrouble as trouble:
            fail(trouble.sentence(opening.settings.language))
        finally:
            grafana.close()
    refused = sum(step.state is State.REFUSED for step in steps)
    _end(opening, steps, refused, dry=dry_run, as_json=as_json)
    if refused:
        raise typer.Exit(FAILED)


class _Work:
    """All that is to be done, with what it takes."""

    def __init__(self, opening: Opening, engine: Engine, grafana: "Grafana", *, dry: bool, overwrite: bool) -> None:
        from adapters.relational import registry_store

        self._opening = opening
        self._engine = engine
        self._grafana = grafana
        self._dry = dry
        self._overwrite = overwrite
        self.registry: Registry = registry_store.load(engine)

    def steps(self, enterprises: list[str], api: str, days: int) -> Iterator["Step"]:
        from grafana import sync
        from grafana.build import kept
        from grafana.placed import Named, placed

        settings, shipped = self._opening.settings, [json.loads(text) for text in kept().values()]
        names = {one.id: one.name for one in self.registry.enterprises}
        names |= {one.id: one.name for one in self.registry.meters}
        boards = [placed(board, console=settings.console_url, named=Named(names)) for board in shipped]
        yield from sync.folder(self._grafana, dry=self._dry)
        yield from sync.boards(self._grafana, boards, dry=self._dry, overwrite=self._overwrite)
        if days:
            yield from self._annotations(days)
        for enterprise in enterprises:
            yield from self._organisation(enterprise, shipped, api)

    def _annotations(self, days: int) -> Iterator["Step"]:
        from adapters import clock, rule_yaml
        from adapters.relational import alert_spells
        from grafana import annotate

        now = clock.now()
        since = now - timedelta(days=days)
        language = self._opening.settings.language
        called = {rule.id: rule.name.pick(language) for rule in rule_yaml.shipped().rules}
        spells = [
            annotate.Spell(
                *one,
                enterprise=meter.enterprise if (meter := self.registry.by_meter.get(one.meter)) else one.meter,
                words=f"{called.get(one.rule, one.rule)}: {meter.name if meter else one.meter}",
            )
            for one in alert_spells.spells(self._engine, since, limit=annotate.MOST)
        ]
        yield from annotate.annotations(self._grafana, spells, since=since, now=now, dry=self._dry)

    def _organisation(self, number: str, shipped: list[dict[str, Any]], api: str) -> Iterator["Step"]:
        from grafana.organisations import organisation
        from grafana.placed import Named, enclosed, placed

        enterprise = self.registry.by_enterprise[number]
        meters = list(self.registry.meters_of(number))
        named = Named({number: enterprise.name} | {one.id: one.name for one in meters})
        own = [made for board in shipped if (made := enclosed(board, enterprise, meters))]
        boards = [placed(board, console=self._opening.settings.console_url, named=named) for board in own]
        target = self._opening.settings.influx_target()
        yield from organisation(
            self._grafana,
            number,
            enterprise.name,
            boards,
            api=api,
            prefix=target.prefix if target else "park",
            make_key=self._key,
            dry=self._dry,
            overwrite=self._overwrite,
        )

    def _key(self, enterprise: str) -> str:
        """Make a key that sees one enterprise, in the place of the one that Grafana had."""
        from adapters import clock
        from adapters.relational import keys
        from park.principal import Access

        return keys.create_key(
            self._engine,
            name=f"{KEY}{enterprise}",
            access=Access.ENTERPRISE,
            enterprise=enterprise,
            now=clock.now(),
            who=who(),
            secret=keys.PREFIX + secrets.token_urlsafe(32),
        )


def _address(opening: Opening, given: str | None, option: str) -> str | None:
    from adapters.page_address import page_address

    if given is None:
        return opening.settings.grafana_url
    try:
        return page_address(given)
    except ValueError as error:
        misuse(f"{option}: {error}")


def _chosen(opening: Opening, registry: "Registry", named: list[str] | None, *, every: bool) -> list[str]:
    known = list(registry.by_enterprise)
    unknown = [one for one in named or [] if one not in registry.by_enterprise]
    if unknown:
        fail(
            opening.say(
                f"没有企业 {', '.join(unknown)}; 现有: {', '.join(known) or '—'}。",
                f"No enterprise {', '.join(unknown)}; there are: {', '.join(known) or '—'}.",
            )
        )
    return known if every else list(dict.fromkeys(named or []))


def _end(opening: Opening, steps: list["Step"], refused: int, *, dry: bool, as_json: bool) -> None:
    if as_json:
        shown = [{"kind": s.kind, "name": s.name, "state": s.state, "zh": s.zh, "en": s.en} for s in steps]
        print_json({"ok": not refused, "dry_run": dry, "steps": shown})
        return
    done = sum(step.state in {"made", "changed"} for step in steps)
    zh = f"共 {len(steps)} 项, {'将' if dry else ''}变更 {done} 项, 未改 {refused} 项。"
    en = f"{len(steps)} things, {done} {'would be ' if dry else ''}changed, {refused} left as they are."
    typer.echo(opening.say(zh, en))
