"""Scheduling's pages for staff."""

from django.urls import path

from scheduling.pages import console, day, decisions, network, reserve, script, script_outcome, visit, walk_in

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
    path("staff/walk-in/<str:code>/", walk_in.walk_in_signs, name="staff-walk-in"),
    path("staff/walk-in/<str:code>/<int:pk>/", walk_in.walk_in_place, name="staff-walk-in-place"),
    path("staff/network/", network.network_page, name="staff-network"),
    path("staff/reserves/", reserve.reserve_list, name="staff-reserves"),
    path("staff/reserves/<str:code>/", reserve.reserve_page, name="staff-reserve"),
    path("staff/reserves/<str:code>/add-ons/", reserve.add_ons_set, name="staff-add-ons"),
    path("staff/reserves/<str:code>/<str:half>/", reserve.reserve_set, name="staff-reserve-set"),
    path("staff/episodes/<int:pk>/decisions/", decisions.decision_page, name="staff-decisions"),
    path("staff/episodes/<int:pk>/decisions/override/", decisions.decision_override, name="staff-decisions-override"),
    path("staff/episodes/<int:pk>/decisions/signs/", decisions.decision_signs, name="staff-decisions-signs"),
    path("staff/visits/<int:pk>/", visit.visit_page, name="staff-visit"),
    path("staff/visits/<int:pk>/check-in/", visit.check_in, name="staff-visit-check-in"),
    path("staff/visits/<int:pk>/start/", visit.start, name="staff-visit-start"),
    path("staff/visits/<int:pk>/complete/", visit.complete, name="staff-visit-complete"),
    path("staff/visits/<int:pk>/no-show/", visit.no_show, name="staff-visit-no-show"),
    path("staff/visits/<int:pk>/preliminary/", visit.preliminary, name="staff-visit-preliminary"),
]
