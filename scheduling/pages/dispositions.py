"""Which color a disposition has, for patients and staff alike: one table, in the tones of the stylesheet."""

from triage.models import Disposition

TONES: dict[Disposition, str] = {
    Disposition.EMERGENCY_911: "critical",
    Disposition.ED_NOW: "urgent",
    Disposition.CLINICIAN_CALLBACK: "soon",
    Disposition.SAME_DAY_DVT_SCAN: "soon",
    Disposition.NEXT_DAY_DVT_SCAN: "soon",
    Disposition.VASCULAR_CONSULT: "info",
    Disposition.SELF_CARE: "calm",
}
