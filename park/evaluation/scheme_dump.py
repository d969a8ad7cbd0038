"""Writing a scheme as the document it is read from: what `check` reads of it is the same scheme."""

from park.evaluation.scheme import Cohort, Item, Mark, Method, Scheme

Document = dict[str, object]


def dump(scheme: Scheme) -> Document:
    """Write a scheme."""
    bounds = {"adders_least": scheme.adders_least, "adders_most": scheme.adders_most}
    grading = scheme.grading
    return {
        "id": scheme.id,
        "name": scheme.name,
        **{key: text for key in ("name_en", "source", "note", "note_en") if (text := getattr(scheme, key))},
        "digits": scheme.digits,
        "cohorts": [_cohort(cohort) for cohort in scheme.cohorts],
        "grading": {"mode": grading.mode.value, "A": grading.a, "B": grading.b, "C": grading.c},
        "adders": [{**_mark(mark), "points": mark.points} for mark in scheme.adders],
        **{key: value for key, value in bounds.items() if value is not None},
        "vetoes": [_mark(mark) for mark in scheme.vetoes],
        "exclusions": [_mark(mark) for mark in scheme.exclusions],
    }


def _cohort(cohort: Cohort) -> Document:
    members = cohort.members
    conditions: Document = {}
    if members.revenue_at_least is not None:
        conditions["revenue_at_least"] = members.revenue_at_least
    for key in ("industries", "listed"):
        if words := getattr(members, key):
            conditions[key] = list(words)
    return {
        "key": cohort.key,
        "name": cohort.name,
        **({"name_en": cohort.name_en} if cohort.name_en else {}),
        "members": conditions,
        "indicators": [_item(item) for item in cohort.items],
    }


def _item(item: Item) -> Document:
    made: Document = {"key": item.key, "weight": item.weight, "method": item.method.value}
    if item.method is Method.RATIO:
        fixed = item.benchmark.fixed
        made["benchmark"] = {"fixed": fixed} if fixed is not None else {"cohort_mean": item.benchmark.times}
    else:
        made["base"] = item.base
        made |= {key: value for key, value in (("min", item.least), ("max", item.most)) if value is not None}
    made |= {key: value for key, value in (("floor", item.floor), ("cap", item.cap)) if value is not None}
    return made | {"missing": item.missing.value}


def _mark(mark: Mark) -> Document:
    return {"key": mark.key, "name": mark.name, **({"name_en": mark.name_en} if mark.name_en else {})}
