"""The questionnaire over the API: one source for the web, the call script and integrators."""

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinic.api.permissions import PUBLIC
from clinic.api.schema import documented
from clinic.errors import Invalid
from clinic.models import Language
from triage.questionnaire import questionnaire


class QuestionnaireView(APIView):
    """GET the questions, by version and language. Anybody may read them."""

    permission = PUBLIC

    @documented("The questions of the intake.", query=("lang",))
    def get(self, request: Request) -> Response:
        """Return every item with its words for patients and for the caller's script."""
        lang = request.query_params.get("lang", Language.ENGLISH)
        if lang not in Language.values:
            raise Invalid(fields={"lang": f"Choose one of: {', '.join(Language.values)}."})
        return Response(questionnaire(lang))
