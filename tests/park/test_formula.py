"""Formulas over meters: read, written out and made into sums; whatever is none is told with its place."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.formula import FormulaMistaken, Minus, Name, Number, Pair, Tree, linear, names, write
from park.formula_reader import DEEPEST, LONGEST, MOST_PARTS, read
from park.mistake import Mistake

numbers = st.builds(
    Number, st.decimals(min_value=0, max_value=1000, places=2, allow_nan=False, allow_infinity=False), st.booleans()
)
ids = st.builds(Name, st.from_regex(r"[a-z0-9_-]{1,12}", fullmatch=True))
trees: st.SearchStrategy[Tree] = st.recursive(
    numbers | ids,
    lambda inner: st.builds(Minus, inner) | st.builds(Pair, st.sampled_from("+-*/"), inner, inner),
    max_leaves=8,
)
few = st.sampled_from(["a", "b", "c"])
sums = st.recursive(
    few,
    lambda inner: (
        st.tuples(inner, st.sampled_from(["+", "-"]), inner).map(lambda part: f"({part[0]} {part[1]} {part[2]})")
        | st.tuples(inner, st.integers(1, 9)).map(lambda part: f"{part[1]} * {part[0]}")
        | st.tuples(inner, st.integers(1, 9)).map(lambda part: f"({part[0]} / {part[1]})")
        | inner.map(lambda part: f"-{part}")
    ),
    max_leaves=10,
)

READS = [
    ("a sum is read from left to right", "a + b - 0.35 * c", {"a": "1", "b": "1", "c": "-7/20"}),
    ("a share is a hundredth", "30 % * a", {"a": "3/10"}),
    ("parentheses hold together", "(a + b) / 4", {"a": "1/4", "b": "1/4"}),
    ("a minus between letters is part of an id", "e01-main", {"e01-main": "1"}),
    ("a minus beside a space is a minus", "a -b", {"a": "1", "b": "-1"}),
    ("a minus before a space is a minus", "a- b", {"a": "1", "b": "-1"}),
    ("an id may begin with a digit", "2 * 3a", {"3a": "2"}),
    ("an id of digits stands in backquotes", "`1001` + a", {"1001": "1", "a": "1"}),
    ("an id with a minus at its end stands in backquotes", "`a-` - a", {"a-": "1", "a": "-1"}),
    ("a meter named twice counts twice", "a + a", {"a": "2"}),
    ("what cancels out is not there", "a + b - a", {"b": "1"}),
    ("signs of a Chinese keyboard are signs", "（a＋b）×2÷5", {"a": "2/5", "b": "2/5"}),
    ("a full-width minus is always a minus", "a－b", {"a": "1", "b": "-1"}),
    ("two minuses undo each other", "--a", {"a": "1"}),
]

REFUSES = [
    ("nothing is no formula", "", "formula:1", "没有写完", "missing"),
    ("a formula does not end with a sign", "a +", "formula:4", "没有写完", "ends here"),
    ("a number alone is no amount", "a + 5", "formula:1", "单独的数字", "a number alone"),
    ("meters are not multiplied", "a * b", "formula:3", "不能相乘", "cannot be multiplied"),
    ("nothing is divided by a meter", "3 / a", "formula:3", "不能除以设备", "not a meter"),
    ("nothing is divided by nought", "a / (1 - 1)", "formula:3", "不能除以 0", "divided by 0"),
    ("two meters need a sign between them", "a b", "formula:3", "缺少 + - * 或 /", "missing before 'b'"),
    ("a parenthesis is closed", "(a + b", "formula:1", "没有合上", "never closed"),
    ("a parenthesis is opened", "a + b)", "formula:6", "右括号", "closes none"),
    ("per cent is of a number", "a % + b", "formula:3", "% 只能", "30 %"),
    ("no function is called", "abs(a)", "formula:4", "缺少", "missing before '('"),
    ("nothing is looked up in an object", "a.b", "formula:2", "不能出现", "cannot stand"),
    ("ids are in lower case", "E01-main + b", "formula:1", "e01-main", "e01-main"),
    ("a backquote has another", "`a + b", "formula:1", "反引号", "backquote"),
    ("what is left must be a meter", "a - a", "formula:1", "相互抵消", "no meter is left"),
    ("it has a length", "a" * (LONGEST + 1), f"formula:{LONGEST}", "过长", "may have"),
    ("it has a depth", "(" * (DEEPEST + 1) + "a", f"formula:{DEEPEST + 1}", "嵌套", "nested"),
    ("it has so many parts", " + ".join("a" * (MOST_PARTS + 1)), f"formula:{4 * MOST_PARTS + 1}", "多于", "more than"),
]


@pytest.mark.parametrize(("text", "terms"), [row[1:] for row in READS], ids=[row[0] for row in READS])
def test_a_formula_is_a_sum_of_meters_times_numbers(text: str, terms: dict[str, str]) -> None:
    assert linear(read(text)) == {name: Fraction(times) for name, times in terms.items()}


@pytest.mark.parametrize(("text", "place", "zh", "en"), [row[1:] for row in REFUSES], ids=[row[0] for row in REFUSES])
def test_what_is_no_formula_is_told_with_its_place_in_both_languages(text: str, place: str, zh: str, en: str) -> None:
    with pytest.raises(FormulaMistaken) as refused:
        linear(read(text))
    (mistake,) = refused.value.mistakes
    assert mistake.path == place
    assert zh in mistake.zh
    assert en in mistake.en


def test_every_letter_that_cannot_be_read_is_named_at_once() -> None:
    with pytest.raises(FormulaMistaken) as refused:
        read("a ! b ^ C")
    assert [mistake.path for mistake in refused.value.mistakes] == ["formula:3", "formula:7", "formula:9"]


def test_names_are_given_as_often_as_they_stand_there_and_where() -> None:
    assert [(name.id, name.at) for name in names(read("a + 2 * (b - a)"))] == [("a", 1), ("b", 10), ("a", 14)]


@given(trees)
def test_what_is_written_out_reads_back_as_the_same(tree: Tree) -> None:
    assert read(write(tree)) == tree


@given(st.text(max_size=60) | st.text("ab1-+*/()%`. ", max_size=40))
def test_no_text_whatever_raises_anything_but_the_one_error(text: str) -> None:
    terms, mistakes = _said(text)
    assert bool(terms) != bool(mistakes)
    assert all(mistake.zh and mistake.en and mistake.path.startswith("formula:") for mistake in mistakes)


@given(sums, st.tuples(*[st.integers(-1000, 1000)] * 3))
def test_a_sum_is_worth_what_arithmetic_gives(text: str, amounts: tuple[int, int, int]) -> None:
    """Each name is put in its place, and exact fractions do the rest; one that says nothing is worth nothing."""
    known = dict(zip("abc", map(Fraction, amounts), strict=True))
    terms, _ = _said(text)
    assert sum(times * known[name] for name, times in terms.items()) == _worth(read(text), known)


def test_shares_are_exact_and_do_not_drift() -> None:
    assert Number(Decimal("0.1"), share=True).value == Fraction(1, 1000)


def _worth(tree: Tree, amounts: dict[str, Fraction]) -> Fraction:
    match tree:
        case Number():
            return tree.value
        case Name():
            return amounts[tree.id]
        case Minus():
            return -_worth(tree.of, amounts)
    left, right = _worth(tree.left, amounts), _worth(tree.right, amounts)
    return {"+": lambda: left + right, "-": lambda: left - right, "*": lambda: left * right, "/": lambda: left / right}[
        tree.sign
    ]()


def _said(text: str) -> tuple[dict[str, Fraction], tuple[Mistake, ...]]:
    try:
        return linear(read(text)), ()
    except FormulaMistaken as error:
        return {}, error.mistakes
