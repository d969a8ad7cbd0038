"""Who is evaluated: an enterprise, or a project before entry, with its quantities and what people marked it with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from park.evaluation.quantity import Quantity


class Kind(StrEnum):
    """What a flag does."""

    ADDER = "adder"
    VETO = "veto"
    EXCLUSION = "exclusion"


@dataclass(frozen=True, slots=True)
class Flag:
    """A mark of the scheme set for one enterprise by a person, with the reason."""

    kind: Kind
    key: str
    reason: str


@dataclass(frozen=True, slots=True)
class Subject:
    """One enterprise and all that its score depends on."""

    id: str
    name: str
    name_en: str = ""
    industry: str = ""
    quantities: Mapping[str, Quantity] = field(default_factory=dict)
    flags: tuple[Flag, ...] = ()
