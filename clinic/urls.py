"""Every route of the product. Each app brings its own."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import TemplateView

from clinic.api.documents import DocumentationView, SchemaView
from clinic.api.operations import healthz, metrics, readyz

api: list[URLPattern | URLResolver] = [
    path("", include("clinic.api.urls")),
    path("", include("triage.api.urls")),
    path("", include("scheduling.api.urls")),
    path("", include("notifications.api.urls")),
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", DocumentationView.as_view(), name="docs"),
]

urlpatterns = [
    path("api/v1/", include(api)),
    path("webhooks/", include("notifications.urls")),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    # Before allauth's own, which would write to whatever mail address it is given.
    path("staff/account/password/reset/", TemplateView.as_view(template_name="account/password_reset.html")),
    path("staff/account/", include("allauth.account.urls")),
    path("staff/account/2fa/", include("allauth.mfa.urls")),
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("notifications.pages.urls")),
    path("", include("scheduling.pages.urls")),
    path("", include("triage.pages.urls")),
    path("", include("clinic.pages.urls")),
]

handler500 = "clinic.pages.errors.server_error"
