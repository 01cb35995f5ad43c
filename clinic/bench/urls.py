"""The product's routes, and the trivial view beside them."""

from django.urls import path

from clinic.bench.trivial import TrivialView
from clinic.urls import handler500
from clinic.urls import urlpatterns as product

__all__ = ["handler500", "urlpatterns"]

urlpatterns = [path("api/v1/trivial/", TrivialView.as_view(), name="trivial"), *product]
