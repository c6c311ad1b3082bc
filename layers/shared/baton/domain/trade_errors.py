"""Errors of trade: who may not, and why a lead is not taken back. `code` is stable, as in `errors`."""

from baton.domain.errors import BatonError


class CallerUnknown(BatonError):
    """A request came without a key or signature that lets its caller in. Never says what was missing."""

    code = "caller-unknown"


class LeadNotSold(BatonError):
    """A lead is to be returned whose buyer has not said yet whether it took it."""

    code = "lead-not-sold"


class ReturnReasonUnknown(BatonError):
    """A lead is to be returned for a reason that its campaign does not list."""

    code = "return-reason-unknown"


class ReturnTooLate(BatonError):
    """A lead is to be returned after the time in which its campaign takes leads back."""

    code = "return-too-late"


class TooManyReturns(BatonError):
    """A buyer has returned as large a share of its leads as the campaign allows."""

    code = "too-many-returns"


class ReturnDecided(BatonError):
    """A return is to be decided in one way and was decided in the other before."""

    code = "return-decided"
