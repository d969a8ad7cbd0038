"""Virtual meters: what can be kept, and every mistake of what cannot, with its place."""

from collections.abc import Sequence
from fractions import Fraction

import pytest

from park.carrier import carriers
from park.metric import Medium
from park.mistake import Mistake
from park.place import Role
from park.registry_notes import Notes
from park.virtual_check import METERED, check, users
from park.virtual_meter import DEEPEST, ROLES, VirtualMeter, resolved
from tests.park.virtuals import device, registry, virtual

METERS = registry(
    device("e01-main"),
    device("e01-pv", Role.GENERATION),
    device("e01-line1", Role.SUB),
    device("e02-main", enterprise="e02"),
    device("e01-water", medium=Medium.WATER),
    device("e01-stack", Role.OUTLET, medium=Medium.EMISSION),
    device("e09-main", enterprise="e09", park="other"),
)


def mistakes(one: VirtualMeter, *others: VirtualMeter) -> list[Mistake]:
    notes = Notes({})
    check(notes, "body", one, {each.id: each for each in (*others, one)}, METERS)
    return notes.mistakes


GOOD = [
    virtual("v", "e01-main + e01-pv - 0.35 * e02-main"),
    virtual("v", "e01-line1", role=Role.SUB),
    virtual("v", "e01-water / 2", carrier="water", enterprise="e02"),
    virtual("v", "e01-main", since="2026-01", until="2026-01"),
]

# what is told; the virtual meter; others beside it; where; words of the sentence
BAD: list[tuple[str, VirtualMeter, Sequence[VirtualMeter], str, str]] = [
    ("an id is not a device's", virtual("e01-main", "e01-pv"), (), "body.id", "换一个编号"),
    ("an id has its form", virtual("V 1", "e01-pv"), (), "body.id", "不可用"),
    ("an enterprise is registered", virtual("v", "e01-pv", enterprise="e99"), (), "body.enterprise", "没有企业 e99"),
    ("a carrier is a metered one", virtual("v", "e01-pv", carrier="diesel"), (), "body.carrier", "diesel"),
    ("it is no detector", virtual("v", "e01-pv", role=Role.DETECTOR), (), "body.role", "detector"),
    ("it begins with a month", virtual("v", "e01-pv", since="2026"), (), "body.since", "不是月份"),
    ("it does not end before it begins", virtual("v", "e01-pv", since="2026-10", until="2026-09"), (), "body.until",
     "早于"),
    ("a formula can be read", virtual("v", "e01-pv +"), (), "body.formula:9", "没有写完"),
    ("a meter is registered", virtual("v", "e01-man + e01-pv"), (), "body.formula:1", "是否想写 e01-main"),
    ("a minus between ids has spaces", virtual("v", "e01-main-e01-pv"), (), "body.formula:1", "e01-main - e01-pv"),
    ("all is of one carrier", virtual("v", "e01-main + e01-water"), (), "body.formula:12", "新水"),
    ("what counts nothing is in no formula", virtual("v", "e01-main + e01-stack"), (), "body.formula:12", "不计量"),
    ("it stays within its park", virtual("v", "e09-main"), (), "body.formula:1", "另一园区"),
    ("it does not name itself", virtual("v", "e01-main + v"), (), "body.formula:12", "引用了自己"),
    ("it does not go in a circle", virtual("v", "w"), [virtual("w", "u + e01-pv"), virtual("u", "2 * v")],
     "body.formula:1", "v → w → u → v"),
    ("what it stands upon is of its carrier", virtual("v", "w"), [virtual("w", "e01-water", carrier="water")],
     "body.formula:1", "water"),
    ("what it stands upon holds as long", virtual("v", "w", since="2026-01"),
     [virtual("w", "e01-main", since="2026-02")], "body.formula:1", "有效期"),
    ("they do not stand too deep", virtual("v", "v0"),
     [*(virtual(f"v{place}", f"v{place + 1}") for place in range(DEEPEST)), virtual(f"v{DEEPEST}", "e01-main")],
     "body.formula:1", "多于 8 层"),
]  # fmt: skip


@pytest.mark.parametrize("one", GOOD, ids=[one.formula for one in GOOD])
def test_a_sound_virtual_meter_has_no_mistakes(one: VirtualMeter) -> None:
    assert mistakes(one) == []


@pytest.mark.parametrize(("one", "others", "path", "words"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_what_cannot_be_kept_is_told_with_its_place(
    one: VirtualMeter, others: Sequence[VirtualMeter], path: str, words: str
) -> None:
    (mistake,) = mistakes(one, *others)
    assert mistake.path == path
    assert words in mistake.zh
    assert mistake.en.isascii() or "→" in mistake.en


def test_every_mistake_is_told_at_once() -> None:
    bad = virtual("e01-main", "x + y", enterprise="e99", carrier="coal", until="2026")
    assert [each.path for each in mistakes(bad)] == [
        "body.id", "body.enterprise", "body.carrier", "body.until", "body.formula:1", "body.formula:5",
    ]  # fmt: skip


def test_formulas_upon_formulas_come_down_to_devices() -> None:
    over = (virtual("v", "2 * w - a"), virtual("w", "a + 50 % * b"))
    assert resolved(over) == {"v": {"a": Fraction(1), "b": Fraction(1)}, "w": {"a": Fraction(1), "b": Fraction(1, 2)}}


def test_what_goes_in_a_circle_or_cannot_be_read_has_no_devices() -> None:
    over = (virtual("v", "w"), virtual("w", "v + a"), virtual("x", "a +"), virtual("y", "x"), virtual("z", "a"))
    assert resolved(over) == {"z": {"a": Fraction(1)}}


def test_who_names_a_meter_is_known() -> None:
    over = (virtual("v", "w + a"), virtual("w", "a / 2"), virtual("x", "broken +"))
    assert users("a", over) == ["v", "w"]
    assert users("w", over) == ["v"]


def test_every_carrier_that_a_register_counts_can_have_one() -> None:
    assert set(METERED) == {carrier.name for carrier in carriers().values() if carrier.register}
    assert all(virtual("v", "e01-main", role=role).role in ROLES for role in ROLES)
