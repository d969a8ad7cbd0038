"""A month's meters row by row with what stands against each, and what is held by reason."""

from collections.abc import Mapping, Sequence

from api.console.frame import Visit
from api.console.parts import link, panel, tag, text
from api.console.quality_picture import written
from api.console.tongue import MISSING, Tongue
from park.meter_quality import MeterQuality
from park.metric import metrics
from park.principal import Right
from park.reason import REASONS, WORDS, Reason


def table(visit: Visit, found: Sequence[MeterQuality], whose: Mapping[str, str], sub: str) -> None:
    """List the meters, those that lack most first."""
    t = visit.t
    keys = ["quality_collected", "quality_tile_measured", "quality_tile_estimated", "quality_tile_missing",
            "quality_lost", "quality_late", "quality_reviews"]  # fmt: skip
    if visit.who.may(Right.SEE_QUARANTINE):
        keys.append("quality_held")
    with panel(t("quality_table"), body="flush", sub=sub), tag("div", "scroll"), tag("table", "grid cards pairs"):
        with tag("thead"), tag("tr"):
            text("th", t("col_meter"), scope="col")
            for key in keys:
                text("th", t(key), "n", scope="col")
            text("th", t("quality_flagged"), scope="col")
        with tag("tbody"):
            for one in found:
                _row(visit, one, whose)


def held(visit: Visit, reasons: Mapping[str, int]) -> None:
    """Say what is held, by reason; nothing where nothing is, or whoever looks may not see it."""
    t = visit.t
    if not reasons or not visit.who.may(Right.SEE_QUARANTINE):
        return
    with panel(t("quality_held_title"), body="flush", sub=t("quality_held_sub")), tag("ul"):
        for reason, count in sorted(reasons.items(), key=lambda one: (-one[1], one[0])):
            words = WORDS[Reason(reason)] if reason in REASONS else None
            with tag("li", "held"), tag("div"):
                text("strong", t.pick(words.zh, words.en) if words else reason)
                text("p", t("quality_held_n", n=f"{count:,}"), "note")
        with tag("li", "held"):
            link(t("quality_held_open"), "/quarantine")


def _row(visit: Visit, one: MeterQuality, whose: Mapping[str, str]) -> None:
    t, meter, cover = visit.t, one.meter, one.coverage
    with tag("tr"):
        with tag("td", "name wide"):
            link(t.pick(meter.name, meter.name_en), f"/meters/{meter.id}")
            owner = "" if visit.who.enterprise is not None else f"{whose.get(meter.enterprise, meter.enterprise)} · "
            text("small", f"{owner}{meter.id}", "of")
        _figure(t("quality_collected"), _share(one.rate))
        for key in ("measured", "estimated"):
            _figure(t(f"quality_tile_{key}"), _share(None if cover is None else getattr(cover, key)))
        _figure(t("quality_tile_missing"), _share(one.missing))
        _figure(t("quality_lost"), f"{one.lost:,}")
        _figure(t("quality_late"), f"{one.late:,}")
        whole = visit.who.enterprise is None
        _figure(t("quality_reviews"), f"{one.reviews:,}", "/review" if one.reviews and whole else "")
        if visit.who.may(Right.SEE_QUARANTINE):
            held_here = sum((one.held or {}).values())
            _figure(t("quality_held"), f"{held_here:,}", "/quarantine" if held_here else "")
        with tag("td", data_label=t("quality_flagged")):
            text("span", _flags(t, one) or MISSING)


def _figure(label: str, words: str, target: str = "") -> None:
    with tag("td", "n labelled", data_label=label):
        if target:
            link(words, target)
        else:
            text("span", words)


def _share(share: float | None) -> str:
    return MISSING if share is None else f"{written(100 * share)} %"


def _flags(t: Tongue, one: MeterQuality) -> str:
    known = metrics()
    said = [
        f"{t.pick(known[metric].zh, known[metric].en)}: {t('comma').join(t(f'quality_{flag}') for flag in flags)}"
        for metric, flags in one.flagged.items()
        if metric in known
    ]
    return t("comma").join(said)
