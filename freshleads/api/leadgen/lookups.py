"""What the endpoints share that ask the outside world: the worker does it, the request waits."""

from collections.abc import Sequence
from typing import ClassVar

from django.conf import settings
from django.http import HttpResponse

from freshleads.api.leadgen.answers import success
from freshleads.api.leadgen.base import LeadGenView
from freshleads.api.leadgen.errors import StillRunning
from freshleads.api.leadgen.waiting import seat
from leads import looking_up
from leads.looking_up import Answer
from leads.questions import Question

ROOT = "/v2/api/v1/"


class LookupView(LeadGenView):
    """Answers one question; what takes too long goes on, and is then answered from the cache."""

    # No HEAD: nobody should pay for an answer without a body.
    http_method_names = ["get", "post", "options"]
    further_statuses: ClassVar[Sequence[str]] = ("402", "502")

    def answered(self, question: Question) -> HttpResponse:
        """Return the answer to a question, waited for if need be; raises StillRunning."""
        workspace = self.caller.workspace
        with seat(workspace):
            asked = looking_up.ask(
                workspace,
                by=self.caller.user,
                question=question,
                request_id=self.request.id,  # type: ignore[attr-defined]
                endpoint=self.request.path.removeprefix(ROOT),
            )
            if isinstance(asked, Answer):
                found: Answer | None = asked
            else:
                found = looking_up.wait(asked, seconds=settings.LEADS_LOOKUP_WAIT_SECONDS)
        if found is None:
            raise StillRunning
        return success(found.data, credits_used=found.credits_used)
