"""What can go wrong, in words that every edge can map to its own wire form.

DomainError              a request that cannot be met; `code` is stable snake_case
├── InvalidInput         a parameter is wrong; `param` names it
├── NotFound             no such object in this workspace
├── PermissionRefused    known, but not allowed (role, plan)
├── InsufficientCredits  fewer credits than the work may cost
├── LimitReached         a plan or rate limit; `retry_after` where waiting helps
└── Conflict             the object is in another state than the request needs
ProviderError            an outside service failed; `permanent` says that a retry cannot help
"""


class DomainError(Exception):
    """A request the domain refuses, with a stable code for the edges to map."""

    code = "error"

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        param: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.code
        self.param = param
        self.retry_after = retry_after


class InvalidInput(DomainError):
    code = "invalid_parameter"


class NotFound(DomainError):
    code = "not_found"


class PermissionRefused(DomainError):
    code = "permission_refused"


class InsufficientCredits(DomainError):
    code = "insufficient_credits"


class LimitReached(DomainError):
    code = "limit_reached"


class Conflict(DomainError):
    code = "conflict"


class ProviderError(Exception):
    """An outside service failed; says whether trying again can help, and when (seconds)."""

    def __init__(
        self,
        message: str,
        *,
        code: str = "provider_error",
        permanent: bool = False,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.permanent = permanent
        self.retry_after = retry_after
