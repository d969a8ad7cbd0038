"""The pieces pages are made of: plain elements with the sheet's classes, filled in place as values move."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from nicegui import ui
from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement

from api.console import icon
from api.console.tongue import Tongue, percent, scaled
from api.overview import Figure


def tag(name: str, classes: str = "", **props: str) -> Element:
    """Open an element of plain HTML; `props` are its attributes, `_` standing for `-`."""
    element = ui.element(name).classes(classes)
    _set(element, props)
    return element


def text(name: str, words: str = "", classes: str = "", **props: str) -> TextElement:
    """Make an element that holds text only; `set_text` sends a change, and nothing where there is none."""
    element = TextElement(tag=name, text=words).classes(classes)
    _set(element, props)
    return element


def _set(element: Element, props: Mapping[str, str]) -> None:
    for key, value in props.items():
        element.props[key.rstrip("_").replace("_", "-")] = value


def drawing(name: str) -> None:
    """Put an icon here."""
    ui.html(icon.svg(name), tag="span", sanitize=False).classes("visually-hidden" if not name else "").props(
        "aria-hidden=true"
    )


def link(words: str, target: str, classes: str = "") -> TextElement:
    """Make a link within the console."""
    return text("a", words, classes, href=target)


def button(words: str, on_click: Callable[[], Any], classes: str = "button", **props: str) -> TextElement:
    """Make a button."""
    element = text("button", words, classes, type="button", **props)
    element.on("click", lambda _: on_click())
    return element


@contextmanager
def panel(title: str, classes: str = "", *, body: str = "", sub: str = "") -> Iterator[Element]:
    """Open a panel with a heading; what is made inside goes into its body, the head is given for more."""
    with tag("section", f"panel {classes}"):
        with tag("header", "panel-head") as head:
            text("h2", title)
            if sub:
                text("span", sub, "sub")
        with tag("div", f"panel-body {body}"):
            yield head


class Tile:
    """A figure to be read across a room, with a line that says how far to trust it."""

    def __init__(self, title: str, symbol: str) -> None:
        with tag("section", "tile") as self.box:
            with tag("h2"):
                drawing(symbol)
                text("span", title)
            with tag("p", "big"):
                self.number = text("span", "—", "num")
                self.unit = text("span", "", "unit")
            self.coverage = text("p", "", "note")
            with tag("p", "note"):
                self.notes = [text("span"), text("span")]

    def show(self, number: str, unit: str, coverage: str, *notes: str) -> None:
        """Fill it in; what has not changed is not sent."""
        self.number.set_text(number)
        self.unit.set_text(unit)
        self.coverage.set_text(coverage)
        for place, note in zip(self.notes, (*notes, "", ""), strict=False):
            place.set_text(note)

    def figure(self, figure: Figure, t: Tongue, *notes: str) -> None:
        """Fill it in from a figure."""
        number, unit = scaled(figure.value, figure.unit)
        self.box.classes(**({"add": "gap"} if figure.value is None else {"remove": "gap"}))
        self.show(number, unit, coverage(figure, t), *notes)


def coverage(figure: Figure, t: Tongue) -> str:
    """Say how much of a figure was measured, or why there is none."""
    if figure.why is not None:
        return t(f"why_{figure.why}")
    return t("coverage", n=figure.coverage.meters, of=figure.coverage.of, share=percent(figure.coverage.share))


class Bars:
    """A list of names with a bar and a value each, longest first; its rows are made once and refilled.

    Ranked rows have their place before the name, which is a link; the others have their share of the whole.
    """

    def __init__(self, rows: int, label: str, *, ranked: bool) -> None:
        self._rows: list[tuple[Element, TextElement, Element, TextElement | None, TextElement, TextElement]] = []
        with tag("ol", "bars ranked" if ranked else "bars shared", aria_label=label):
            for place in range(rows):
                with tag("li") as row:
                    if ranked:
                        text("span", str(place + 1), "rank")
                    name = text("a" if ranked else "span", "", "who")
                    with tag("div", "track"):
                        fill = tag("div", "fill")
                    share = None if ranked else text("span", "", "share")
                    with tag("span", "val"):
                        value, unit = text("span"), text("span", "", "unit")
                self._rows.append((row, name, fill, share, value, unit))

    def show(self, items: list[tuple[str, str, float | None, str]]) -> None:
        """Fill in (name, link, value, unit); rows without an item are hidden."""
        whole = sum(value for _, _, value, _ in items if value is not None)
        largest = max((value for _, _, value, _ in items if value is not None), default=0.0)
        for place, (row, name, fill, share, number, mark) in enumerate(self._rows):
            row.set_visibility(place < len(items))
            if place >= len(items):
                continue
            words, target, value, unit = items[place]
            name.set_text(words)
            if name.props.get("title") != words or name.props.get("href", "") != target:
                name.props["title"] = words
                if target:
                    name.props["href"] = target
            shown, its_unit = scaled(value, unit)
            number.set_text(shown)
            mark.set_text(its_unit)
            if share is not None:
                share.set_text(percent(value / whole) if value is not None and whole > 0 else "")
            width = f"{max(value or 0.0, 0.0) / largest * 100:.0f}%" if largest > 0 else "0%"
            if fill.style.get("width") != width:
                fill.style(f"width: {width}")
