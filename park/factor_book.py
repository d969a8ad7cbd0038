"""Which factor applies to a term: the latest data year that is not later than the term's, and was published by then.

Errors:
    NoFactor    nothing applies; says for what, and how to mend it.  Nothing is ever taken as 0 instead.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from park.factor import NATIONAL, REGIONS, Factor, Purpose, last_day
from park.factor_table import keys, sets, shipped
from park.policy import Policy
from park.term import Term
from park.window import SITE

ELECTRICITY = "electricity"
STEAM = "steam"
PURPOSES = {
    Purpose.CALORIFIC: ("折标准煤系数 (当量值)", "standard coal factor (calorific)"),
    Purpose.EQUIVALENT: ("折标准煤系数 (等价值)", "standard coal factor (equivalent)"),
    Purpose.CARBON: ("二氧化碳排放因子", "CO2 factor"),
    Purpose.CARBON_MARKET: ("二氧化碳排放因子 (市场法)", "CO2 factor (market-based)"),
    Purpose.HEAT: ("热焓", "heat content"),
}
MEND = ("请在“折标与排放因子”中录入有依据的因子", "enter one with its evidence under “Factors”")
MEND_STEAM = (
    "请录入蒸汽的压力与温度 (按焓值折算), 或在园区政策中采用旧版因子集 gb2589-2008",
    "enter the steam's pressure and temperature, or let the policy take the superseded set gb2589-2008",
)


@dataclass(frozen=True, slots=True)
class Selected:
    """A factor, and why it is this one."""

    factor: Factor
    zh: str
    en: str

    def sentence(self, language: str = "zh") -> str:
        """Say why in one language."""
        return self.zh if language == "zh" else self.en


class NoFactor(Exception):
    """No factor applies."""

    def __init__(self, key: str, purpose: Purpose, zh: str, en: str) -> None:
        super().__init__(en)
        self.key = key
        self.purpose = purpose
        self.zh = zh
        self.en = en

    def sentence(self, language: str = "zh") -> str:
        """Say it in one language."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Question:
    """What a factor is wanted for."""

    key: str
    purpose: Purpose
    policy: Policy
    term: Term
    day: date
    """The local day the figure is made on: what was not published by then is not known."""
    enterprise: str | None


class FactorBook:
    """The factors there are: those shipped, and those people added."""

    def __init__(self, own: Iterable[Factor] = (), *, base: Iterable[Factor] | None = None) -> None:
        self.factors: tuple[Factor, ...] = (*(shipped() if base is None else base), *own)
        self._by: dict[tuple[str, Purpose], list[Factor]] = {}
        for factor in self.factors:
            self._by.setdefault((factor.key, factor.purpose), []).append(factor)
        self._owners = {factor.enterprise for factor in self.factors}
        self._answers: dict[Question, Selected | NoFactor] = {}

    def select(
        self, key: str, purpose: Purpose, *, policy: Policy, term: Term, as_of: datetime, enterprise: str | None = None
    ) -> Selected:
        """Give the factor that applies, with the reason.  Raises NoFactor.

        The equivalent value of anything but electricity is its calorific one unless somebody entered another.
        """
        owner = enterprise if enterprise in self._owners else None  # all others share their answers
        question = Question(key, purpose, policy, term, as_of.astimezone(SITE).date(), owner)
        answer = self._answers.get(question)
        if answer is None:
            answer = self._answers[question] = self._answer(question)
        if isinstance(answer, NoFactor):
            raise NoFactor(answer.key, answer.purpose, answer.zh, answer.en)
        return answer

    def _answer(self, question: Question) -> Selected | NoFactor:
        found = [one for one in self._by.get((question.key, question.purpose), ()) if _open(one, question)]
        usable = [one for one in found if _obstacle(one, question) is None]
        for tier in _tiers(question):
            fitting = [one for one in usable if tier(one)]
            if fitting:
                return _because(max(fitting, key=_newness), question)
        if question.purpose is Purpose.EQUIVALENT and question.key != ELECTRICITY:
            heat = self._answer(replace(question, purpose=Purpose.CALORIFIC))
            if isinstance(heat, Selected):
                return heat
        return _gap(found, question)


def _open(factor: Factor, question: Question) -> bool:
    """Tell whether a factor is anything to the one who asks: another's own does not exist for it."""
    if factor.enterprise is not None:
        return factor.enterprise == question.enterprise
    return factor.park is None or factor.park == question.policy.park


def _tiers(question: Question) -> Iterator[Callable[[Factor], bool]]:
    """Give what goes before what: the enterprise's own, the park's own, then everybody's by region."""
    yield lambda one: one.enterprise is not None
    yield lambda one: one.park is not None
    for region in _regions(question):
        yield lambda one, region=region: not one.own and one.region == region  # type: ignore[misc]


def _regions(question: Question) -> tuple[str, ...]:
    """Give the regions to look in: only the grid's average differs by region so much that the policy must say."""
    if question.key == ELECTRICITY and question.purpose is Purpose.CARBON:
        return question.policy.regions
    return tuple(dict.fromkeys((*question.policy.regions, NATIONAL)))


def _newness(factor: Factor) -> tuple[int, date, date, str]:
    return (factor.data_year or 0, factor.valid_from or date.min, factor.published, factor.id)


def _obstacle(factor: Factor, question: Question) -> tuple[str, str] | None:
    """Say what keeps a factor from being used; None where nothing does."""
    term, day = question.term, question.day
    if not factor.own and factor.set not in question.policy.sets:
        zh, en = _set_name(factor)
        return (f"园区政策未采用因子集“{zh}”", f"the park's policy does not take the set “{en}”")
    if factor.data_year is not None and factor.data_year > term.year:
        return (
            f"{factor.data_year} 年的数据晚于 {term.year} 年",
            f"data of {factor.data_year} are later than {term.year}",
        )
    if not factor.known(day):
        return (f"{factor.published} 才发布", f"published only on {factor.published}")
    if not factor.valid_in(term):
        span = f"{factor.valid_from or '…'} – {factor.valid_to or '…'}"
        return (f"有效期 {span} 不含 {last_day(term)}", f"valid {span}, without {last_day(term)}")
    if not factor.own and factor.region not in _regions(question):
        zh, en = REGIONS.get(factor.region, (factor.region, factor.region))
        return (f"只有{zh}的因子, 政策不允许改用", f"only {en} has one, which the policy does not allow")
    return None


def _because(factor: Factor, question: Question) -> Selected:
    """Say why it is this factor."""
    if factor.own:
        zh, en = ("企业", "enterprise") if factor.enterprise is not None else ("园区", "park")
        return Selected(
            factor,
            f"采用{zh}自有因子 (依据: {factor.source}), 优先于通用因子。",
            f"The {en}'s own factor goes before the general ones (evidence: {factor.source}).",
        )
    zh, en = REGIONS.get(factor.region, (factor.region, factor.region))
    set_zh, set_en = _set_name(factor)
    if factor.data_year is None:
        return Selected(factor, f"采用 {set_zh} 的取值, 与年份无关。", f"Taken from {set_en}; it belongs to no year.")
    wider_zh = wider_en = ""
    first = _regions(question)[0]
    if factor.region != first and question.key == ELECTRICITY and question.purpose is Purpose.CARBON:
        first_zh, first_en = REGIONS.get(first, (first, first))
        wider_zh = f"{first_zh}没有可用因子, 按政策改用{zh}; "
        wider_en = f"{first_en} has no factor that applies, so the policy takes the wider grid; "
    return Selected(
        factor,
        f"{wider_zh}采用 {set_zh} {zh} {factor.data_year} 年数据 ({factor.published} 发布): "
        f"截至 {question.day} 已发布、且不晚于 {question.term.year} 年的最新一年。",
        f"{wider_en}{set_en}, {en}, data of {factor.data_year} (published {factor.published}): "
        f"the latest year not after {question.term.year} that was out by {question.day}.",
    )


def _set_name(factor: Factor) -> tuple[str, str]:
    found = sets().get(factor.set)
    return (found.zh, found.en) if found is not None else (factor.set, factor.set)


def _gap(found: Sequence[Factor], question: Question) -> NoFactor:
    """Say what is missing, what there is instead and why that will not do, and how to mend it."""
    key = keys().get(question.key)
    zh, en = (key.zh, key.en) if key else (question.key, question.key)
    zh_purpose, en_purpose = PURPOSES[question.purpose]
    regions = [REGIONS.get(name, (name, name)) for name in _regions(question)]
    zh_where, en_where = "、".join(one for one, _ in regions), ", ".join(one for _, one in regions)
    first = min(found, key=_newness, default=None)  # of a series of years the earliest tells all
    obstacles = [obstacle for one in found if (obstacle := _obstacle(one, question)) is not None]
    if first is not None and first.data_year is not None and first.data_year > question.term.year:
        obstacles = [
            (f"已有数据最早为 {first.data_year} 年", f"the earliest data there are belong to {first.data_year}")
        ]
    zh_rest = "; ".join(dict.fromkeys(one for one, _ in obstacles))
    en_rest = "; ".join(dict.fromkeys(one for _, one in obstacles))
    zh_mend, en_mend = MEND_STEAM if question.key == STEAM else MEND
    return NoFactor(
        question.key,
        question.purpose,
        f"{zh}在 {question.term} ({zh_where}) 没有可用的{zh_purpose}{': ' if zh_rest else ''}{zh_rest}; {zh_mend}。",
        f"{en} has no {en_purpose} for {question.term} ({en_where}){': ' if en_rest else ''}{en_rest}; {en_mend}.",
    )
