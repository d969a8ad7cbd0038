"""Figures, their explanation, their revisions and closed terms over HTTP."""

import hashlib
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.relational import figures
from park.coverage import WHOLE, Coverage
from park.factor import Basis
from park.figure import Figure, Input, Item, Kind, Left, Metered, Panel, Scope, State, Used, Why, name
from park.term import Term, read
from tests.api.conftest import NOW, AsRole, House
from tests.api.web import Web

OCTOBER = read("2026-10")
LACKING = Why("statement:2026-10", "暂不可算: 缺 2026-10 的填报。", "Not yet possible: nothing entered for 2026-10.")
FACTOR = Used(
    "gb/e", "electricity", "energy_calorific", 0.1229, "kgce/kWh", "GB/T 2589-2020", "综合能耗计算通则", "national",
    None, "2020-09-29", verified=True, zh="采用国标。", en="As the standard has it.",
)  # fmt: skip


def energy(subject: str, kwh: float, term: Term = OCTOBER) -> Figure:
    tce = kwh * 0.1229 / 1000
    meter = Metered(f"{subject}-main", kwh, WHOLE)
    item = Item(Kind.CARRIER, "electricity", tce, WHOLE, kwh, "kWh", ("gb/e",), meters=(meter,))
    return Figure(
        scope=Scope.ENTERPRISE,
        subject=subject,
        indicator="energy",
        term=term,
        basis=Basis.CALORIFIC,
        value=tce,
        unit="tce",
        formula="energy",
        coverage=Coverage(0.98, 0.02),
        inputs=(Input("energy", tce, "tce", WHOLE, (item,)),),
        factors=(FACTOR,),
        policy=0,
        park="hk",
    )


def value_added(subject: str, value: float | None, state: State = State.FINAL) -> Figure:
    items = () if value is None else (Item(Kind.STATEMENT, "2026-10", value, WHOLE, revision=1, note="verified"),)
    return Figure(
        scope=Scope.ENTERPRISE,
        subject=subject,
        indicator="value_added",
        term=OCTOBER,
        basis=None,
        value=value,
        unit="万元",
        formula="value_added",
        state=state,
        why=None if value is not None else LACKING,
        inputs=(Input("value_added", value, "万元", WHOLE, items),),
        park="hk",
    )


def intensity(subject: str) -> Figure:
    def of(quantity: str, basis: Basis | None) -> str:
        return name(Scope.ENTERPRISE, subject, quantity, OCTOBER, basis)

    return Figure(
        scope=Scope.ENTERPRISE,
        subject=subject,
        indicator="energy_intensity",
        term=OCTOBER,
        basis=Basis.CALORIFIC,
        value=12.29 / 500,
        unit="tce/万元",
        formula="energy / value_added",
        coverage=WHOLE,
        inputs=(
            Input("energy", 12.29, "tce", WHOLE, figure=of("energy", Basis.CALORIFIC)),
            Input("value_added", 500.0, "万元", WHOLE, figure=of("value_added", None)),
        ),
        park="hk",
    )


def park_energy(term: Term = OCTOBER, first: float = 10.0, second: float | None = 5.0) -> Figure:
    members = {"e01": first} | ({} if second is None else {"e02": second})
    items = tuple(Item(Kind.ENTERPRISE, key, value, WHOLE) for key, value in members.items())
    left = () if second is not None else (Left("e02", LACKING),)
    return Figure(
        scope=Scope.PARK,
        subject="hk",
        indicator="energy",
        term=term,
        basis=Basis.CALORIFIC,
        value=sum(members.values()),
        unit="tce",
        formula="energy",
        coverage=WHOLE,
        inputs=(Input("energy", sum(members.values()), "tce", WHOLE, items),),
        panel=Panel(tuple(members), left),
        park="hk",
    )


@pytest.fixture(autouse=True)
def published(house: House) -> None:
    """October of two enterprises, and of the park."""
    e02 = value_added("e02", 100.0)
    made = [energy("e01", 100_000), value_added("e01", 500.0), intensity("e01"), energy("e02", 1.0), e02, park_energy()]
    figures.publish(house.engine, OCTOBER, made, over=True, now=NOW)


def test_the_figures_of_a_term_come_with_name_coverage_state_and_revision(admin: Web) -> None:
    answer = admin.get("/api/v1/intensity?scope=enterprise&id=e01&period=2026-10&basis=calorific").json()
    assert (answer["name"], answer["period"], answer["running"], answer["closed"]) == (
        "安康某富硒食品有限公司", "2026-10", False, None,
    )  # fmt: skip
    found = {item["indicator"]: item for item in answer["items"]}
    assert found["energy"]["value"] == pytest.approx(12.29)
    assert found["energy"]["coverage"] == {"measured": 0.98, "estimated": 0.02, "missing": 0.0}
    assert found["energy_intensity"]["name"] == "单位增加值能耗"
    assert found["energy"]["year_on_year"]["why"] == "上一期没有数据可比。"


def test_the_park_is_asked_for_where_nothing_is_named_and_the_month_before(admin: Web) -> None:
    answer = admin.get("/api/v1/intensity?basis=calorific").json()
    assert (answer["scope"], answer["id"], answer["period"]) == ("park", "hk", "2026-10")


def test_a_comparison_takes_only_enterprises_that_are_in_both_terms(house: House, admin: Web) -> None:
    before = OCTOBER.year_ago()
    figures.publish(house.engine, before, [park_energy(before, 8.0, None)], over=True, now=NOW)
    answer = admin.get("/api/v1/intensity?basis=calorific&period=2026-10&indicator=energy").json()
    (item,) = answer["items"]
    assert item["value"] == 15.0
    change = item["year_on_year"]
    assert (change["before"], change["after"], change["rate"]) == (8.0, 10.0, pytest.approx(0.25))
    assert (change["enterprises"], change["dropped"]) == (1, ["e02"])


def test_a_figure_explains_itself_down_to_the_readings(admin: Web) -> None:
    answer = admin.get(f"/api/v1/figures/{energy('e01', 1).id}").json()
    assert answer["formula_words"] == "综合能源消费量"
    (part,) = answer["inputs"][0]["items"]
    assert (part["name"], part["amount"], part["unit"], part["factors"]) == ("电力", 100_000, "kWh", ["gb/e"])
    (meter,) = part["meters"]
    for link in (meter["readings"], meter["intervals"], part["link"]):
        assert admin.get(link).status_code == 200, link
    (factor,) = answer["factors"]
    assert (factor["source"], factor["why"]) == ("GB/T 2589-2020", "采用国标。")


def test_a_ratio_is_written_out_with_its_numbers_and_names_the_factors_of_its_inputs(admin: Web) -> None:
    answer = admin.get(f"/api/v1/figures/{intensity('e01').id}").json()
    assert answer["formula_words"] == "综合能源消费量 ÷ 工业增加值"
    assert answer["formula_numbers"] == "12.29 tce ÷ 500 万元 = 0.02458 tce/万元"
    assert [factor["id"] for factor in answer["factors"]] == ["gb/e"]
    assert admin.get(answer["inputs"][0]["link"]).status_code == 200


def test_an_earlier_revision_stays_readable_and_the_next_says_why(house: House, admin: Web) -> None:
    later = [energy("e01", 101_000), value_added("e01", 500.0), intensity("e01"), energy("e02", 1.0)]
    figures.publish(house.engine, OCTOBER, [*later, park_energy()], over=True, now=NOW + timedelta(days=7))
    path = f"/api/v1/figures/{energy('e01', 1).id}"
    assert admin.get(path).json()["value"] == pytest.approx(12.4129)
    assert admin.get(f"{path}?revision=1").json()["value"] == pytest.approx(12.29)
    newest, first = admin.get(f"{path}/revisions").json()["items"]
    assert (newest["revision"], first["revision"]) == (2, 1)
    assert newest["difference"] == pytest.approx(0.1229)
    (reason,) = newest["reasons"]
    assert reason["cause"] == "late_data"
    assert reason["sentence"] == "设备 e01-main 数据补到: 100,000 kWh → 101,000 kWh"


@pytest.mark.parametrize("id", ["enterprise.e99.energy.2026-10.calorific", "park.hk.nothing.2026-10", "x", "a.b.c.d"])
def test_what_is_no_figure_is_not_found(admin: Web, id: str) -> None:  # noqa: A002  # the interface's own word
    assert admin.get(f"/api/v1/figures/{id}").status_code == 404
    assert admin.get(f"/api/v1/figures/{id}/revisions").status_code == 404


def test_a_wrong_period_is_named_with_the_forms_there_are(admin: Web) -> None:
    answer = admin.get("/api/v1/intensity?period=October")
    assert answer.status_code == 422
    assert "2026-10/ytd" in answer.json()["mistakes"][0]["sentence"]


def test_an_enterprise_sees_its_own_figures_and_no_park_that_tells_of_others(as_role: AsRole) -> None:
    web = as_role("enterprise")
    own = web.get("/api/v1/intensity?period=2026-10&basis=calorific").json()
    assert (own["scope"], own["id"]) == ("enterprise", "e01")
    assert web.get(f"/api/v1/figures/{energy('e01', 1).id}").status_code == 200
    assert web.get(f"/api/v1/figures/{energy('e02', 1).id}").status_code == 404
    assert web.get(f"/api/v1/figures/{park_energy().id}").status_code == 403
    assert web.get("/api/v1/intensity?scope=park").status_code == 403
    assert web.get("/api/v1/intensity?scope=industry&id=13").status_code == 403
    assert web.get("/api/v1/closings").status_code == 403


def closed(admin: Web, **more: str) -> dict[str, object]:
    answer = admin.post("/api/v1/closings", json={"park": "hk", "term": "2026-10", **more})
    assert answer.status_code == 201, answer.text
    made: dict[str, object] = answer.json()
    return made


def test_a_closed_term_shows_later_changes_beside_what_was_reported(house: House, admin: Web) -> None:
    made = closed(admin, note="十月月报")
    assert (made["figures"], made["restated"], made["forced"]) == (6, 0, "")
    later = [energy("e01", 101_000), value_added("e01", 500.0), intensity("e01"), energy("e02", 1.0)]
    figures.publish(
        house.engine,
        OCTOBER,
        [*later, value_added("e02", 100.0), park_energy()],
        over=True,
        now=NOW + timedelta(days=7),
    )
    (item,) = admin.get("/api/v1/closings").json()["items"]
    assert item["restated"] == 1
    (pair,) = admin.get(f"/api/v1/closings/{made['id']}?restated=true").json()["items"]
    assert (pair["reported"], pair["now"]) == (pytest.approx(12.29), pytest.approx(12.4129))
    assert pair["reasons"][0]["subject"] == "e01-main"
    answer = admin.get("/api/v1/intensity?scope=enterprise&id=e01&period=2026-10&basis=calorific").json()
    assert (answer["closed"]["who"], answer["closed"]["restated"]) == ("key:admin", 1)
    reported = {one["indicator"]: one["reported"] for one in answer["items"]}
    assert reported["energy"] == {"value": pytest.approx(12.29), "revision": 1}
    assert reported["value_added"] is None


def test_closing_twice_is_refused(admin: Web) -> None:
    closed(admin)
    again = admin.post("/api/v1/closings", json={"park": "hk", "term": "2026-10"})
    assert again.status_code == 409
    assert "已于 2026-11-23 由 key:admin 结账" in again.json()["detail"]


def test_every_obstacle_is_named_and_a_reason_may_overrule_it(house: House, admin: Web) -> None:
    made = [energy("e01", 100_000), value_added("e01", None), energy("e02", 1.0)]
    flash = replace(value_added("e02", 100.0), state=State.PROVISIONAL)
    figures.publish(house.engine, OCTOBER, [*made, flash], over=True, now=NOW)
    refused = admin.post("/api/v1/closings", json={"park": "hk", "term": "2026-10"})
    assert refused.status_code == 409
    sentences = [mistake["sentence"] for mistake in refused.json()["mistakes"]]
    assert any("e01 缺 2026-10 的报表" in one for one in sentences)
    assert any("e02 的报表还是快报" in one for one in sentences)
    forced = closed(admin, force="上级催报")
    assert forced["forced"] == "上级催报"
    assert len(forced["obstacles"]) == 2  # type: ignore[arg-type]


def test_a_running_term_and_one_without_figures_are_not_closed_for_any_reason(admin: Web) -> None:
    running = admin.post("/api/v1/closings", json={"park": "hk", "term": "2026-11", "force": "急"})
    assert running.status_code == 409
    assert any("尚未结束" in one["sentence"] for one in running.json()["mistakes"])
    empty = admin.post("/api/v1/closings", json={"park": "hk", "term": "2026-09", "force": "急"})
    assert any("还没有任何指标" in one["sentence"] for one in empty.json()["mistakes"])


def test_only_who_keeps_the_accounts_closes_a_term(as_role: AsRole) -> None:
    assert as_role("viewer").post("/api/v1/closings", json={"park": "hk", "term": "2026-10"}).status_code == 403


def test_a_closed_term_is_exported_with_a_hash_over_the_file(admin: Web) -> None:
    made = closed(admin)
    answer = admin.get(f"/api/v1/closings/{made['id']}/export?form=json")
    assert answer.headers["x-content-sha256"] == hashlib.sha256(answer.content).hexdigest()
    document = json.loads(answer.content)
    assert document["digest"] == made["digest"]
    row = next(one for one in document["items"] if one["figure"] == energy("e01", 1).id)
    assert (row["factors"], row["revision"], row["measured"]) == ("gb/e 0.1229 kgce/kWh", 1, 0.98)
    table = admin.get(f"/api/v1/closings/{made['id']}/export")
    assert table.content.startswith(b"\xef\xbb\xbf")
    assert "enterprise.e01.energy.2026-10.calorific" in table.text
