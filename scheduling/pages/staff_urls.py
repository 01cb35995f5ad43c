"""Scheduling's pages for staff."""

from django.urls import path

from scheduling.pages import console, day, decisions, network, script, script_outcome, visit, waitlist, ways

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
    path("staff/episodes/<int:pk>/decisions/", decisions.decision_page, name="staff-decisions"),
    path("staff/episodes/<int:pk>/decisions/override/", decisions.decision_override, name="staff-decisions-override"),
    path("staff/episodes/<int:pk>/decisions/signs/", decisions.decision_signs, name="staff-decisions-signs"),
    path("staff/waitlist/", waitlist.waitlist_page, name="staff-waitlist"),
    path("staff/waitlist/accept/", waitlist.offer_accept, name="staff-offer-accept"),
    path("staff/waitlist/decline/", waitlist.offer_decline, name="staff-offer-decline"),
    path("staff/waitlist/withdraw/", waitlist.entry_withdraw, name="staff-waitlist-withdraw"),
    path("staff/episodes/<int:pk>/ways/", ways.ways_page, name="staff-ways"),
    path("staff/episodes/<int:pk>/ways/book/", ways.ways_book, name="staff-ways-book"),
    path("staff/episodes/<int:pk>/ways/wait/", ways.ways_wait, name="staff-ways-wait"),
    path("staff/episodes/<int:pk>/ways/move/", ways.ways_move, name="staff-ways-move"),
    path("staff/episodes/<int:pk>/ways/overbook/", ways.ways_overbook, name="staff-ways-overbook"),
    path("staff/episodes/<int:pk>/ways/ask/", ways.ways_ask, name="staff-ways-ask"),
    path("staff/episodes/<int:pk>/ways/fallback/", ways.ways_fallback, name="staff-ways-fallback"),
    path("staff/visits/<int:pk>/", visit.visit_page, name="staff-visit"),
    path("staff/visits/<int:pk>/check-in/", visit.check_in, name="staff-visit-check-in"),
    path("staff/visits/<int:pk>/start/", visit.start, name="staff-visit-start"),
    path("staff/visits/<int:pk>/complete/", visit.complete, name="staff-visit-complete"),
    path("staff/visits/<int:pk>/no-show/", visit.no_show, name="staff-visit-no-show"),
    path("staff/visits/<int:pk>/preliminary/", visit.preliminary, name="staff-visit-preliminary"),
]
