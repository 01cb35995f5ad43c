"""The product's routes, and the trivial view beside them."""

from django.urls import path

from clinic.bench.trivial import TrivialView, trivial_page, trivial_staff_page
from clinic.urls import handler500
from clinic.urls import urlpatterns as product

__all__ = ["handler500", "urlpatterns"]

urlpatterns = [
    path("api/v1/trivial/", TrivialView.as_view(), name="trivial"),
    path("staff/trivial/", trivial_staff_page, name="trivial-staff"),
    path("trivial/", trivial_page, name="trivial-page"),
    *product,
]
