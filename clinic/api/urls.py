"""The kernel's routes under /api/v1/."""

from django.urls import path

from clinic.api import chart_reads, clinical, follow_up, operations, orders, patients, results

urlpatterns = [
    path("clock/", operations.ClockView.as_view(), name="clock"),
    path("patients/search/", patients.PatientSearchView.as_view(), name="patient-search"),
    path("patients/", patients.PatientListView.as_view(), name="patient-list"),
    path("patients/<int:pk>/record/", patients.PatientRecordView.as_view(), name="patient-record"),
    path("patients/<int:pk>/break-glass/", chart_reads.BreakGlassView.as_view(), name="break-glass"),
    path("chart-reads/", chart_reads.ChartReadListView.as_view(), name="chart-read-list"),
    path("chart-openings/", chart_reads.ChartOpeningListView.as_view(), name="chart-opening-list"),
    path("chart-openings/<int:pk>/review/", chart_reads.ChartOpeningReviewView.as_view(), name="chart-opening-review"),
    path("episodes/<int:pk>/", clinical.EpisodeView.as_view(), name="episode"),
    path("episodes/<int:pk>/close/", clinical.EpisodeCloseView.as_view(), name="episode-close"),
    path("episodes/<int:pk>/orders/", orders.OrderListView.as_view(), name="episode-orders"),
    path("episodes/<int:pk>/orders/received/", orders.OrderReceivedView.as_view(), name="episode-order-received"),
    path("practices/", orders.PracticeListView.as_view(), name="practice-list"),
    path("episodes/<int:pk>/plan/", follow_up.EpisodePlanView.as_view(), name="episode-plan"),
    path("episodes/<int:pk>/treatment/", follow_up.EpisodeTreatmentView.as_view(), name="episode-treatment"),
    path("episodes/<int:pk>/villalta/", follow_up.EpisodeVillaltaView.as_view(), name="episode-villalta"),
    path("episodes/<int:pk>/therapy/", follow_up.EpisodeTherapyView.as_view(), name="episode-therapy"),
    path("steps/", clinical.StepListView.as_view(), name="step-list"),
    path("steps/<int:pk>/done/", clinical.StepDoneView.as_view(), name="step-done"),
    path("steps/<int:pk>/attempt/", clinical.StepAttemptView.as_view(), name="step-attempt"),
    path("steps/<int:pk>/reassign/", clinical.StepReassignView.as_view(), name="step-reassign"),
    path("reports/", clinical.ReportListView.as_view(), name="report-list"),
    path("reports/<int:pk>/finalize/", clinical.ReportFinalizeView.as_view(), name="report-finalize"),
    path("reports/<int:pk>/amend/", clinical.ReportAmendView.as_view(), name="report-amend"),
    path("results/<int:pk>/calls/", results.ResultCallsView.as_view(), name="result-calls"),
    path("results/<int:pk>/send/", results.ResultSendView.as_view(), name="result-send"),
    path("reports/<int:pk>/wet-read/", results.WetReadView.as_view(), name="report-wet-read"),
    path("results/<int:pk>/acknowledge/", results.AcknowledgeView.as_view(), name="result-acknowledge"),
    path("results/<int:pk>/departure/", results.DepartureView.as_view(), name="result-departure"),
    path("results/<int:pk>/welfare/", results.WelfareView.as_view(), name="result-welfare"),
    path("results/<int:pk>/referrer/", results.ReferrerNoticeView.as_view(), name="result-referrer"),
    path("episodes/<int:pk>/referrer/", results.ReferrerView.as_view(), name="episode-referrer"),
    path("patients/<int:pk>/emergency-contact/", results.EmergencyContactView.as_view(), name="emergency-contact"),
]
