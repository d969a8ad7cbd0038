"""Factors people add: measured ones of a park or an enterprise, and official ones that came out after this version.

An entry is checked whole, and refused whole with every mistake; a correction is another revision, and so is taking it
back.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from park.factor import NATIONAL, Factor, Purpose
from park.factor_entry import Entry
from park.factor_table import keys, sets
from park.factor_worth import worth_of
from park.mistake import Mistake

OWN = "own"
FIELDS = (
    "park", "enterprise", "set", "key", "purpose", "value", "unit", "region", "data_year", "published",
    "valid_from", "valid_to", "source", "note", "measured", "steam",
)  # fmt: skip


class FactorMistaken(ValueError):
    """An entry that cannot be taken; names every mistake."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        super().__init__("; ".join(f"{one.path}: {one.en}" for one in mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True, slots=True)
class OwnFactor:
    """One revision of an entry."""

    number: int
    revision: int
    factor: Factor
    value: Decimal
    """As it was entered, or as it was worked out from the inputs."""
    withdrawn: bool
    who: str
    at: datetime
    reason: str


def read(document: Mapping[str, Any], *, today: date) -> tuple[Factor, Decimal]:
    """Give the factor an entry stands for, its number not yet given.  Raises FactorMistaken."""
    entry = Entry(document)
    entry.known(FIELDS)
    key = entry.choice("key", tuple(keys()))
    purpose_name = entry.choice("purpose", tuple(purpose.value for purpose in Purpose))
    owner = _owner(entry)
    published = entry.day("published") or today
    if published > today:
        entry.mistake("published", "发布日期晚于今天; 未发布的因子不能使用。", "Published after today: not yet usable.")
    valid_from, valid_to = entry.day("valid_from"), entry.day("valid_to")
    if valid_from and valid_to and valid_to < valid_from:
        entry.mistake("valid_to", "有效期止早于有效期起; 请对调。", "It ends before it begins; exchange the two days.")
    source = entry.words(
        "source", "请写明依据: 检测报告编号、合同、公告文号等", "name the evidence: report, contract, notice"
    )
    region = entry.region("region")
    data_year = entry.year("data_year")
    worth = worth_of(entry, key, purpose_name)
    if owner.set != OWN and key == "electricity" and "data_year" not in entry:
        entry.mistake(
            "data_year", "官方电力因子必须写明数据年。", "An official factor of electricity needs its data year."
        )
    entry.finish(FactorMistaken)
    assert key is not None and purpose_name is not None and worth is not None and source is not None  # noqa: S101, PT018  # else refused
    factor = Factor(
        id="",
        set=owner.set,
        key=key,
        purpose=Purpose(purpose_name),
        value=float(worth.value),
        unit=worth.unit,
        published=published,
        source=source,
        region=region or NATIONAL,
        data_year=data_year,
        valid_from=valid_from,
        valid_to=valid_to,
        verified=True,
        note=entry.optional("note"),
        note_en=entry.optional("note"),
        inputs=worth.inputs,
        park=owner.park,
        enterprise=owner.enterprise,
    )
    return factor, worth.value


def revised(factor: Factor, number: int, revision: int) -> Factor:
    """Give a factor the id of its entry."""
    return replace(factor, id=f"{OWN}/{number}/r{revision}")


@dataclass(frozen=True, slots=True)
class _Owner:
    park: str | None
    enterprise: str | None
    set: str


def _owner(entry: Entry) -> _Owner:
    """Read whose it is: an enterprise's, a park's, or everybody's, and then of which set."""
    park, enterprise = entry.text("park"), entry.text("enterprise")
    if park and enterprise:
        entry.mistake("park", "企业已确定园区, 只填一项。", "The enterprise tells the park; give one of the two.")
    if park or enterprise:
        if "set" in entry:
            entry.mistake("set", "自有因子不属于任何因子集; 请去掉。", "An own factor belongs to no set; leave it out.")
        return _Owner(None if enterprise else park, enterprise, OWN)
    return _Owner(None, None, entry.choice("set", tuple(sets())) or OWN)
