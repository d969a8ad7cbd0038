"""What each meter published, received and lacks, as the API and Prometheus tell it."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError

from adapters.relational import meter_account
from park.account import Account, Heard, step
from tests.api.conftest import NOW, AsRole, House
from tests.api.web import Web

SECOND = timedelta(seconds=1)


def account(*seqs: int) -> Account:
    return step(None, [Heard(seq, None, NOW + place * SECOND, accepted=2) for place, seq in enumerate(seqs)])


@pytest.fixture
def gappy(house: House) -> House:
    meter_account.save(house.engine, {"e01-main": account(1, 2, 5, 2), "e02-main": account(1, 2)})
    return house


def test_a_meters_account_names_what_is_missing_and_what_came_twice(gappy: House, admin: Web) -> None:
    del gappy
    assert admin.get("/api/v1/meters/e01-main/account").json() == {
        "meter": "e01-main",
        "since": "2026-11-23T08:00:00+08:00",
        "heard_at": "2026-11-23T08:00:03+08:00",
        "published": 5, "missing": 2, "received": 3, "unnumbered": 0, "duplicates": 1, "restarts": 0, "held": 0,
        "accepted": 6, "refused": 0, "stored": 6,
        "gaps": [
            {
                "first": 3, "last": 4, "missing": 2,
                "before": "2026-11-23T08:00:01+08:00", "after": "2026-11-23T08:00:02+08:00",
            }
        ],
        "unlisted": 0,
        "doubles": [
            {"first": 2, "last": 2, "since": "2026-11-23T08:00:03+08:00", "until": "2026-11-23T08:00:03+08:00"}
        ],
    }  # fmt: skip


def test_a_meter_that_was_never_heard_has_published_nothing_since_no_time(gappy: House, admin: Web) -> None:
    del gappy
    told = admin.get("/api/v1/meters/e01-water/account").json()
    assert (told["since"], told["heard_at"], told["published"], told["gaps"]) == (None, None, 0, [])


def test_gaps_that_are_no_longer_listed_are_still_counted(house: House, admin: Web) -> None:
    meter_account.save(house.engine, {"e01-main": account(*range(0, 200, 2))})
    told = admin.get("/api/v1/meters/e01-main/account").json()
    assert (told["missing"], len(told["gaps"]), told["unlisted"]) == (99, 50, 49)


def test_accounts_are_listed_by_meter_and_by_whether_something_is_missing(gappy: House, admin: Web) -> None:
    del gappy

    def listed(query: str = "") -> list[str]:
        return [item["meter"] for item in admin.get(f"/api/v1/accounts{query}").json()["items"]]

    assert listed() == ["e01-main", "e01-water", "e02-main"]
    assert listed("?gaps=true") == ["e01-main"]
    assert listed("?gaps=false") == ["e01-water", "e02-main"]
    assert listed("?enterprise=e02") == ["e02-main"]
    first = admin.get("/api/v1/accounts?limit=2").json()
    assert listed(f"?limit=2&cursor={first['next']}") == ["e02-main"]


def test_the_accounts_are_added_up(gappy: House, admin: Web) -> None:
    del gappy
    told = admin.get("/api/v1/accounts/summary").json()
    assert (told["published"], told["received"], told["missing"]) == (7, 5, 2)
    assert (told["meters"], told["meters_with_gaps"]) == (3, 1)
    assert admin.get("/api/v1/accounts/summary?enterprise=e02").json()["missing"] == 0


def test_an_enterprise_reads_its_own_accounts_only(gappy: House, as_role: AsRole) -> None:
    meter_account.save(gappy.engine, {"e02-main": account(1, 9)})
    web = as_role("enterprise")
    assert web.get("/api/v1/accounts/summary").json()["missing"] == 2
    assert [item["meter"] for item in web.get("/api/v1/accounts").json()["items"]] == ["e01-main", "e01-water"]
    theirs, nowhere = (web.get(f"/api/v1/meters/{name}/account") for name in ("e02-main", "e99-main"))
    assert theirs.status_code == nowhere.status_code == 404
    assert theirs.text.replace("e02-main", "e99-main") == nowhere.text
    for path in ("accounts", "accounts/summary"):
        assert web.get(f"/api/v1/{path}?enterprise=e02").status_code == 404


def test_prometheus_gets_the_sums_and_by_meter_only_those_that_lack_something(gappy: House, admin: Web) -> None:
    del gappy
    told = admin.get("/metrics").text
    assert "smartpark_account_missing 2.0\n" in told
    assert "smartpark_account_received_total 5.0\n" in told
    assert "smartpark_account_duplicates_total 1.0\n" in told
    assert "smartpark_account_meters_with_gaps 1.0\n" in told
    assert 'smartpark_account_meter_missing{meter="e01-main"} 2.0\n' in told
    assert 'meter="e02-main"' not in told


def test_prometheus_gets_the_rest_while_the_database_is_away(
    gappy: House, admin: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    del gappy

    def away(*_: object) -> None:
        raise OperationalError("select", {}, Exception("gone"))

    monkeypatch.setattr(meter_account, "totals", away)
    told = admin.get("/metrics").text
    assert "smartpark_account" not in told
    assert "smartpark_api_live_connected" in told
