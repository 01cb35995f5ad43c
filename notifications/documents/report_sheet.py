"""The signed report as the referring office gets it: the same bytes each time that one version is rendered."""

from collections import defaultdict
from zoneinfo import ZoneInfo

from django.conf import settings

from clinic.models import Report, ReportStatus, ReportVersion
from clinic.phones import national
from clinic.result_rules import voice_first
from notifications.models import Delivery, DocumentWay
from notifications.result_sheet import Sheet, as_pdf

_STATES = {"clear": "compressible, no thrombus", "acute": "ACUTE THROMBUS", "chronic": "chronic change"}
_NOT_FOR_YOU = (
    "Confidential health information (45 CFR 164). If this is not for you, call us and destroy it: nobody else may be"
    " shown it."
)


def document_of(delivery: Delivery) -> bytes:
    """Return the PDF of the version that a delivery holds, addressed to its office."""
    report = Report.objects.select_related("center", "episode__patient").get(pk=delivery.report_id)
    version = report.versions.select_related("author").get(number=delivery.version)
    return as_pdf(_sheet(delivery, report, version))


def _sheet(delivery: Delivery, report: Report, version: ReportVersion) -> Sheet:
    center = report.center
    amended = version.status == ReportStatus.AMENDED
    sections = [("Result", _result(version))]
    if version.findings.strip():
        sections.append(("Findings", version.findings.strip().splitlines()))
    if version.veins:
        sections.append(("Veins studied", _veins(version)))
    if amended:
        sections.insert(0, ("This takes the place of the report that you have", [version.reason]))
    sections.append(("Please confirm, and call us with any question", _contact(report, version)))
    return Sheet(
        title="Amended report: venous duplex" if amended else "Final report: venous duplex",
        language="en",
        facts=_facts(delivery, report, version),
        sections=sections,
        footer=f"{center.name}, {center.street}, {center.city}, {center.state} {center.zip}. {_NOT_FOR_YOU}",
        written_at=version.at,
    )


def _facts(delivery: Delivery, report: Report, version: ReportVersion) -> list[tuple[str, str]]:
    patient, zone = report.episode.patient, ZoneInfo(report.center.zone)
    way = f"fax {national(delivery.address)}" if delivery.way == DocumentWay.FAX else delivery.address
    born = f"{patient.birth_date:%B %d, %Y}" if patient.birth_date else "not recorded"
    return [
        ("To", f"{delivery.office}, {way}"),
        ("Patient", f"{patient.given_name} {patient.family_name}"),
        ("Born", born),
        ("Scanned", f"{report.scan_ended_at.astimezone(zone):%B %d, %Y, %H:%M}"),
        ("Side", version.get_side_display()),
        ("Signed", f"{version.author}, {version.at.astimezone(zone):%B %d, %Y, %H:%M} (version {version.number})"),
    ]


def _result(version: ReportVersion) -> list[str]:
    lines = [version.get_category_display()]
    if version.clot_length_cm is not None:
        lines.append(f"Length: {version.clot_length_cm:g} cm")
    if version.junction_distance_cm is not None:
        lines.append(f"Distance from the saphenofemoral junction: {version.junction_distance_cm:g} cm")
    if version.discrepancy:
        lines.append("The final reading differs from the preliminary one.")
    return lines


def _veins(version: ReportVersion) -> list[str]:
    """A line for each side and state: what was seen, and what was not."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for vein in version.veins:
        found[vein["side"], vein["state"]].append(str(vein["vein"]).replace("_", " "))
    return [
        f"{side.capitalize()}, {_STATES.get(state, state.replace('_', ' '))}: {', '.join(names)}."
        for (side, state), names in sorted(found.items())
    ]


def _contact(report: Report, version: ReportVersion) -> list[str]:
    center = report.center
    lines = [f"{center.name}: {national(center.phone)}", f"At any hour: {national(settings.RULE_OUT_LINE)}"]
    if voice_first(version.category):
        lines.append("A clinician of ours tells you this result by voice as well.")
    return lines
