"""Alert rules: those shipped and those made here, what is changed about them, and trying one before it counts."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from adapters.relational import rules_store
from api import language, rule_entry, rule_view
from api.answers import answers
from api.mistake import Mistake
from api.page import Page
from api.problem import Problem
from api.rule_view import RevisionItem, RuleItem
from api.security import RulesKeeper, Viewer
from api.services import Parts, Services
from api.sight import seen_meters
from park import condition_words
from park.permit import Overlay
from park.principal import Principal
from park.rule import Rule

router = APIRouter(tags=["rules"])

TEXT = """\
rules:
  - id: cable-warm
    name: {zh: 电缆温度过高, en: Cable too warm}
    severity: general
    metric: cable_temp
    scope: {media: [electricity]}
    when: {above: 65 degC, clear: 60 degC}
    hold: 5m
    clear_after: 5m
    silence: keep
    runbook: {zh: 减负荷后到现场测温, en: Shed load and measure on site}
    timelines:
      - name: five minutes too warm are told, and over when five minutes cooler
        every: 5m
        values: [50, 70, 70, 58, 55]
        phases: ".pFc."
"""
Id = Annotated[str, Path(max_length=64)]
Reason = Annotated[str, Query(max_length=500, description="Why.")]


class RuleDocument(BaseModel):
    """A rule as it is written."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"text": TEXT, "reason": "冷库改造后的新限值"}]}
    )

    text: str = Field(max_length=rule_entry.LONGEST, description="YAML or JSON: exactly one rule under `rules`.")
    reason: str = Field(default="", max_length=500, description="Why it changes; required from the second revision on.")


class CheckedItem(BaseModel):
    """What a text came to: a rule, or every mistake with its place and line."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "good": False, "id": None, "condition": "", "meters": [], "examples": 0,
                    "mistakes": [{"path": "rules[0].when.above", "line": 7, "sentence": "请写单位, 如 30 mg/m³。"}],
                }
            ]
        }
    )  # fmt: skip

    good: bool
    id: str | None
    condition: str
    meters: list[str] = Field(description="The meters it would watch.")
    examples: int = Field(description="How many examples beside it were lived through, all as they say.")
    mistakes: list[dict[str, Any]]


class AdjustmentDocument(BaseModel):
    """What is changed about a rule without rewriting it.  What is left out is as the rule has it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"enabled": True, "limits": {"e01-h2s": "5 mg/m³"}, "reason": "许可证限值 5 mg/m³"}]
        },
    )

    enabled: bool | None = None
    limits: dict[str, str | float] = Field(default_factory=dict, description="By meter, with the unit: a permit's.")
    receivers: list[str] | None = Field(default=None, description="Who is told instead of those the rule names.")
    reason: str = Field(default="", max_length=500, description="Why; required where anything changes.")


@router.get(
    "/rules",
    summary="Alert rules",
    response_description="Every rule, as it holds.",
    responses=answers(401, 403, 422, 503),
)
def listing(
    request: Request,
    parts: Parts,
    principal: Viewer,
    *,
    enabled: Annotated[bool | None, Query(description="Only those that are switched on, or off.")] = None,
) -> Page[RuleItem]:
    """Give every rule with its limits, its standard, and how many meters it watches."""
    rules = parts.alarms.rules().values()
    lang = language.of(request)
    laid, written = rules_store.overlays(parts.engine), rules_store.written(parts.engine)
    meters, seen = rule_view.watched_meters(parts, principal.enterprise), _seen_meters(parts, principal)
    return Page(
        items=[
            rule_view.item(
                rule,
                lang,
                laid=laid.get(rule.id),
                written=written.get(rule.id),
                meters=meters.get(rule.id, 0),
                seen=seen,
            )
            for rule in rules
            if enabled in {None, rule.enabled} and _shown(rule, principal, meters)
        ]
    )


@router.post(
    "/rules/check",
    summary="Try a rule",
    response_description="What the text comes to.",
    responses=answers(401, 403, 413, 422, 503),
)
def check(request: Request, parts: Parts, principal: RulesKeeper, document: RuleDocument) -> CheckedItem:  # noqa: ARG001  # its right is asked
    """Check a rule as it would be kept, live through its examples, and say what it would watch.  Nothing is kept."""
    lang = language.of(request)
    read = rule_entry.read(document.text, parts.registry.current(), known(parts))
    rule = read.rule
    return CheckedItem(
        good=rule is not None,
        id=None if rule is None else rule.id,
        condition="" if rule is None else condition_words.words(rule.when, lang),
        meters=[] if rule is None else rule_view.bound_meters(rule, parts.registry.current()),
        examples=len(read.timelines),
        mistakes=[{"path": one.path, "line": one.line, "sentence": one.sentence(lang)} for one in read.mistakes],
    )


@router.post(
    "/rules",
    summary="Make a rule",
    status_code=201,
    response_description="The rule, at its first revision.",
    responses=answers(401, 403, 409, 413, 422, 503),
)
def add(request: Request, parts: Parts, principal: RulesKeeper, document: RuleDocument) -> RuleItem:
    """Make a rule; it counts within a second or so.  Every mistake is named with its place."""
    rule = entered(parts, document.text, language.of(request))
    if rule.id in parts.alarms.rules():
        raise Problem("exists", what="rule", id=rule.id)
    return _kept(parts, principal, rule, document, language.of(request))


@router.get(
    "/rules/{id}",
    summary="One alert rule",
    response_description="As it holds.",
    responses=answers(401, 403, 404, 422, 503),
)
def one(request: Request, parts: Parts, principal: Viewer, id: Id) -> RuleItem:  # noqa: A002  # the path's own word
    """Give one rule."""
    return _item(parts, principal, seen_rule(parts, principal, id), language.of(request))


@router.get(
    "/rules/{id}/revisions",
    summary="Every revision of a rule",
    response_description="The newest first.",
    responses=answers(401, 403, 404, 422, 503),
)
def revisions(parts: Parts, principal: RulesKeeper, id: Id) -> Page[RevisionItem]:  # noqa: A002, ARG001  # the path's own word; its right is asked
    """Give each revision of a rule made here, and of what was changed about it: who, when and why."""
    made = rules_store.history(parts.engine, id)
    laid = rules_store.overlay_history(parts.engine, id)
    if not made and id not in parts.alarms.rules():
        raise Problem("no_such", what="rule", id=id)
    items = [
        RevisionItem(
            what="rule",
            revision=each.revision,
            at=parts.local(each.at),
            who=each.who,
            reason=each.reason,
            written=each.written,
            adjusted=None,
        )
        for each in made
    ] + [
        RevisionItem(
            what="adjustment",
            revision=each.revision,
            at=parts.local(each.at),
            who=each.who,
            reason=each.reason,
            written=None,
            adjusted=rule_view.plain(each.overlay),
        )
        for each in laid
    ]
    return Page(items=sorted(items, key=lambda item: item.at, reverse=True))


@router.put(
    "/rules/{id}",
    summary="Rewrite a rule",
    response_description="The rule, at its next revision.",
    responses=answers(401, 403, 404, 409, 413, 422, 503),
)
def put(request: Request, parts: Parts, principal: RulesKeeper, *, id: Id, document: RuleDocument) -> RuleItem:  # noqa: A002  # the path's own word
    """Rewrite a rule made here.  A shipped one is switched or given other limits, or copied under another id."""
    lang = language.of(request)
    _made_here(parts, id)
    rule = entered(parts, document.text, lang)
    if rule.id != id:
        raise Problem("mistakes", mistakes=[Mistake(path="rules[0].id", sentence=f"{rule.id} ≠ {id}")], count=1)
    return _kept(parts, principal, rule, document, lang)


@router.delete(
    "/rules/{id}",
    summary="Withdraw a rule",
    status_code=204,
    response_description="It watches no more; its revisions stay.",
    responses=answers(401, 403, 404, 409, 422, 503),
)
def delete(parts: Parts, principal: RulesKeeper, id: Id, reason: Reason) -> Response:  # noqa: A002  # the path's own word
    """Withdraw a rule made here; what it has raised is cleared with a note that says so."""
    _made_here(parts, id)
    rules_store.save(parts.engine, id, None, who=principal.name, now=parts.clock(), reason=reason)
    parts.alarms.refresh_rules()
    return Response(status_code=204)


@router.put(
    "/rules/{id}/adjustment",
    summary="Switch a rule, or set limits of single meters",
    response_description="The rule as it holds now.",
    responses=answers(401, 403, 404, 413, 422, 503),
)
def adjust(
    request: Request,
    parts: Parts,
    principal: RulesKeeper,
    *,
    id: Id,  # noqa: A002  # the path's own word
    document: AdjustmentDocument,
) -> RuleItem:
    """Change a rule, shipped or not, without rewriting it; this takes the place of what was changed before."""
    rule = seen_rule(parts, principal, id)
    lang = language.of(request)
    _check_meters(parts, document, lang)
    overlay = Overlay(
        enabled=document.enabled,
        limits=document.limits,
        receivers=None if document.receivers is None else tuple(document.receivers),
    )
    lay(parts, rule.id, overlay, who=principal.name, reason=document.reason)
    return _item(parts, principal, parts.alarms.rules()[id], lang)


def lay(parts: Services, name: str, overlay: Overlay, *, who: str, reason: str) -> None:
    """Keep what is changed about a rule, checked against the rule as it is without it."""
    plain = {one.id: one for one in (*parts.alarms.shipped(), *rules_store.load(parts.engine, parts.alarms.shipped()))}
    rules_store.lay(parts.engine, plain[name], overlay, who=who, now=parts.clock(), reason=reason)
    parts.alarms.refresh_rules()


def known(parts: Services) -> list[Rule]:
    """Give the rules that another one may inhibit."""
    return list(parts.alarms.rules().values())


def entered(parts: Services, text: str, lang: str) -> Rule:
    """Read a rule.  Raises Problem with every mistake."""
    read = rule_entry.read(text, parts.registry.current(), known(parts))
    if read.rule is None:
        found = [
            Mistake(path=one.path if one.line is None else f"{one.path} (line {one.line})", sentence=one.sentence(lang))
            for one in read.mistakes
        ]
        raise Problem("mistakes", mistakes=found, count=len(found))
    return read.rule


def seen_rule(parts: Services, principal: Principal, name: str) -> Rule:
    """Give one rule; an enterprise sees those that watch its meters.  Raises Problem."""
    rule = parts.alarms.rules().get(name)
    if rule is None or not _shown(rule, principal, rule_view.watched_meters(parts, principal.enterprise)):
        raise Problem("no_such", what="rule", id=name)
    return rule


def _shown(rule: Rule, principal: Principal, meters: dict[str, int]) -> bool:
    return principal.enterprise is None or bool(meters.get(rule.id))


def _seen_meters(parts: Services, principal: Principal) -> frozenset[str] | None:
    if principal.enterprise is None:
        return None
    return frozenset(one.id for one in seen_meters(parts, principal))


def _made_here(parts: Services, name: str) -> None:
    rule = parts.alarms.rules().get(name)
    if rule is None and name not in rules_store.written(parts.engine):
        raise Problem("no_such", what="rule", id=name)
    if rule is not None and rule.source == "file":
        raise Problem("shipped_rule", id=name)


def _check_meters(parts: Services, document: AdjustmentDocument, lang: str) -> None:
    unknown = [name for name in document.limits if name not in parts.registry.current().by_meter]
    if unknown:
        words = "台账中没有这台设备。" if lang == "zh" else "The registry has no such meter."
        found = [Mistake(path=f"body.limits.{name[:64]}", sentence=words) for name in unknown]
        raise Problem("mistakes", mistakes=found, count=len(found))


def _kept(parts: Services, principal: Principal, rule: Rule, document: RuleDocument, lang: str) -> RuleItem:
    rules_store.save(
        parts.engine, rule.id, document.text, who=principal.name, now=parts.clock(), reason=document.reason
    )
    return _item(parts, principal, parts.alarms.refresh_rules()[rule.id], lang)


def _item(parts: Services, principal: Principal, rule: Rule, lang: str) -> RuleItem:
    return rule_view.item(
        rule,
        lang,
        laid=rules_store.overlays(parts.engine).get(rule.id),
        written=rules_store.written(parts.engine).get(rule.id),
        meters=rule_view.watched_meters(parts, principal.enterprise).get(rule.id, 0),
        seen=_seen_meters(parts, principal),
    )
