"""Checking one thing that is put into the registry, by the same rules as a whole registry file."""

from collections.abc import Mapping

from api.mistake import Mistake
from api.problem import Problem
from park import registry_file
from park.place import Enterprise, Meter, Park
from park.registry import Registry
from park.registry_dump import enterprise as dump_enterprise
from park.registry_dump import park as dump_park

Document = Mapping[str, object]
EMPTY: object = None
NOTHING: tuple[object, ...] = (None, "", [], {})


def check_meter(registry: Registry, document: Document, lang: str) -> Meter:
    """Read a meter as the registry file has it.  Raises Problem with every mistake."""
    places = [dump_enterprise(each) for each in registry.enterprises]
    return _checked(registry, {"enterprises": places, "meters": [document]}, "meters[0]", lang).meters[0]


def check_enterprise(registry: Registry, document: Document, lang: str) -> Enterprise:
    """Read an enterprise as the registry file has it.  Raises Problem with every mistake."""
    return _checked(registry, {"enterprises": [document]}, "enterprises[0]", lang).enterprises[0]


def check_park(document: Document, lang: str) -> Park:
    """Read a park as the registry file has it.  Raises Problem with every mistake."""
    return _checked(Registry(), {"park": document}, "park", lang).parks[0]


def with_id(document: Document, number: str, *, ignored: tuple[str, ...] = ()) -> Document:
    """Give the document the id of its address.  Keys that an answer adds are `ignored`.  Raises Problem."""
    given = {key: _filled(value) for key, value in document.items() if key not in ignored and _filled(value) != EMPTY}
    if given.get("id", number) != number:
        mistake = Mistake(path="body.id", sentence=f"id: {given['id']!s:.64} ≠ {number}")
        raise Problem("mistakes", mistakes=[mistake], count=1)
    return {"id": number} | given


def _filled(value: object) -> object:
    """Leave out what an answer writes for nothing (null, empty), so that what GET gives, PUT takes."""
    if isinstance(value, dict):
        value = {key: inner for key, inner in value.items() if inner not in NOTHING}
    return EMPTY if value in NOTHING else value


def _checked(registry: Registry, document: Document, place: str, lang: str) -> Registry:
    parks = [dump_park(each) for each in registry.parks]
    head = {"park": parks[0]} if len(parks) == 1 else {"parks": parks}
    checked = registry_file.check(dict(document) if "park" in document else head | dict(document))
    if checked.registry is None:
        mistakes = [
            Mistake(path=_path(mistake.path, place), sentence=mistake.sentence(lang)) for mistake in checked.mistakes
        ]
        raise Problem("mistakes", mistakes=mistakes, count=len(mistakes))
    return checked.registry


def _path(path: str, place: str) -> str:
    """Say the place as the sender knows it: body.metrics[1], not meters[0].metrics[1]."""
    return "body" + path.removeprefix(place) if path.startswith(place) else path
