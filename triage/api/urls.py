"""The routes of triage under /api/v1/. What also books or opens an episode is in scheduling."""

from django.urls import path

from triage.api.questionnaire import QuestionnaireView

urlpatterns = [
    path("triage/questionnaire/", QuestionnaireView.as_view(), name="questionnaire"),
]
