"""Triage's pages for staff."""

from django.urls import path

from triage.pages import rules

urlpatterns = [
    path("staff/rules/", rules.rule_page, name="staff-rules"),
    path("staff/rules/approve/", rules.rule_approve, name="staff-rules-approve"),
    path("staff/rules/withdraw/", rules.rule_withdraw, name="staff-rules-withdraw"),
]
