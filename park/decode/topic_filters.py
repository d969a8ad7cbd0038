"""The topic filters on which a meter speaks outside the contract: one, or a list."""

from collections.abc import Mapping

from park.decode.names import check_filter
from park.registry_notes import Notes, join

KEY = "topic"


def filters_of(options: Mapping[str, object]) -> tuple[str, ...]:
    """Give the filters of what the registry's check has let pass."""
    given = options.get(KEY)
    if given is None:
        return ()
    return tuple(map(str, given)) if isinstance(given, list | tuple) else (str(given),)


def check_filters(notes: Notes, path: str, options: Mapping[str, object]) -> None:
    """Note what is no topic filter."""
    given = options.get(KEY)
    here = join(path, KEY)
    if isinstance(given, list | tuple):
        if not given:
            notes.add(here, "至少需要一个主题, 或去掉这个键。", "At least one topic is needed, or leave the key out.")
        for place, item in enumerate(given):
            check_filter(notes, f"{here}[{place}]", item)
    elif given is not None:
        check_filter(notes, here, given)
