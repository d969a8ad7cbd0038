"""Which term the page on evaluation opens with."""

from decimal import Decimal

import pytest

from adapters.relational import figures, registry_store, statements
from api.console.evaluation_read import read
from park import term as terms
from park.coverage import WHOLE
from park.factor import Basis
from park.figure import Figure, Scope
from park.statement import Statement, Status
from tests.api.conftest import NOW, House

MONTHS = [f"2025-{month:02}" for month in range(1, 13)] + [f"2026-{month:02}" for month in range(1, 11)]


def energy(term: str) -> Figure:
    return Figure(
        Scope.ENTERPRISE, "e01", "energy", terms.read(term), Basis.EQUIVALENT, 100.0, "tce", "energy", WHOLE, park="hk"
    )


@pytest.mark.parametrize(
    ("sentence", "stated", "figured", "opened"),
    [
        ("with nothing known it is the last full year", [], [], "2025"),
        ("the last full year, where all is there", MONTHS, ["2025", "2026-10/r12"], "2025"),
        ("no energy yet for that year, but for twelve months", MONTHS, ["2026-10/r12"], "2026-10/r12"),
        ("statements alone are enough to begin with", MONTHS, [], "2025"),
        ("only this year is stated", MONTHS[12:], [], "2026-10/r12"),
    ],
)
def test_the_page_opens_with_the_term_most_is_known_of(
    house: House, sentence: str, stated: list[str], figured: list[str], opened: str
) -> None:
    kept = [Statement("e01", terms.read(term), Status.VERIFIED, {"tax": Decimal(10)}) for term in stated]
    statements.save(house.engine, kept, who="test", now=NOW)
    for term in figured:
        figures.publish(house.engine, terms.read(term), [energy(term)], over=True, now=NOW)
    look = read(house.services, registry_store.load(house.engine), {}, preview=True)
    assert look is not None
    assert str(look.term) == opened, sentence
    assert look.result is not None


def test_what_the_address_names_comes_first_and_nonsense_is_passed_over(house: House) -> None:
    registry = registry_store.load(house.engine)
    named = read(
        house.services, registry, {"scheme": "custom", "period": "2024-Q3", "basis": "calorific"}, preview=True
    )
    assert named is not None
    assert (named.scheme.scheme.id, str(named.term), named.basis) == ("custom", "2024-Q3", Basis.CALORIFIC)
    assert named.term in named.terms
    odd = read(house.services, registry, {"scheme": "x", "period": "x", "basis": "x", "park": "x"}, preview=False)
    assert odd is not None
    assert (str(odd.term), odd.inputs, odd.result) == ("2025", None, None)
