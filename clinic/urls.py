"""Every route of the product. Each app brings its own."""

from django.urls import include, path

urlpatterns = [
    path("staff/account/", include("allauth.account.urls")),
]
