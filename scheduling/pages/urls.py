"""Scheduling's pages: those of staff, and those of patients."""

from django.urls import URLPattern, URLResolver

from scheduling.pages import patient_urls, staff_urls

urlpatterns: list[URLPattern | URLResolver] = [*patient_urls.urlpatterns, *staff_urls.urlpatterns]
