"""Budgets over HTTP: entered whole or not at all, and each enterprise sees its own."""

from typing import Any

import pytest

from adapters.relational import audit, figures
from park.budget import term_of
from park.coverage import Coverage
from park.factor import Basis
from park.figure import Figure, Scope
from tests.api.conftest import NOW, AsRole, House
from tests.api.web import Web

PATH = "/api/v1/budgets"
YEAR = {"year": 2026}
ITEMS: list[dict[str, Any]] = [
    {"enterprise": "e01", "kind": "energy", "amount": 1500.5},
    {"enterprise": "e01", "kind": "co2", "amount": "4,000"},
    {"enterprise": "e02", "kind": "energy", "amount": 200},
]


@pytest.fixture
def entered(house: House, admin: Web) -> list[dict[str, Any]]:
    """Three budgets, and what one of the enterprises used by now."""
    term = term_of(2026, NOW)
    used = Figure(
        Scope.ENTERPRISE,
        "e01",
        "energy",
        term,
        Basis.EQUIVALENT,
        1500.5,
        "tce",
        "energy",
        Coverage(0.9, 0.05),
        park="hk",
    )
    figures.publish(house.engine, term, [used], over=False, now=NOW)
    answer = admin.put(PATH, params=YEAR, json={"items": ITEMS, "reason": "双控〔2026〕3 号"})
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def test_each_budget_says_what_is_used_beside_the_share_of_the_year(entered: list[dict[str, Any]]) -> None:
    carbon, energy, other = entered
    assert (energy["amount"], energy["unit"], energy["used"]) == (1500.5, "tce", 1.0)
    assert 0.89 < energy["gone"] < 0.9  # the 23rd of November
    assert energy["pace"] == pytest.approx(1 / energy["gone"])
    assert (energy["measured"], energy["why"], energy["revision"]) == (0.9, None, 1)
    assert energy["link"] == "/api/v1/figures/enterprise.e01.energy.2026-11~ytd.equivalent"
    for unknown in (carbon, other):
        assert (unknown["value"], unknown["used"], unknown["pace"], unknown["link"]) == (None, None, None, None)
        assert "尚未算出" in unknown["why"]


def test_an_enterprise_sees_its_own_and_nobody_elses(as_role: AsRole, entered: list[dict[str, Any]]) -> None:
    own = as_role("enterprise")
    assert own.get(PATH, params=YEAR).json()["items"] == entered[:2]
    assert own.get(PATH, params=YEAR | {"enterprise": "e02"}).status_code == 404
    assert as_role("viewer").get(PATH, params=YEAR | {"enterprise": "e02"}).json()["items"] == entered[2:]
    assert as_role("viewer").get(PATH, params={"year": 2025}).json()["items"] == []


def test_null_takes_a_budget_back_and_the_audit_knows_who_did(
    house: House, admin: Web, entered: list[dict[str, Any]]
) -> None:
    wish = {"items": [ITEMS[2] | {"amount": None}], "reason": "企业关停"}
    assert admin.put(PATH, params=YEAR, json=wish).json()["items"] == entered[:2]
    newest = audit.entries(house.engine)[0][0]
    assert (newest.action, newest.subject, newest.after) == (
        "budget.delete", "e02 2026 energy", {"amount": None, "reason": "企业关停"},
    )  # fmt: skip


MISTAKES = [
    ("a word in place of a number", [ITEMS[0] | {"amount": "很多"}], "文号", "body.items[0].amount"),
    ("an enterprise nobody knows", [ITEMS[0], ITEMS[1] | {"enterprise": "e1"}], "文号", "body.items[1].enterprise"),
    ("the same twice", [ITEMS[0], ITEMS[0]], "文号", "body.items[1]"),
    ("no reason", [ITEMS[0]], " ", "body.reason"),
    ("a kind there is not", [ITEMS[0] | {"kind": "water"}], "文号", "body.items[0].kind"),
]


@pytest.mark.parametrize(("sentence", "items", "reason", "path"), MISTAKES, ids=[row[0] for row in MISTAKES])
def test_a_mistake_is_named_with_its_place_and_nothing_is_kept(
    admin: Web, sentence: str, items: list[dict[str, Any]], reason: str, path: str
) -> None:
    answer = admin.put(PATH, params=YEAR, json={"items": items, "reason": reason})
    assert answer.status_code == 422, sentence
    assert [one["path"] for one in answer.json()["mistakes"]] == [path]
    assert admin.get(PATH, params=YEAR).json()["items"] == []


@pytest.mark.parametrize(
    ("method", "allowed"),
    [("GET", {"viewer", "safety", "operator", "admin", "enterprise"}), ("PUT", {"operator", "admin"})],
)
def test_each_role_may_what_it_is_for(house: House, as_role: AsRole, method: str, allowed: set[str]) -> None:
    let_in = {role for role in house.keys if as_role(role).request(method, PATH, json={}).status_code != 403}
    assert let_in == allowed
