"""The kernel's tables."""

from clinic.models.center import Center, Closure, OpeningHours, ZipCode
from clinic.models.door import ClockOffset, IdempotencyKey, Link, LinkPurpose
from clinic.models.episode import (
    LIVE_STEP,
    ClosingReason,
    Episode,
    EpisodeKind,
    EpisodeStatus,
    PretestCategory,
    Step,
    StepKind,
    StepStatus,
)
from clinic.models.event import ActorKind, Event
from clinic.models.patient import Consent, ConsentChannel, ConsentScope, Language, Patient, Sex
from clinic.models.plan import Plan
from clinic.models.report import (
    Audience,
    CallOutcome,
    Impression,
    Report,
    ReportStatus,
    ReportVersion,
    ResultCall,
    ResultCategory,
    Side,
)
from clinic.models.staff import Integration, License, Role, Staff

__all__ = [
    "LIVE_STEP",
    "ActorKind",
    "Audience",
    "CallOutcome",
    "Center",
    "ClockOffset",
    "ClosingReason",
    "Closure",
    "Consent",
    "ConsentChannel",
    "ConsentScope",
    "Episode",
    "EpisodeKind",
    "EpisodeStatus",
    "Event",
    "IdempotencyKey",
    "Impression",
    "Integration",
    "Language",
    "License",
    "Link",
    "LinkPurpose",
    "OpeningHours",
    "Patient",
    "Plan",
    "PretestCategory",
    "Report",
    "ReportStatus",
    "ReportVersion",
    "ResultCall",
    "ResultCategory",
    "Role",
    "Sex",
    "Side",
    "Staff",
    "Step",
    "StepKind",
    "StepStatus",
    "ZipCode",
]
