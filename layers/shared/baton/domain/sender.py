"""Senders: who sends a lead, as far as a request tells."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sender:
    """Where a request comes from. None of it is stored but address and page, as evidence of a consent."""

    origin: str | None = None
    """The web site that a browser says it posts from."""
    ip: str | None = None
    """The address that the request came from: the person's own, where it is their browser."""
    user_agent: str | None = None
    known: bool = False
    """Whether the sender showed who it is, by a key or a signature."""
    browser: bool = False
    """Whether a person's own browser sent it, so that its address is the person's."""
    page: str | None = None
    """The page that a browser says it comes from. Mostly its site alone: browsers tell other sites no more."""


NOBODY = Sender()
