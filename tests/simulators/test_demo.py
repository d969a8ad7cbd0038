"""The demonstration park is what the platform would find in a real one."""

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from math import sqrt

import numpy as np
import pytest

from park.admit import Admission
from park.decode import Context, decode
from park.metric import metrics
from park.place import Role
from park.quality import Quality
from park.registry_file import check, dump
from simulators.demo import demo_registry
from simulators.device import Device
from simulators.measure import KINDS
from simulators.message import history_metrics, records, single
from simulators.profile import profiles, sectors, table
from simulators.safety import BREATHS
from tests.simulators.park import DAY_MS, NOON, NOON_MS, devices, window

A_YEAR = np.concatenate([window(NOON_MS - 365 * DAY_MS, 365 * DAY_MS, 3 * DAY_MS + 7_213_000), window(NOON_MS, 3, 1)])


def test_it_has_24_enterprises_in_6_industries_and_about_150_meters() -> None:
    registry = demo_registry()
    assert len(registry.enterprises) == 24
    assert len({row["sector"] for row in table("enterprises")}) == 6
    assert 140 <= len(registry.meters) <= 170


def test_every_enterprise_has_one_boundary_electricity_meter_and_one_water_inlet() -> None:
    kinds = Counter((each.meter.enterprise, each.kind) for each in devices())
    for enterprise in demo_registry().enterprises:
        assert kinds[enterprise.id, "boundary"] == kinds[enterprise.id, "water"] == 1


def test_the_registry_passes_the_check_and_comes_back_the_same() -> None:
    checked = check(dump(demo_registry()))
    assert checked.mistakes == []
    assert checked.registry == demo_registry()


def test_the_tables_use_every_kind_profile_and_sector_and_no_other() -> None:
    rows = table("meters")
    assert {row["kind"] for row in rows} == set(KINDS)
    assert {row["profile"] for row in rows} - {""} <= set(profiles())
    assert {row["sector"] for row in table("enterprises")} == set(sectors())
    assert {name for each in devices() if each.kind == "detector" for name in each.traits} <= set(BREATHS)


def test_every_metric_belongs_to_its_meters_medium() -> None:
    for meter in demo_registry().meters:
        for name in meter.metrics:
            assert meter.medium in metrics()[name].media, f"{meter.id} {name}"


def test_names_are_written_in_both_languages_and_ids_are_unique() -> None:
    registry = demo_registry()
    assert all(each.name and each.name_en for each in registry.enterprises)
    assert all(each.name and each.name_en for each in registry.meters)
    assert len({each.name for each in registry.enterprises}) == 24
    assert len(registry.by_meter) == len(registry.meters)


@pytest.mark.parametrize("each", devices(), ids=lambda each: each.meter.id)
def test_all_it_sends_in_a_year_is_admitted_as_plausible(each: Device) -> None:
    admission = Admission(demo_registry())
    for seq, record in enumerate(records(each, A_YEAR)):
        claims = decode(single(record, seq), Context(each.meter.id, NOON))
        readings, refusals = admission.admit(claims, NOON)
        assert refusals == []
        assert all(not reading.quality & Quality.IMPLAUSIBLE for reading in readings)
        assert {reading.metric for reading in readings} <= set(each.meter.metrics)


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_platform_makes_of_raw_counts_is_what_was_measured(kind: str) -> None:
    admission = Admission(demo_registry())
    for each in (each for each in devices() if each.kind == kind):
        some = A_YEAR[::9]
        truth = KINDS[kind].measure(each, some)
        for place, record in enumerate(records(each, some)):
            readings, _ = admission.admit(decode(single(record, 1), Context(each.meter.id, NOON)), NOON)
            for reading in readings:
                true = float(truth[reading.metric][place])
                assert reading.value == pytest.approx(true, rel=2e-3, abs=0.02 if kind != "boundary" else 2.5)


def test_sub_meters_never_count_more_than_what_comes_in_and_what_the_roof_yields() -> None:
    whole: dict[str, np.ndarray[tuple[int, ...], np.dtype[np.float64]]] = {}
    parts: dict[str, list[np.ndarray[tuple[int, ...], np.dtype[np.float64]]]] = defaultdict(list)
    for each in devices():
        if each.flow is None or each.kind not in {"boundary", "sub", "pv"}:
            continue
        if each.meter.role in {Role.BOUNDARY, Role.GENERATION}:
            whole[each.meter.enterprise] = whole.get(each.meter.enterprise, 0.0) + each.flow.rate(A_YEAR)
        else:
            parts[each.meter.enterprise].append(each.flow.rate(A_YEAR))
    for enterprise, subs in parts.items():
        assert (np.sum(subs, axis=0) < whole[enterprise]).all()
        assert (np.sum(subs, axis=0) > 0.3 * whole[enterprise]).all()


@pytest.mark.parametrize("kind", ["boundary", "sub"])
def test_voltages_currents_and_power_agree(kind: str) -> None:
    for each in (each for each in devices() if each.kind == kind):
        values = KINDS[kind].measure(each, A_YEAR)
        nominal = float(each.traits["kv"]) * 1000 / sqrt(3)
        power = sum(values[f"u{phase}"] * values[f"i{phase}"] for phase in (1, 2, 3)) * values["pf"] / 1000
        assert np.allclose(power, values["p"], rtol=2e-3)
        assert (np.abs(values["u1"] / nominal - 1) < 0.07).all()
        assert ((values["pf"] >= 0.85) & (values["pf"] <= 0.98)).all(), each.meter.id
        assert np.allclose(values["q"], values["p"] * np.tan(np.arccos(values["pf"])))


def test_a_boundary_meter_carries_what_its_register_is_rated_for() -> None:
    for each in devices():
        rated = each.meter.register.rated
        if each.flow is not None and rated:
            assert float(each.flow.rate(A_YEAR).max()) <= float(rated.split()[0]), each.meter.id


def test_a_boiler_that_is_out_says_stopped_and_gives_no_value_at_reference_oxygen() -> None:
    boiler = next(each for each in devices() if each.meter.id == "e06-stack")
    at_three, at_ten = (datetime(2026, 11, 23, hour, tzinfo=UTC) for hour in (19, 2))
    night, day = (
        records(boiler, np.array([int(at.timestamp() * 1000)], dtype=np.int64))[0] for at in (at_three, at_ten)
    )
    assert night["q"] == "stopped"
    assert "nox_zs" not in night["m"]
    assert "q" not in day
    assert "nox_zs" in day["m"]


def test_history_keeps_every_register_and_every_detector() -> None:
    for each in devices():
        kept = history_metrics(each)
        assert kept
        assert set(kept) <= set(each.meter.metrics)
        assert each.kind != "detector" or kept == each.meter.metrics


def test_periods_are_those_of_real_devices() -> None:
    limits = {
        "boundary": (5, 15),
        "sub": (30, 30),
        "water": (60, 60),
        "gas": (60, 60),
        "stack": (30, 60),
        "detector": (5, 15),
    }
    for each in devices():
        low, high = limits.get(each.kind, (15, 60))
        assert timedelta(seconds=low) <= each.meter.period <= timedelta(seconds=high), each.meter.id
