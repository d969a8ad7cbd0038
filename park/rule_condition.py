"""Reading the `when:` of a rule: one form, with what belongs to it, or all/any/not over others."""

from collections.abc import Mapping

from park import condition as c
from park.derived import watchable
from park.metric import Kind, Metric
from park.registry_notes import Notes, join, near
from park.rule_leaves import FORMS

DEEPEST = 6
GROUPS = ("all", "any", "not")
WHOLE = ("silent", "skew", "flagged")
"""Forms that are about the meter as a whole, and so may look at its first metric, whichever it is."""
ANY_METRIC = Metric(c.FIRST, Kind.GAUGE, "1", 0.0, 1.0, scaled=False, media=(), zh=c.FIRST, en=c.FIRST)


def read_condition(notes: Notes, path: str, value: object, metric: Metric | None, depth: int = 0) -> c.Condition | None:
    """Read a condition; None where a mistake in it was noted.  `metric` is the rule's own, which a part may change."""
    before = len(notes.mistakes)
    keys = set(value) if isinstance(value, Mapping) else set()
    form = next((name for name in (*GROUPS, *FORMS) if name in keys), None)
    if form is None:
        known = (*GROUPS, *FORMS)
        notes.mapping(path, value, known, ())
        if len(notes.mistakes) == before:
            zh, en = near("", known)
            notes.add(path, f"请写出条件; {zh}", f"Say what is watched for; {en}")
        return None
    if depth > DEEPEST:
        notes.add(path, "条件嵌套过深; 请拆成几条规则。", "The condition is nested too deep; make several rules of it.")
        return None
    if form in GROUPS:
        given = notes.mapping(path, value, (form,), (form,))
        return _group(notes, join(path, form), given.get(form), form=form, metric=metric, depth=depth)
    read, known, required = FORMS[form]
    given = notes.mapping(path, value, (form, *known, "metric"), (form, *required))
    if "metric" in given:
        metric = read_metric(notes, join(path, "metric"), given["metric"])
    if metric is ANY_METRIC and form not in WHOLE:
        notes.add(
            path,
            f"metric: {c.FIRST} 只用于 {', '.join(WHOLE)}; 请写明指标。",
            f"metric: {c.FIRST} is for {', '.join(WHOLE)}; name the metric.",
        )
    elif metric is None and "metric" not in given:
        notes.add(path, "缺少 metric; 请写明指标。", "metric is missing; say which.")
    if metric is None or len(notes.mistakes) > before:
        return None
    found = read(notes, path, given, metric)
    return found if len(notes.mistakes) == before else None


def read_metric(notes: Notes, path: str, value: object) -> Metric | None:
    """Read the name of a metric, or `first` for whichever a meter has first."""
    if value == c.FIRST:
        return ANY_METRIC
    return watchable().get(notes.choice(path, value, tuple(watchable())) or "")


def _group(
    notes: Notes, path: str, value: object, *, form: str, metric: Metric | None, depth: int
) -> c.Condition | None:
    if form == "not":
        part = read_condition(notes, path, value, metric, depth + 1)
        return None if part is None else c.Not(part)
    items = notes.items(path, value)
    parts = [read_condition(notes, f"{path}[{n}]", item, metric, depth + 1) for n, item in enumerate(items)]
    if not items:
        notes.add(path, "至少需要一个条件。", "At least one condition is needed.")
    whole = tuple(part for part in parts if part is not None)
    if not whole or len(whole) < len(parts):
        return None
    return c.All(whole) if form == "all" else c.Any(whole)
