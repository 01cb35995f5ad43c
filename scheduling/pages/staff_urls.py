"""Scheduling's pages for staff."""

from django.urls import path

from scheduling.pages import console, day, decisions, network, visit

urlpatterns = [
    path("staff/console/", console.console, name="staff-console"),
    path("staff/day/", day.day_page, name="staff-day"),
    path("staff/network/", network.network_page, name="staff-network"),
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
