"""Whether virtual meters can be kept: each by itself, beside the registry, and beside one another."""

from collections.abc import Iterator, Mapping, Sequence

from park.carrier import carrier_of, carriers
from park.formula import FormulaMistaken, linear, mistake, names
from park.formula_reader import read
from park.registry import Registry
from park.registry_notes import Notes, near
from park.term import Span
from park.virtual_meter import DEEPEST, ROLES, VirtualMeter

METERED = tuple(name for name, carrier in carriers().items() if carrier.register)


def check(notes: Notes, place: str, one: VirtualMeter, others: Mapping[str, VirtualMeter], registry: Registry) -> None:
    """Note every mistake of one virtual meter; `others` are all that will stand beside it."""
    inside = f"{place}." if place else ""
    notes.identifier(f"{inside}id", one.id)
    notes.text(f"{inside}name", one.name)
    if one.id in registry.by_meter:
        notes.add(
            f"{inside}id",
            f"{one.id} 已是台账中的一块表; 请换一个编号。",
            f"{one.id} is a meter of the registry already; take another id.",
        )
    if one.enterprise not in registry.by_enterprise:
        zh, en = near(one.enterprise, registry.by_enterprise)
        notes.add(f"{inside}enterprise", f"没有企业 {one.enterprise}; {zh}", f"No enterprise {one.enterprise}; {en}")
    if one.carrier not in METERED:
        zh, en = near(one.carrier, METERED)
        notes.add(
            f"{inside}carrier", f"没有可计量的品种 {one.carrier}; {zh}", f"No metered carrier {one.carrier}; {en}"
        )
    if one.role not in ROLES:
        zh, en = near(one.role, ROLES)
        notes.add(f"{inside}role", f"虚拟表不能是 {one.role}; {zh}", f"A virtual meter is no {one.role}; {en}")
    _validity(notes, inside, one)
    try:
        tree = read(one.formula)
        linear(tree)
    except FormulaMistaken as error:
        for found in error.mistakes:
            notes.add(f"{inside}{found.path}", found.zh, found.en)
        return
    seen: set[str] = set()
    for name in names(tree):
        if name.id in seen:
            continue
        seen.add(name.id)
        for zh, en in _name(one, name.id, others, registry):
            said = mistake(name.at, zh, en)
            notes.add(f"{inside}{said.path}", said.zh, said.en)


def users(of: str, virtual: Sequence[VirtualMeter]) -> list[str]:
    """Name the virtual meters whose formula names one."""
    found = []
    for one in virtual:
        try:
            named = {name.id for name in names(one.tree)}
        except FormulaMistaken:
            continue
        if of in named:
            found.append(one.id)
    return found


def _validity(notes: Notes, inside: str, one: VirtualMeter) -> None:
    for key, term in (("since", one.since), ("until", one.until)):
        if term is not None and term.span is not Span.MONTH:
            notes.add(
                f"{inside}{key}",
                f"{term} 不是月份; 虚拟表按整月生效, 如 2026-10。",
                f"{term} is no month; a virtual meter holds for whole months, such as 2026-10.",
            )
    if one.since is not None and one.until is not None and one.until < one.since:
        notes.add(
            f"{inside}until",
            f"截止月 {one.until} 早于起始月 {one.since}; 请改正其一。",
            f"The last month {one.until} lies before the first, {one.since}; correct one of them.",
        )


def _name(
    one: VirtualMeter, name: str, others: Mapping[str, VirtualMeter], registry: Registry
) -> Iterator[tuple[str, str]]:
    """Say what is wrong with one name of a formula."""
    if name == one.id:
        yield "公式引用了自己; 请写出其他设备。", "the formula names itself; name other meters."
        return
    other = others.get(name)
    device = registry.by_meter.get(name)
    if other is not None:
        yield from _upon(one, other, others)
    elif device is None:
        yield _unknown(name, others, registry)
    else:
        carrier = carrier_of(device)
        if carrier is None or (one.carrier in METERED and carrier.name != one.carrier):
            is_zh, is_en = (carrier.zh, carrier.en) if carrier else ("不计量能源或水", "neither energy nor water")
            yield (
                f"{name} 计量的是{is_zh}, 与 {one.carrier} 不同; 一个公式只能含同一品种。"
                if carrier
                else f"{name} {is_zh}; 一个公式只能含同一品种的表。",
                f"{name} counts {is_en}, not {one.carrier}; a formula is of one carrier.",
            )
        home, own = registry.by_enterprise.get(device.enterprise), registry.by_enterprise.get(one.enterprise)
        if home is not None and own is not None and home.park != own.park:
            yield f"{name} 属于另一园区 {home.park}。", f"{name} belongs to another park, {home.park}."


def _upon(one: VirtualMeter, other: VirtualMeter, others: Mapping[str, VirtualMeter]) -> Iterator[tuple[str, str]]:
    """Say what is wrong with naming another virtual meter."""
    if other.carrier != one.carrier:
        yield (
            f"虚拟表 {other.id} 的品种是 {other.carrier}, 与 {one.carrier} 不同。",
            f"virtual meter {other.id} is of {other.carrier}, not {one.carrier}; a formula is of one carrier.",
        )
    if not other.spans(one):
        yield (
            f"虚拟表 {other.id} 的有效期没有覆盖 {one.id} 的有效期; 请调整其一。",
            f"virtual meter {other.id} does not hold for as long as {one.id} does; change one of the two.",
        )
    path = _circle(one, other, others)
    if path and path[-1] == one.id:
        way = " → ".join((one.id, *path))
        yield f"公式循环引用: {way}; 请断开其中一处。", f"the formulas go in a circle: {way}; break it somewhere."
    elif len(path) > DEEPEST:
        yield (
            f"虚拟表一层套一层多于 {DEEPEST} 层; 请直接写设备编号。",
            f"virtual meters stand more than {DEEPEST} deep upon one another; name the devices instead.",
        )


def _circle(one: VirtualMeter, other: VirtualMeter, others: Mapping[str, VirtualMeter]) -> tuple[str, ...]:
    """Give the way from another back to this one, or the longest way there is."""
    longest: tuple[str, ...] = ()

    def walk(name: str, way: tuple[str, ...]) -> bool:
        nonlocal longest
        way = (*way, name)
        if len(way) > len(longest):
            longest = way
        if name == one.id:
            longest = way
            return True
        if len(way) > DEEPEST or name not in others:
            return False
        try:
            inner = dict.fromkeys(each.id for each in names(others[name].tree))
        except FormulaMistaken:
            return False
        return any(walk(each, way) for each in inner if each in others or each == one.id)

    walk(other.id, ())
    return longest


def _unknown(name: str, others: Mapping[str, VirtualMeter], registry: Registry) -> tuple[str, str]:
    """Say that there is no such meter; where a minus hides in it, say that."""
    known = others.keys() | registry.by_meter.keys()
    for place, letter in enumerate(name):
        left, right = name[:place], name[place + 1 :]
        if letter == "-" and (left in known or left.isdigit()) and (right in known or right.isdigit()):
            return (
                f"没有设备 {name}; 如果是减法, 请在减号两边留空格: {left} - {right}。",
                f"there is no meter {name}; for a difference put spaces around the minus: {left} - {right}.",
            )
    zh, en = near(name, sorted(known))
    return f"没有设备 {name}; {zh}", f"there is no meter {name}; {en}"
