"""Fields to fill in: what is typed is kept here as it is typed, and a mistake is said under the field it is about."""

from collections.abc import Iterable, Mapping

from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement

from api.console.parts import tag, text
from park.mistake import Mistake

VALUE = "(event) => emit(event.target.value)"
CHECKED = "(event) => emit(event.target.checked)"


class Form:
    """The fields of one form by name.  `values` is what they hold, as text or yes and no."""

    def __init__(self) -> None:
        self.values: dict[str, str | bool] = {}
        self._boxes: dict[str, Element] = {}
        self._told: dict[str, TextElement] = {}
        self._rest: TextElement | None = None

    def line(self, name: str, label: str, *, value: str = "", hint: str = "", kind: str = "text") -> Element:
        """Put a field for one line of text here."""
        self.values[name] = value
        with self._box(name, label):
            field = tag("input", type=kind, placeholder=hint, maxlength="400", autocomplete="off")
            field.props["^value"] = value  # the attribute: as a property it would undo what is typed at each redraw
            self._note(name)
        field.on("input", lambda event: self._keep(name, str(event.args)), js_handler=VALUE)
        return field

    def choice(self, name: str, label: str, options: Mapping[str, str], *, value: str = "") -> Element:
        """Put a choice of one of some words here."""
        self.values[name] = value or next(iter(options), "")
        with self._box(name, label):
            with tag("select") as select:
                for key, words in options.items():
                    option = text("option", words, value=key)
                    if key == self.values[name]:
                        option.props["^selected"] = True
            self._note(name)
        select.on("change", lambda event: self._keep(name, str(event.args)), js_handler=VALUE)
        return select

    def tick(self, name: str, label: str, *, value: bool = False) -> Element:
        """Put a yes or no here."""
        self.values[name] = value
        with tag("label", "tick") as box:
            field = tag("input", type="checkbox")
            if value:
                field.props["^checked"] = True
            text("span", label)
            self._note(name)
        self._boxes[name] = box
        field.on("change", lambda event: self._keep(name, bool(event.args)), js_handler=CHECKED)
        return field

    def rest_here(self) -> None:
        """Put the place here where mistakes are said that belong to no field."""
        self._rest = text("p", "", "error", role="alert")
        self._rest.set_visibility(visible=False)

    def show(self, name: str, *, visible: bool) -> None:
        """Show a field or hide it."""
        self._boxes[name].set_visibility(visible)

    def tell(self, mistakes: Iterable[Mistake], language: str, places: Mapping[str, str] | None = None) -> None:
        """Say each mistake under its field; `places` names the field of a path where they differ."""
        found: dict[str, list[str]] = {}
        for mistake in mistakes:
            name = (places or {}).get(mistake.path, mistake.path.partition("[")[0])
            found.setdefault(name if name in self._told else "", []).append(mistake.sentence(language))
        for name, note in self._told.items():
            note.set_text(" ".join(found.get(name, [])))
            note.set_visibility(name in found)
        self.say(" ".join(found.get("", [])))

    def say(self, words: str) -> None:
        """Say what belongs to no field."""
        if self._rest is not None:
            self._rest.set_text(words)
            self._rest.set_visibility(bool(words))

    def word(self, name: str) -> str:
        """Give what a field holds."""
        return str(self.values.get(name, "")).strip()

    def _keep(self, name: str, value: str | bool) -> None:  # noqa: FBT001  # what a field holds
        self.values[name] = value

    def _box(self, name: str, label: str) -> Element:
        box = tag("label", "field")
        with box:
            text("span", label)
        self._boxes[name] = box
        return box

    def _note(self, name: str) -> None:
        self._told[name] = text("span", "", "mark", role="alert")
        self._told[name].set_visibility(visible=False)
