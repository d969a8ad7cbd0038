"""The factors that come with the platform: one table a set in `factors/`, beside a table of sets and one of keys."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

from park.carrier import carriers
from park.factor import Factor, Input, Purpose, of_carbon


@dataclass(frozen=True, slots=True)
class FactorSet:
    """A named table of factors that belong together and must not be mixed with another's."""

    id: str
    zh: str
    en: str
    zh_use: str
    en_use: str


@dataclass(frozen=True, slots=True)
class Key:
    """What a factor can be about: a carrier, or something only factors tell apart."""

    name: str
    unit: str
    zh: str
    en: str


@cache
def sets() -> dict[str, FactorSet]:
    """Every set by id, in the table's order."""
    return {row["id"]: FactorSet(**row) for row in _rows("sets")}


@cache
def keys() -> dict[str, Key]:
    """Everything a factor can be about, carriers first."""
    own = {one.name: Key(one.name, one.unit, one.zh, one.en) for one in carriers().values()}
    return own | {row["name"]: Key(**row) for row in _rows("keys")}


@cache
def shipped() -> tuple[Factor, ...]:
    """Every factor of every set."""
    return tuple(_factor(name, row) for name in sets() for row in _rows(name))


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = resources.files("park").joinpath("factors", f"{name}.csv").read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())


def _factor(name: str, row: dict[str, str]) -> Factor:
    inputs: tuple[Input, ...] = ()
    if row["ncv"]:
        ncv, content, oxidation = (float(row[column]) for column in ("ncv", "carbon_content", "oxidation"))
        value = of_carbon(ncv, row["ncv_unit"], content, oxidation, row["unit"])
        inputs = (
            Input("ncv", ncv, row["ncv_unit"]),
            Input("carbon_content", content, "tC/GJ"),
            Input("oxidation", oxidation, ""),
        )
    else:
        value = float(row["value"])
    return Factor(
        id="/".join((name, row["key"], row["purpose"], row["region"], row["data_year"] or "-")),
        set=name,
        key=row["key"],
        purpose=Purpose(row["purpose"]),
        value=value,
        unit=row["unit"],
        region=row["region"],
        data_year=int(row["data_year"]) if row["data_year"] else None,
        published=date.fromisoformat(row["published"]),
        valid_from=_day(row["valid_from"]),
        valid_to=_day(row["valid_to"]),
        source=row["source"],
        verified=row["verified"] == "true",
        note=row["note"],
        note_en=row["note_en"],
        inputs=inputs,
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
