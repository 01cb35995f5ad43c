"""Scheduling's routes under /api/v1/."""

from django.urls import path

from scheduling.api import appointments, day, deciding_again, intake, offering, reserves, shifts, slots

urlpatterns = [
    path("triage/assessments/", intake.AssessmentListView.as_view(), name="assessment-list"),
    path("triage/assessments/<int:pk>/override/", deciding_again.OverrideView.as_view(), name="assessment-override"),
    path(
        "triage/assessments/<int:pk>/whereabouts/",
        deciding_again.WhereaboutsView.as_view(),
        name="assessment-whereabouts",
    ),
    path("episodes/<int:pk>/fallback/", deciding_again.FallbackView.as_view(), name="episode-fallback"),
    path("episodes/<int:pk>/signs/", deciding_again.SignsView.as_view(), name="episode-signs"),
    path("steps/<int:pk>/offer/", offering.StepOfferView.as_view(), name="step-offer"),
    path("centers/", slots.CenterListView.as_view(), name="center-list"),
    path("slots/", slots.SlotListView.as_view(), name="slot-list"),
    path("reserves/", reserves.ReserveListView.as_view(), name="reserve-list"),
    path("reserves/<str:center>/<str:half>/", reserves.ReserveView.as_view(), name="reserve"),
    path("shifts/", shifts.ShiftListView.as_view(), name="shift-list"),
    path("shift-edits/", shifts.ShiftEditListView.as_view(), name="shift-edit-list"),
    path("shift-edits/<int:pk>/", shifts.ShiftEditView.as_view(), name="shift-edit"),
    path("holds/", slots.HoldListView.as_view(), name="hold-list"),
    path("holds/<int:pk>/", slots.HoldView.as_view(), name="hold"),
    path("day/", day.DayView.as_view(), name="day"),
    path("walk-ins/", day.WalkInListView.as_view(), name="walk-in-list"),
    path("walk-ins/gaps/", day.GapListView.as_view(), name="walk-in-gaps"),
    path("walk-ins/<int:pk>/place/", day.WalkInPlaceView.as_view(), name="walk-in-place"),
    path("add-ons/<str:center>/", day.AddOnLimitView.as_view(), name="add-on-limit"),
    path("appointments/", appointments.AppointmentListView.as_view(), name="appointment-list"),
    path("appointments/<int:pk>/", appointments.AppointmentView.as_view(), name="appointment"),
    path("appointments/<int:pk>/reschedule/", appointments.RescheduleView.as_view(), name="appointment-reschedule"),
    path("appointments/<int:pk>/cancel/", appointments.CancelView.as_view(), name="appointment-cancel"),
    path("appointments/<int:pk>/confirm/", appointments.ConfirmView.as_view(), name="appointment-confirm"),
    path("appointments/<int:pk>/check-in/", appointments.CheckInView.as_view(), name="appointment-check-in"),
    path("appointments/<int:pk>/start/", appointments.StartView.as_view(), name="appointment-start"),
    path("appointments/<int:pk>/complete/", appointments.CompleteView.as_view(), name="appointment-complete"),
    path("appointments/<int:pk>/no-show/", appointments.NoShowView.as_view(), name="appointment-no-show"),
]
