"""Who belongs to a cohort: reading it from a document, and deciding it for one enterprise."""

from park.evaluation.quantity import Quantity
from park.evaluation.said import Said, plain
from park.evaluation.scheme import YEAR, Cohort, Members
from park.evaluation.scheme_item import amount
from park.registry_notes import Notes, join

KEYS = ("revenue_at_least", "industries", "listed")


def read_members(notes: Notes, path: str, value: object) -> Members:
    """Read the conditions; an empty mapping takes whoever is left."""
    given = notes.mapping(path, value, KEYS, ())
    least = None
    if "revenue_at_least" in given:
        least = amount(notes, join(path, "revenue_at_least"), given["revenue_at_least"], 0)
    lists = {
        key: tuple(
            notes.text(f"{join(path, key)}[{place}]", word) or ""
            for place, word in enumerate(notes.items(join(path, key), given.get(key)))
        )
        for key in ("industries", "listed")
    }
    return Members(least, **lists)


def belongs(
    cohort: Cohort, enterprise: str, industry: str, revenue: Quantity | None, months: int
) -> tuple[bool | None, Said]:
    """Tell whether an enterprise belongs to a cohort and why; None where the revenue it hangs on is not known.

    A threshold of a year is held against a shorter term by its share of the year.
    """
    members = cohort.members
    if members.listed and enterprise in members.listed:
        return True, Said("在名单中", "it is listed")
    if members.listed and not members.industries and members.revenue_at_least is None:
        return False, Said("不在名单中", "it is not listed")
    if members.industries and not industry.lstrip("ABCDEFGHIJKLMNOPQRST").startswith(members.industries):
        return False, Said(f"行业 {industry or '—'} 不属此组", f"industry {industry or '—'} is not of it")
    if members.revenue_at_least is None:
        return True, Said("归入此组", "it belongs here")
    least = members.revenue_at_least * months / YEAR
    if revenue is None or revenue.value is None:
        why = (revenue or Quantity(None)).lack()
        return None, Said(f"营业收入: {why.zh}, 无法分组", f"revenue: {why.en}, so its cohort is not known")
    share_zh, share_en = (f" (按 {months} 个月折算)", f" (for {months} months)") if months != YEAR else ("", "")
    sign = "≥" if revenue.value >= least else "<"
    shown = f"{plain(revenue.value)} {sign} {plain(least)}"
    return revenue.value >= least, Said(f"营业收入 {shown} 万元{share_zh}", f"revenue {shown} 万元{share_en}")
