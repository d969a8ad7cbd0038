"""The report of an acceptance as a file: PDF for the folder, HTML that carries what was sealed."""

from zoneinfo import ZoneInfo

from adapters import html_report, pdf_report
from adapters.html_report import Sealed
from adapters.relational.acceptances import Kept
from park.acceptance.item import Verdict
from park.acceptance.report import VERDICTS, report
from park.registry import Registry


def written(registry: Registry, one: Kept, form: str, language: str, zone: ZoneInfo) -> tuple[bytes, str]:
    """Write the report as `pdf` or `html`, and give the hash of what it says."""
    meter, enterprise = registry.by_meter.get(one.meter), registry.by_enterprise.get(one.enterprise)
    name = "" if meter is None else (meter.name_en or meter.name) if language == "en" else meter.name
    made = report(
        one.document, names=(name, enterprise), by=one.who, at=one.at, seal=one.seal, language=language, zone=zone
    )
    if form == "pdf":
        return pdf_report.write(made), made.digest
    bad = frozenset({VERDICTS[Verdict.FAIL].pick(language)})
    return html_report.write(made, Sealed(one.sealed, one.seal), language=language, bad=bad), made.digest
