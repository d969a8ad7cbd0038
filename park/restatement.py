"""Why a published figure became another: found by comparing what it was made of with what it is made of now."""

from collections.abc import Iterator, Mapping, Sequence

from park.figure import Figure, Input, Item, Kind, Metered, Scope, State, Used, name
from park.footprint_line import written
from park.grounds import NOTHING_KNOWN, Cause, Evidence, Reason, Said
from park.indicator import ENERGY

DIGITS = 10
"""Digits that count: what differs behind them is rounding."""
SHARES = 4
MOST = 30
"""Reasons kept with one revision; a park's figure may have one for each enterprise."""


def same(old: Figure, new: Figure) -> bool:
    """Tell whether two figures say the same: value, coverage and state, but for rounding, and what is lacking."""
    return print_of(old) == print_of(new)


def print_of(figure: Figure) -> tuple[object, ...]:
    """Give what a reader would call the figure: another print is another revision."""
    value = None if figure.value is None else float(f"{figure.value:.{DIGITS}g}")
    left = () if figure.panel is None else tuple(one.enterprise for one in figure.panel.left)
    return (
        value,
        figure.unit,
        round(figure.coverage.measured, SHARES),
        round(figure.coverage.estimated, SHARES),
        figure.state.value,
        figure.why.key if figure.why is not None else None,
        left,
    )


def reasons(
    old: Figure,
    new: Figure,
    *,
    evidence: Evidence = NOTHING_KNOWN,
    because: Mapping[str, Sequence[Reason]] | None = None,
) -> tuple[Reason, ...]:
    """Give every reason why one figure became the other; `because` has those of the figures it was made of."""
    found: list[Reason] = []
    theirs = because or {}
    before = {one.name: one for one in old.inputs}
    for after in new.inputs:
        found += _of_input(before.get(after.name), after, (old, new), evidence, theirs)
    found += _of_panels(old, new, theirs)
    if old.policy != new.policy and old.policy is not None and new.policy is not None:
        found.insert(
            0,
            Reason(
                Cause.POLICY,
                new.park,
                f"园区政策由修订 {old.policy} 改为修订 {new.policy}",
                f"the park's policy went from revision {old.policy} to {new.policy}",
            ),
        )
    if not found:
        found.append(_without_inputs(old, new))
    return tuple(dict.fromkeys(found))[:MOST]


def _of_input(
    before: Input | None,
    after: Input,
    figures: tuple[Figure, Figure],
    evidence: Evidence,
    because: Mapping[str, Sequence[Reason]],
) -> Iterator[Reason]:
    old, new = figures
    if before is None or before == after:
        return
    if after.figure is not None:
        yield from because.get(after.figure, ())
        return
    factors = {one.id: one for one in old.factors}, {one.id: one for one in new.factors}
    items = {(one.kind, one.key): one for one in before.items}
    renewed = {(one.kind, one.key): one for one in after.items}
    for key in dict.fromkeys((*items, *renewed)):
        was, now = items.get(key), renewed.get(key)
        if was == now:
            continue
        kind = key[0]
        if kind is Kind.ENTERPRISE:
            if was is not None and now is not None:
                yield from _of_member(after.name, was, now, new, because)
        elif kind is Kind.STATEMENT:
            yield _of_entry(Cause.STATEMENT, was, now, evidence.statements.get((new.subject, key[1])), after.unit)
        elif kind is Kind.ENTRY:
            yield from _of_entered(was, now, evidence.entries.get((new.subject, key[1])))
            yield from _of_factors(was, now, factors)
        else:
            yield from _of_meters(was, now, evidence)
            yield from _of_factors(was, now, factors)


def _of_member(
    quantity: str, was: Item, now: Item, new: Figure, because: Mapping[str, Sequence[Reason]]
) -> Iterator[Reason]:
    basis = new.basis if quantity == ENERGY else None
    source = name(Scope.ENTERPRISE, now.key, quantity, new.term, basis)
    known = because.get(source, ())
    for one in known:
        yield Reason(one.cause, one.subject, one.zh, one.en, one.before, one.after, one.unit, source)
    if not known and was.value != now.value:
        zh, en = _moved(was.value, now.value, "")
        yield Reason(Cause.OTHER, now.key, f"企业 {now.key}: {zh}", f"enterprise {now.key}: {en}", was.value, now.value)


def _of_panels(old: Figure, new: Figure, because: Mapping[str, Sequence[Reason]]) -> Iterator[Reason]:
    if old.panel is None or new.panel is None:
        return
    here, there = set(new.panel.included), set(old.panel.included)
    why = {one.enterprise: one.why for one in new.panel.left}
    for enterprise in sorted(here - there):
        yield Reason(Cause.PANEL, enterprise, f"企业 {enterprise} 计入", f"enterprise {enterprise} came in")
        for quantity in (one.name for one in new.inputs):
            basis = new.basis if quantity == ENERGY else None
            yield from because.get(name(Scope.ENTERPRISE, enterprise, quantity, new.term, basis), ())
    for enterprise in sorted(there - here):
        gone = why.get(enterprise)
        zh, en = ("", "") if gone is None else (f": {gone.zh}", f": {gone.en}")
        yield Reason(
            Cause.PANEL, enterprise, f"企业 {enterprise} 不再计入{zh}", f"enterprise {enterprise} fell out{en}"
        )


def _of_entry(cause: Cause, was: Item | None, now: Item | None, who: Said | None, unit: str) -> Reason:
    term = (now or was).key  # type: ignore[union-attr]  # one of the two is there
    a, b = (None if one is None else one.value for one in (was, now))
    zh, en = _moved(a, b, unit)
    zh_from, en_from = ("", "")
    if was is not None and now is not None and was.revision != now.revision:
        zh_from, en_from = f"修订 {was.revision} → {now.revision}", f" revision {was.revision} → {now.revision}"
    if was is not None and now is not None and was.note != now.note:
        zh_state = {"flash": "快报", "verified": "核定"}
        zh_from += f" ({zh_state.get(was.note, was.note)} → {zh_state.get(now.note, now.note)})"
        en_from += f" ({was.note} → {now.note})"
    zh_who, en_who = ("", "") if who is None else (f" [{who.zh}]", f" [{who.en}]")
    return Reason(
        cause, term, f"{term} 报表{zh_from}: {zh}{zh_who}", f"statement {term}{en_from}: {en}{en_who}", a, b, unit
    )


def _of_entered(was: Item | None, now: Item | None, who: Said | None) -> Iterator[Reason]:
    a, b = (None if one is None else one.amount for one in (was, now))
    if a == b and (was is None) == (now is None):
        return
    one = now or was
    assert one is not None, "one of the two is there"  # noqa: S101  # for the type alone
    zh, en = _moved(a, b, one.unit)
    zh_who, en_who = ("", "") if who is None else (f" [{who.zh}]", f" [{who.en}]")
    yield Reason(
        Cause.ENTRY, one.key, f"录入的 {one.key}: {zh}{zh_who}", f"entered {one.key}: {en}{en_who}", a, b, one.unit
    )


def _of_meters(was: Item | None, now: Item | None, evidence: Evidence) -> Iterator[Reason]:
    one = now or was
    assert one is not None, "one of the two is there"  # noqa: S101  # for the type alone
    before = {(meter.meter, meter.sign): meter for meter in (was.meters if was is not None else ())}
    after = {(meter.meter, meter.sign): meter for meter in (now.meters if now is not None else ())}
    if one.kind is Kind.OUTLET and was is not None and now is not None:
        before = {(one.key, 1): Metered(one.key, was.amount, was.coverage)}
        after = {(one.key, 1): Metered(one.key, now.amount, now.coverage)}
    for key in dict.fromkeys((*before, *after)):
        meter = key[0]
        if key not in before:
            yield Reason(Cause.METERS, meter, f"设备 {meter} 计入 {one.key}", f"meter {meter} now counts for {one.key}")
        elif key not in after:
            yield Reason(
                Cause.METERS, meter, f"设备 {meter} 不再计入 {one.key}", f"meter {meter} counts for {one.key} no more"
            )
        elif before[key] != after[key]:
            yield _of_meter(before[key], after[key], one, evidence)


def _of_meter(was: Metered, now: Metered, item: Item, evidence: Evidence) -> Reason:
    zh, en = _moved(was.amount, now.amount, item.unit)
    if was.amount == now.amount:
        zh = f"实测 {was.coverage.measured:.1%} → {now.coverage.measured:.1%}"
        en = f"measured {was.coverage.measured:.1%} → {now.coverage.measured:.1%}"
    epoch = evidence.epochs.get(now.meter)
    days = evidence.days.get((now.meter, item.key), "")
    zh_days, en_days = (f" {days}", f" for {days}") if days else ("", "")
    if epoch is not None:
        return Reason(
            Cause.EPOCH,
            now.meter,
            f"设备 {now.meter}{zh_days} {epoch.zh}: {zh}",
            f"meter {now.meter}{en_days}, {epoch.en}: {en}",
            was.amount,
            now.amount,
            item.unit,
        )
    return Reason(
        Cause.LATE_DATA,
        now.meter,
        f"设备 {now.meter}{zh_days} 数据补到: {zh}",
        f"late data of meter {now.meter}{en_days}: {en}",
        was.amount,
        now.amount,
        item.unit,
    )


def _of_factors(
    was: Item | None, now: Item | None, tables: tuple[Mapping[str, Used], Mapping[str, Used]]
) -> Iterator[Reason]:
    """Compare the factors of one carrier: what it was multiplied by."""
    if was is None or now is None or was.factors == now.factors:
        return
    olds = [tables[0][one] for one in was.factors if one in tables[0]]
    news = [tables[1][one] for one in now.factors if one in tables[1]]
    for new in (one for one in news if one.id not in was.factors):
        old = next((one for one in olds if one.purpose == new.purpose and one.id not in now.factors), None)
        zh_old = "" if old is None else f" (原用 {old.value:g} {old.unit}, {_named(old)})"
        en_old = "" if old is None else f" (before: {old.value:g} {old.unit}, {_named(old)})"
        yield Reason(
            Cause.FACTOR,
            new.id,
            f"{now.key} 改用因子 {new.value:g} {new.unit}, {_named(new)}, {new.published} 发布{zh_old}",
            f"{now.key} goes by {new.value:g} {new.unit}, {_named(new)}, published {new.published}{en_old}",
            None if old is None else old.value,
            new.value,
            new.unit,
        )


def _named(factor: Used) -> str:
    year = "" if factor.data_year is None else f" {factor.data_year}"
    return f"{factor.set}{year}"


def _without_inputs(old: Figure, new: Figure) -> Reason:
    if old.value == new.value and old.state is not new.state:
        final = new.state is State.FINAL
        return Reason(
            Cause.STATE,
            new.indicator,
            "各项输入均已核定, 由暂定转为正式" if final else "由正式转为暂定",
            "every input is verified: provisional became final" if final else "final became provisional",
        )
    zh, en = _moved(old.value, new.value, new.unit)
    return Reason(Cause.OTHER, new.indicator, f"输入有变化: {zh}", f"its inputs changed: {en}", old.value, new.value)


def _moved(before: float | None, after: float | None, unit: str) -> tuple[str, str]:
    zh, en = (
        " → ".join(missing if one is None else f"{written(one)} {unit}".rstrip() for one in (before, after))
        for missing in ("缺", "missing")
    )
    return zh, en
