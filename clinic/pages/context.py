"""What every page may show."""

from django.conf import settings
from django.http import HttpRequest

from clinic.phones import national


def public_numbers(request: HttpRequest) -> dict[str, object]:
    """The two telephone numbers of the network, always within reach."""
    return {
        "rule_out_line": settings.RULE_OUT_LINE,
        "rule_out_line_words": settings.RULE_OUT_LINE_WORDS,
        "rule_out_line_national": national(settings.RULE_OUT_LINE),
        "patient_services_line": settings.PATIENT_SERVICES_LINE,
        "patient_services_line_national": national(settings.PATIENT_SERVICES_LINE),
    }
