"""Scheduling's pages for staff."""

from django.urls import path

from scheduling.pages import console, day, decisions, network, script, script_outcome, shift_edits, shifts, visit

urlpatterns = [
    path("staff/console/", console.console, name="staff-console"),
    path("staff/script/", script.script_page, name="staff-script"),
    path("staff/script/asked/", script.script_asked, name="staff-script-asked"),
    path("staff/script/<int:pk>/", script_outcome.outcome_page, name="staff-script-outcome"),
    path("staff/script/<int:pk>/hold/", script_outcome.outcome_hold, name="staff-script-hold"),
    path("staff/script/<int:pk>/release/", script_outcome.outcome_release, name="staff-script-release"),
    path("staff/script/<int:pk>/book/", script_outcome.outcome_book, name="staff-script-book"),
    path("staff/script/<int:pk>/none/", script_outcome.outcome_none, name="staff-script-none"),
    path("staff/script/<int:pk>/where/", script_outcome.outcome_where, name="staff-script-where"),
    path("staff/day/", day.day_page, name="staff-day"),
    path("staff/network/", network.network_page, name="staff-network"),
    path("staff/shifts/", shifts.shifts_page, name="staff-shifts"),
    path("staff/shifts/center/", shifts.center_page, name="staff-shift-center"),
    path("staff/shifts/units/<int:pk>/", shifts.unit_page, name="staff-shift-unit"),
    path("staff/shifts/preview/", shift_edits.preview, name="staff-shift-preview"),
    path("staff/shifts/confirm/", shift_edits.confirm, name="staff-shift-confirm"),
    path("staff/shifts/edits/<int:pk>/", shift_edits.outcome_page, name="staff-shift-edit"),
    path("staff/episodes/<int:pk>/decisions/", decisions.decision_page, name="staff-decisions"),
    path("staff/episodes/<int:pk>/decisions/override/", decisions.decision_override, name="staff-decisions-override"),
    path("staff/episodes/<int:pk>/decisions/signs/", decisions.decision_signs, name="staff-decisions-signs"),
    path("staff/visits/<int:pk>/", visit.visit_page, name="staff-visit"),
    path("staff/visits/<int:pk>/check-in/", visit.check_in, name="staff-visit-check-in"),
    path("staff/visits/<int:pk>/start/", visit.start, name="staff-visit-start"),
    path("staff/visits/<int:pk>/complete/", visit.complete, name="staff-visit-complete"),
    path("staff/visits/<int:pk>/no-show/", visit.no_show, name="staff-visit-no-show"),
    path("staff/visits/<int:pk>/preliminary/", visit.preliminary, name="staff-visit-preliminary"),
    path("staff/visits/<int:pk>/departure/", visit.departure, name="staff-visit-departure"),
]
