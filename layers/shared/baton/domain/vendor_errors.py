"""What a vendor hears when a ping or a lead is refused for another reason than an invalid field of the lead."""

from baton.domain.errors import BatonError, InvalidSubmission


class InvalidPing(InvalidSubmission):
    """A ping was refused because of what is in it. Names every invalid field at once."""

    code = "invalid-ping"


class PingMismatch(InvalidSubmission):
    """A lead says something else than its ping said. Names every field that differs."""

    code = "ping-mismatch"


class PingUsed(BatonError):
    """Another lead has come with the same ping."""

    code = "ping-used"


class PingExpired(BatonError):
    """The price that a ping was answered with is no longer good."""

    code = "ping-expired"


class SourceLimitReached(BatonError):
    """A source has sent, or was paid, as much as it may in a day."""

    code = "source-limit-reached"

    def __init__(self, message: str, limit: str, retry_after_s: int) -> None:
        super().__init__(message)
        self.limit = limit
        """Name of the limit, as in the source's document."""
        self.retry_after_s = retry_after_s
        """Until the next day begins, in seconds."""
