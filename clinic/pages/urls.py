"""The kernel's pages for staff."""

from django.urls import path

from clinic.pages import access_needs, chart_reads, episodes, follow_up, home, orders, patients, steps, time_travel

urlpatterns = [
    path("staff/", home.home, name="staff-home"),
    path("staff/steps/", steps.step_list, name="staff-steps"),
    path("staff/steps/<int:pk>/", steps.step_page, name="staff-step"),
    path("staff/steps/<int:pk>/done/", steps.step_done, name="staff-step-done"),
    path("staff/steps/<int:pk>/attempt/", steps.step_attempt, name="staff-step-attempt"),
    path("staff/steps/<int:pk>/take/", steps.step_take, name="staff-step-take"),
    path("staff/steps/<int:pk>/hand-over/", steps.step_hand_over, name="staff-step-hand-over"),
    path("staff/episodes/<int:pk>/", episodes.episode_page, name="staff-episode"),
    path("staff/episodes/<int:pk>/close/", episodes.episode_close, name="staff-episode-close"),
    path("staff/episodes/<int:pk>/orders/", orders.orders_page, name="staff-orders"),
    path("staff/episodes/<int:pk>/orders/sign/", orders.order_sign, name="staff-order-sign"),
    path("staff/episodes/<int:pk>/orders/received/", orders.order_received, name="staff-order-received"),
    path("staff/episodes/<int:pk>/follow-up/", follow_up.follow_up_page, name="staff-follow-up"),
    path("staff/episodes/<int:pk>/follow-up/start/", follow_up.treatment_start, name="staff-treatment-start"),
    path("staff/episodes/<int:pk>/follow-up/score/", follow_up.villalta, name="staff-villalta"),
    path("staff/episodes/<int:pk>/follow-up/decide/", follow_up.decide, name="staff-therapy"),
    path("staff/episodes/<int:pk>/follow-up/revise/", follow_up.revise, name="staff-plan-revise"),
    path("staff/patients/", patients.patient_search, name="staff-patients"),
    path("staff/patients/new/", patients.patient_register, name="staff-patient-register"),
    path("staff/patients/<int:pk>/", patients.patient_page, name="staff-patient"),
    path("staff/patients/<int:pk>/record/", patients.patient_record, name="staff-patient-record"),
    path("staff/patients/<int:pk>/access/", access_needs.access_page, name="staff-patient-access"),
    path("staff/episodes/<int:pk>/coverage/", access_needs.coverage_page, name="staff-coverage"),
    path("staff/patients/<int:pk>/open/", chart_reads.chart_open, name="staff-chart-open"),
    path("staff/chart-reads/", chart_reads.chart_reads, name="staff-chart-reads"),
    path("staff/chart-reads/openings/", chart_reads.openings, name="staff-chart-openings"),
    path("staff/chart-reads/openings/<int:pk>/", chart_reads.opening_review, name="staff-chart-opening-review"),
    path("staff/clock/", time_travel.clock_page, name="staff-clock"),
]
