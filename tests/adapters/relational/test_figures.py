"""Figures and closings as both databases keep them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from adapters.relational import closings, figures
from adapters.relational.refusal import Refused
from park.closing import Obstacle
from park.coverage import WHOLE
from park.factor import Basis
from park.figure import Figure, Input, Item, Kind, Metered, Scope, State
from park.term import Span, read

NOW = datetime(2026, 11, 5, tzinfo=UTC)
OCTOBER = read("2026-10")


def a_figure(value: float | None = 12.29, **changes: object) -> Figure:
    item = Item(Kind.CARRIER, "electricity", value, WHOLE, 100_000.0, "kWh", meters=(Metered("m", 100_000.0, WHOLE),))
    figure = Figure(
        scope=Scope.ENTERPRISE,
        subject="e01",
        indicator="energy",
        term=OCTOBER,
        basis=Basis.CALORIFIC,
        value=value,
        unit="tce",
        formula="energy",
        coverage=WHOLE,
        state=State.FINAL,
        inputs=(Input("energy", value, "tce", WHOLE, (item,)),),
        policy=0,
        park="hk",
    )
    return replace(figure, **changes)  # type: ignore[arg-type]


def test_a_figure_comes_back_as_it_was_said(engine: Engine) -> None:
    figures.publish(engine, OCTOBER, [a_figure()], over=True, now=NOW)
    (kept,) = figures.revisions(engine, a_figure().id)
    assert kept == figures.Revision(a_figure(), 1, NOW, ())


def test_saying_the_same_again_makes_no_revision_and_another_value_does_with_its_reason(engine: Engine) -> None:
    figures.publish(engine, OCTOBER, [a_figure()], over=True, now=NOW)
    figures.publish(engine, OCTOBER, [a_figure(12.29 + 1e-12)], over=True, now=NOW)
    assert len(figures.revisions(engine, a_figure().id)) == 1
    figures.publish(engine, OCTOBER, [a_figure(13.0)], over=True, now=NOW + timedelta(days=1))
    newest, first = figures.revisions(engine, a_figure().id)
    assert (newest.revision, newest.figure.value, first.figure.value) == (2, 13.0, 12.29)
    assert newest.reasons
    assert figures.one(engine, a_figure().id, 1) == first
    assert figures.at_time(engine, a_figure().id, NOW) == first


def test_what_is_not_made_any_more_is_taken_back_with_a_revision(engine: Engine) -> None:
    figures.publish(engine, OCTOBER, [a_figure()], over=True, now=NOW)
    for _ in range(2):
        figures.publish(engine, OCTOBER, [], over=True, now=NOW)
    newest, _ = figures.revisions(engine, a_figure().id)
    assert newest.figure.value is None
    assert newest.figure.why == figures.GONE


def test_a_published_revision_cannot_be_changed_or_deleted_and_a_running_one_can(engine: Engine) -> None:
    figures.publish(engine, OCTOBER, [a_figure()], over=False, now=NOW)
    figures.publish(engine, OCTOBER, [a_figure(13.0)], over=False, now=NOW)
    assert [one.revision for one in figures.revisions(engine, a_figure().id)] == [0]
    figures.publish(engine, OCTOBER, [a_figure(13.0)], over=True, now=NOW)
    assert [one.revision for one in figures.revisions(engine, a_figure().id)] == [1]
    for statement in ("UPDATE figure_revision SET value = 1", "DELETE FROM figure_revision"):
        with pytest.raises(IntegrityError, match="append-only"), engine.begin() as connection:
            connection.execute(text(statement))


def test_a_closing_keeps_what_stood_and_shows_what_became_of_it(engine: Engine) -> None:
    figures.publish(engine, OCTOBER, [a_figure()], over=True, now=NOW)
    forced = (Obstacle("flash", "快报", "flash"),)
    made = closings.close(
        engine, park="hk", term=OCTOBER, who="王丽", now=NOW, note="十月", forced="上级催报", obstacles=forced
    )
    assert closings.find(engine, made.id) == made
    assert closings.of_term(engine, "hk", OCTOBER) == made
    assert closings.listing(engine, ["hk"]) == [made]
    assert closings.pairs(engine, made.id, restated=True) == []
    figures.publish(engine, OCTOBER, [a_figure(13.0)], over=True, now=NOW + timedelta(days=9))
    (pair,) = closings.pairs(engine, made.id)
    assert pair.restated
    assert (pair.frozen.figure.value, pair.now.figure.value) == (12.29, 13.0)


def test_a_term_is_closed_once(engine: Engine) -> None:
    figures.publish(engine, OCTOBER, [a_figure()], over=True, now=NOW)
    closings.close(engine, park="hk", term=OCTOBER, who="王丽", now=NOW)
    with pytest.raises(Refused, match="was closed on 2026-11-05 by 王丽"):
        closings.close(engine, park="hk", term=OCTOBER, who="李强", now=NOW)


def test_figures_are_found_by_terms_scopes_subjects_and_bases(engine: Engine) -> None:
    other = a_figure(1.0, indicator="co2", basis=None)
    figures.publish(engine, OCTOBER, [a_figure(), other], over=True, now=NOW)
    assert {one.indicator for one in figures.current(engine, term=OCTOBER, basis=Basis.CALORIFIC)} == {"co2", "energy"}
    assert {one.indicator for one in figures.current(engine, term=OCTOBER, basis=Basis.EQUIVALENT)} == {"co2"}
    assert figures.current(engine, term=OCTOBER, ids=["e02"]) == []
    assert figures.published_terms(engine) == {"2026-10"}
    assert OCTOBER.span is Span.MONTH
