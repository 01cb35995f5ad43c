"""Lists are paged by cursor: stable while rows are added."""

from rest_framework.pagination import CursorPagination


class EventCursorPagination(CursorPagination):
    """Newest first, fifty a page."""

    page_size = 50
    page_size_query_param = "limit"
    max_page_size = 200
    ordering = "-id"
