"""Routes of the patient's path. No path says anything of health."""

from django.urls import path

from scheduling.pages.patient import (
    answering,
    booking,
    choosing,
    consulting,
    follow_up,
    landing,
    moving,
    outcome,
    proving,
    reaching,
    sending,
    signs,
    visit,
)

urlpatterns = [
    path("", landing.landing, name="patient-landing"),
    path("book/", consulting.consultation, name="patient-consultation"),
    path("check/", answering.check, name="patient-check"),
    path("check/<int:number>/", answering.question, name="patient-question"),
    path("check/details/", sending.details, name="patient-details"),
    path("check/next/", outcome.outcome, name="patient-outcome"),
    path("check/reach/", reaching.reach_page, name="patient-reach"),
    path("check/restart/", answering.restart, name="patient-restart"),
    path("slots/", choosing.slots, name="patient-slots"),
    path("slots/hold/", choosing.hold, name="patient-hold"),
    path("slots/none/", choosing.none_in_time, name="patient-none-in-time"),
    path("slots/kept/", booking.kept, name="patient-kept"),
    path("visit/", visit.visit, name="patient-visit"),
    path("visit/confirm/", visit.confirm, name="patient-confirm"),
    path("visit/cancel/", visit.cancel, name="patient-cancel"),
    path("visit/move/", moving.move, name="patient-move"),
    path("visit/signs/", signs.signs, name="patient-signs"),
    path("visit/help/", signs.get_help, name="patient-help"),
    path("visit/calendar.ics", visit.calendar_file, name="patient-calendar"),
    path("follow-up/", follow_up.follow_up, name="patient-follow-up"),
    path("l/<str:token>", proving.open_link, name="patient-link"),
]
