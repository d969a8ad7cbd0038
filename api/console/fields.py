"""Fields to type in, of plain HTML.

What a field begins with is its attribute, not its property: the framework sets a property anew whenever anything on the
page moves, and would wipe out what somebody is typing.
"""

import json
from collections.abc import Awaitable, Callable, Mapping

from nicegui.element import Element
from nicegui.events import GenericEventArguments

from api.console.parts import tag, text

Hear = Callable[[str], Awaitable[None] | None]
VALUE = "(event) => emit(event.target.value)"
LONGEST = "200"


def typing(on_input: Hear, value: str = "", classes: str = "", **props: str) -> Element:
    """Make an input; what is typed is heard as it is typed."""
    field = tag("input", classes, autocomplete="off", **({"type": "text", "maxlength": LONGEST} | props))
    if value:
        field.props["^value"] = value
    _listen(field, "input", on_input)
    return field


def labelled(label: str, on_input: Hear, value: str = "", classes: str = "", **props: str) -> Element:
    """Make an input with its label above."""
    with tag("label", f"field {classes}"):
        text("span", label)
        return typing(on_input, value, **props)


def choosing(label: str, options: Mapping[str, str], chosen: str, on_change: Hear) -> Element:
    """Make a choice among a few."""
    with tag("label", "field"):
        text("span", label)
        with tag("select") as select:
            for key, words in options.items():
                option = text("option", words, value=key)
                if key == chosen:
                    option.props["^selected"] = True
    _listen(select, "change", on_change)
    return select


def put(field: Element, words: str) -> None:
    """Put words into a field in place of what was typed."""
    field.client.run_javascript(f"document.getElementById('c{field.id}').value = {json.dumps(words)}")


def _listen(field: Element, event: str, hear: Hear) -> None:
    async def heard(arguments: GenericEventArguments) -> None:
        result = hear(str(arguments.args))
        if result is not None:
            await result

    field.on(event, heard, js_handler=VALUE)
