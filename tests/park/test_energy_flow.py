"""Where energy goes: by enterprise and carrier, each month by its own factors, what is missing told apart."""

from dataclasses import dataclass

import pytest

from park.coverage import NOTHING, WHOLE, Coverage
from park.energy_flow import Flow, Piece, covered, flows, known
from park.factor import Basis
from park.factor_book import FactorBook
from park.policy import Policy
from park.term import read
from tests.park.test_footprint import NOW

DAY = 86_400.0


@dataclass(frozen=True)
class Took:
    enterprise: str
    carrier: str
    amount: float | None
    unit: str
    coverage: Coverage = WHOLE


def made(*pieces: Piece, counted: frozenset[str] = frozenset(), basis: Basis = Basis.CALORIFIC) -> dict[str, Flow]:
    policies = dict.fromkeys(("e01", "e02"), Policy("hk", counted=counted))
    found = flows(pieces, book=FactorBook(), policies=policies, basis=basis, as_of=NOW)
    return {f"{one.enterprise} {one.carrier}": one for one in found}


def piece(term: str, *took: Took, days: float = 30) -> Piece:
    return Piece(read(term), days * DAY, took)


def test_carriers_are_told_apart_and_each_goes_by_its_own_factor() -> None:
    found = made(
        piece("2026-10", Took("e01", "electricity", 10_000, "kWh"), Took("e01", "natural_gas", 1_000, "Nm³"),
              Took("e02", "electricity", 5_000, "kWh")),
    )  # fmt: skip
    assert found["e01 electricity"].tce == pytest.approx(1.229)
    assert found["e02 electricity"].tce == pytest.approx(0.6145)
    assert known(found.values()) == pytest.approx(1.229 + 0.6145 + (found["e01 natural_gas"].tce or 0))


def test_each_month_goes_by_the_factor_of_its_year() -> None:
    one = Took("e01", "electricity", 10_000, "kWh")
    parts = [made(piece(month, one), basis=Basis.EQUIVALENT)["e01 electricity"].tce for month in ("2023-12", "2024-12")]
    both = made(piece("2023-12", one), piece("2024-12", one), basis=Basis.EQUIVALENT)["e01 electricity"].tce
    assert parts[0] != parts[1]
    assert both == pytest.approx(sum(part or 0.0 for part in parts))


def test_water_is_no_energy_unless_the_policy_counts_it() -> None:
    water = piece("2026-10", Took("e01", "water", 100, "m³"))
    assert made(water) == {}
    assert made(water, counted=frozenset({"water"}))["e01 water"].tce == pytest.approx(100 * 0.2571e-3, rel=1e-3)


def test_what_lacks_a_factor_is_a_gap_with_its_sentence_and_never_0() -> None:
    found = made(piece("2026-10", Took("e01", "steam", 10, "t"), Took("e01", "electricity", 10_000, "kWh")))
    assert found["e01 steam"].tce is None
    assert "蒸汽" in found["e01 steam"].gaps[0].zh
    assert known(found.values()) == pytest.approx(1.229)
    assert known([found["e01 steam"]]) is None


def test_a_month_without_data_leaves_the_rest_and_lowers_the_coverage() -> None:
    found = made(
        piece("2026-09", Took("e01", "electricity", 10_000, "kWh"), days=30),
        piece("2026-10", Took("e01", "electricity", None, "kWh", NOTHING), days=10),
    )["e01 electricity"]
    assert found.tce == pytest.approx(1.229)
    assert found.coverage.measured == pytest.approx(0.75)
    assert len(found.gaps) == 1


def test_coverages_join_by_size_and_by_number_where_one_is_not_known() -> None:
    large = Flow("e01", "electricity", 9.0, WHOLE)
    assert covered([large, Flow("e02", "electricity", 1.0, NOTHING)]).measured == pytest.approx(0.9)
    assert covered([large, Flow("e02", "electricity", None, NOTHING)]).measured == pytest.approx(0.5)
    assert covered([]) == NOTHING
