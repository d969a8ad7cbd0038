"""Alert rules: those shipped and those made here, what is changed about them, and trying one before it counts."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from adapters.relational import rules_store
from api import language, rule_change, rule_entry, rule_view
from api.answers import answers
from api.mistake import Mistake
from api.page import Page
from api.problem import Problem
from api.rule_body import AdjustmentDocument, CheckedItem, RuleDocument
from api.rule_view import RevisionItem, RuleItem
from api.security import RulesKeeper, Viewer
from api.services import Parts, Services
from api.sight import seen_meters
from park import condition_words
from park.permit import Overlay
from park.principal import Principal
from park.rule import Rule

router = APIRouter(tags=["rules"])

Id = Annotated[str, Path(max_length=64)]
Reason = Annotated[str, Query(max_length=500, description="Why.")]


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
    read = rule_entry.read(document.text, parts.registry.current(), rule_change.known(parts))
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
    rule = rule_change.entered(parts, document.text, language.of(request))
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
    rule = rule_change.entered(parts, document.text, lang)
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
    rule_change.lay(parts, rule.id, overlay, who=principal.name, reason=document.reason)
    return _item(parts, principal, parts.alarms.rules()[id], lang)


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
