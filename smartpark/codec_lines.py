"""What a message would come to, as lines for a person and as data for a program."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from park.metric import metrics
from park.quality import names
from park.reading import Refusal
from park.reason import sentence
from park.trial import Spoken, Told
from smartpark.mistake_lines import many
from smartpark.opening import Opening

PRECISE = 12
"""Digits shown of a value: a conversion leaves rounding behind them."""


def lines(opening: Opening, number: int, topic: str, told: Told) -> Iterator[str]:
    """Give a head, a line a claim, and a sentence for each reason against it."""
    head = opening.say(f"第 {number} 条", f"message {number}")
    codec = f"  {told.codec}" if told.codec else ""
    seq = f"  seq {told.seq}" if told.seq is not None else ""
    yield f"{head}{codec}{seq}{f'  {topic}' if topic else ''}"
    if told.refusal is not None:
        yield f"! {told.refusal.reason}: {_why(opening, told.refusal)}"
        return
    zone = ZoneInfo(opening.settings.timezone)
    rows = [_cells(each, zone) for each in told.spoken]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)] if rows else []
    for each, row in zip(told.spoken, rows, strict=True):
        yield "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        if each.refusal is not None:
            yield f"! {each.refusal.reason}: {_why(opening, each.refusal)}"
    for remark in told.remarks:
        yield opening.say(f"  注: {remark}", f"  note: {remark}")
    count, bad = len(told.spoken), sum(each.refusal is not None for each in told.spoken)
    if not count:
        yield opening.say("  没有任何测量值。", "  It claims nothing.")
    elif bad:
        yield opening.say(f"  {count} 个值, {bad} 个不会存入。", f"  {many(count, 'value')}, {bad} not let in.")
    else:
        yield opening.say(f"  {count} 个值, 全部存入。", f"  {many(count, 'value')}, all let in.")


def plain(told: Told) -> dict[str, object]:
    """Give it for a program to read."""
    return {
        "ok": told.well,
        "codec": told.codec,
        "seq": told.seq,
        "remarks": list(told.remarks),
        "refusal": None if told.refusal is None else _refusal(told.refusal),
        "values": [_spoken(each) for each in told.spoken],
    }


def _cells(each: Spoken, zone: ZoneInfo) -> tuple[str, ...]:
    claim, reading = each.claim, each.reading
    said = f"{claim.value:.{PRECISE}g}{f' {claim.unit}' if claim.unit else ''}"
    kept = f"→ {reading.value:.{PRECISE}g} {metrics()[reading.metric].unit}" if reading is not None else "✗"
    quality = claim.quality if reading is None else reading.quality
    here = claim.at.astimezone(zone)
    return (
        claim.meter,
        claim.metric,
        said,
        kept,
        claim.at.isoformat(),
        f"({here:%Y-%m-%d %H:%M:%S})",
        "|".join(names(quality)),
    )


def _spoken(each: Spoken) -> dict[str, object]:
    claim, reading = each.claim, each.reading
    return {
        "meter": claim.meter,
        "metric": claim.metric,
        "said": {"value": claim.value, "unit": claim.unit},
        "value": None if reading is None else reading.value,
        "unit": None if reading is None else metrics()[reading.metric].unit,
        "at": claim.at,
        "quality": list(names(claim.quality if reading is None else reading.quality)),
        "refusal": None if each.refusal is None else _refusal(each.refusal),
    }


def _refusal(refusal: Refusal) -> dict[str, str]:
    reason, subject = refusal
    return {
        "reason": str(reason),
        "subject": subject,
        "zh": sentence(reason, subject, "zh"),
        "en": sentence(reason, subject, "en"),
    }


def _why(opening: Opening, refusal: Refusal) -> str:
    return sentence(refusal.reason, refusal.subject, opening.settings.language)
