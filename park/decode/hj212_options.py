"""What the registry says of a meter that speaks HJ 212.

    codec: {hj212: {mn: "81733553213013"}}
    codec: {hj212: {mn: "81733553213013", codes: {w99001: tn, w00000-Cou: {metric: volume, unit: m³}}, skip: [w01010]}}

`codes` goes before the standard's table, `skip` leaves factors out on purpose, `take` takes some kinds of data only
(realtime, minute, hour, day), and `pw` is what the listener asks of the logger.
"""

import re
from collections.abc import Mapping
from typing import Final

from park.decode.dialect import Options
from park.decode.hj212_plan import KINDS, station
from park.decode.names import check_names
from park.place import Meter
from park.registry_notes import Notes, join, show

KEYS = ("mn", "codes", "skip", "take", "pw")
MN = re.compile(r"[0-9A-Za-z_-]{1,64}", re.ASCII)
CODE = re.compile(r"[0-9A-Za-z]{1,16}(-[A-Za-z0-9]{1,16})?", re.ASCII)
PW = re.compile(r"[0-9A-Za-z]{1,32}", re.ASCII)
TOPICS: Final = "hj212"


def topics(meter: Meter) -> tuple[str, ...]:
    """Give the topic on which the listener passes on what the meter's station sends."""
    mn = station(meter)
    return (f"{TOPICS}/{mn}",) if MN.fullmatch(mn) else ()


def check(notes: Notes, path: str, options: Options, known: tuple[str, ...]) -> None:
    """Note every mistake in the options; `known` are the meter's metrics."""
    given = notes.mapping(path, options, KEYS, ("mn",))
    _form(notes, join(path, "mn"), given.get("mn"), MN, "81733553213013")
    _form(notes, join(path, "pw"), given.get("pw"), PW, "123456")
    if "codes" in given:
        check_names(notes, join(path, "codes"), given["codes"], known)
        for code in given["codes"] if isinstance(given["codes"], Mapping) else ():
            _form(notes, join(join(path, "codes"), str(code)), code, CODE, "w01018")
    for place, item in enumerate(notes.items(join(path, "skip"), given.get("skip"))):
        _form(notes, f"{join(path, 'skip')}[{place}]", item, CODE, "w01018")
    kinds = notes.items(join(path, "take"), given.get("take"))
    for place, kind in enumerate(kinds):
        notes.choice(f"{join(path, 'take')}[{place}]", kind, tuple(KINDS.values()))
    if "take" in given and not kinds and isinstance(given["take"], list | tuple):
        words = "、".join(KINDS.values())
        notes.add(
            join(path, "take"),
            f"至少需要一种数据 ({words}), 或去掉这个键。",
            f"At least one kind of data is needed ({', '.join(KINDS.values())}), or leave the key out.",
        )


def _form(notes: Notes, path: str, value: object, form: re.Pattern[str], example: str) -> None:
    text = None if value is None else notes.text(path, value)
    if text is not None and not form.fullmatch(text):
        notes.add(
            path,
            f"{show(text)} 不可用; 只能由字母、数字组成, 例如 {example}。",
            f"{show(text)} cannot be used; it is made of letters and digits, such as {example}.",
        )
