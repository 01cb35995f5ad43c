"""The routes of triage under /api/v1/. What also books or opens an episode is in scheduling."""

from django.urls import path

from triage.api.questionnaire import QuestionnaireView
from triage.api.rules import RulesView

urlpatterns = [
    path("triage/questionnaire/", QuestionnaireView.as_view(), name="questionnaire"),
    path("triage/rules/", RulesView.as_view(), name="rules"),
]
