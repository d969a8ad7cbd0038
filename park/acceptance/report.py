"""The report of an acceptance, to be printed, signed by hand and filed; its seal tells one that was changed."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from park.acceptance.item import Verdict
from park.place import Enterprise
from park.report import Column, Report, Table, canonical, digest
from park.rule import Text
from park.window import SITE

TITLE: Final = Text("设备验收报告", "Device acceptance report")
ACCEPTED: Final = Text("通过", "Accepted")
REFUSED: Final = Text("不通过", "Not accepted")
VERDICTS: Final[Mapping[Verdict, Text]] = {
    Verdict.PASS: Text("合格", "pass"),
    Verdict.FAIL: Text("不合格", "FAIL"),
    Verdict.NOTE: Text("说明", "note"),
}
FACTS: Final = {
    "meter": Text("设备", "Meter"),
    "enterprise": Text("企业", "Enterprise"),
    "codec": Text("编码方式", "Codec"),
    "listened": Text("监听", "Listened"),
    "heard": Text("收到", "Heard"),
    "result": Text("结论", "Result"),
    "by": Text("操作员", "By"),
    "seal": Text("平台签章", "Seal"),
}
SIGNERS: Final = (Text("安装单位", "Installer"), Text("企业", "Enterprise"), Text("园区", "Park"))
"""Who signs on paper."""


def content(document: Mapping[str, Any], *, by: str, at: datetime) -> bytes:
    """Write what is sealed: the findings, who listened, and when the report was made."""
    return canonical({"acceptance": document, "by": by, "at": at.isoformat(timespec="seconds")})


def report(
    document: Mapping[str, Any],
    *,
    names: tuple[str, Enterprise | None],
    by: str,
    at: datetime,
    seal: str,
    language: str = "zh",
    zone: ZoneInfo = SITE,
) -> Report:
    """Write an acceptance's document as a report; `names` are the meter's and its enterprise."""

    def local(text: str) -> str:
        return f"{datetime.fromisoformat(text).astimezone(zone):%Y-%m-%d %H:%M:%S}"

    say: Callable[[Text], str] = lambda text: text.pick(language)  # noqa: E731  # one word, said often
    name, enterprise = names
    firm = document["enterprise"] if enterprise is None else enterprise.name
    counts = Counter(one["verdict"] for one in document["findings"])
    told = ", ".join(f"{say(VERDICTS[verdict])} {counts[verdict.value]}" for verdict in Verdict)
    heard = (
        f"{document['messages']} messages, {document['readings']} values"
        if language == "en"
        else f"{document['messages']} 条报文, {document['readings']} 个值"
    )
    facts = {
        "meter": f"{document['meter']} {name}",
        "enterprise": firm,
        "codec": document["codec"],
        "listened": f"{local(document['since'])} – {local(document['until'])}",
        "heard": heard,
        "result": f"{say(ACCEPTED if document['accepted'] else REFUSED)} ({told})",
        "by": f"{by} {at.astimezone(zone):%Y-%m-%d %H:%M:%S}",
        "seal": seal,
    }
    columns = (
        Column("项目" if language != "en" else "Item", 1.4),
        Column("结论" if language != "en" else "Verdict", 0.7),
        Column("依据" if language != "en" else "Why", 6.0),
    )
    rows = tuple(
        (one["name"]["en" if language == "en" else "zh"], say(VERDICTS[Verdict(one["verdict"])]), one[language])
        for one in document["findings"]
    )
    return Report(
        title=f"{say(TITLE)} · {document['meter']}",
        facts=tuple((say(FACTS[key]), value) for key, value in facts.items()),
        tables=(Table(say(TITLE), columns, rows),),
        digest=digest(content(document, by=by, at=at)),
        signers=tuple(say(signer) for signer in SIGNERS),
    )
