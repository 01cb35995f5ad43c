"""The API's own description: OpenAPI 3.1, and a page to read it that works offline. Anybody may read both."""

from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from clinic.api.permissions import PUBLIC


class SchemaView(SpectacularAPIView):
    """GET the OpenAPI document."""

    permission = PUBLIC
    permission_classes = []


class DocumentationView(SpectacularSwaggerSplitView):
    """GET the documentation page: its script is served as a file, so that the strict CSP holds."""

    permission = PUBLIC
    permission_classes = []
    url_name = "schema"
