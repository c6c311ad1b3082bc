"""Leads that are held, looked at by a person, and the list of people who want no contact: routes of function review."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Final

from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import BaseModel, Field

from baton.domain.contact_entry import MAX_ENTRIES, MAX_PROBLEMS, ContactEntry, entries_in
from baton.domain.documents import Document
from baton.domain.errors import FieldError
from baton.domain.lead import LeadState
from baton.entrypoints.console.answers import Answer, as_json, described
from baton.entrypoints.console.app import Console
from baton.entrypoints.console.caller import author_of
from baton.entrypoints.console.routes import Key, Routes, existing_lead
from baton.entrypoints.observability import logger
from baton.entrypoints.problems import InvalidRequest

if TYPE_CHECKING:
    from baton.application.refuse_contact import Listing, RefuseContact
    from baton.application.review_lead import Reviewed, ReviewLead

_SENT: Final = ("malformed-body", "unsupported-media-type", "body-too-large")
Region = Annotated[
    str, Query(pattern="^[A-Z]{2}$", description="The country of numbers that name none; ISO 3166-1 alpha-2.")
]


class Rejection(Document):
    """Why a lead is rejected."""

    reason: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")] = "rejected"
    """A code, such as `spam`, by which rejections can be counted. Nothing about the person: everybody sees it."""


class ReviewedLead(BaseModel):
    """The lead afterwards."""

    lead_id: str
    state: LeadState


class ContactToRefuse(Document):
    """Somebody who wants no contact, or may want none."""

    email: Annotated[str, Field(max_length=400)] | None = None
    phone: Annotated[str, Field(max_length=400)] | None = None


class ContactsToRefuse(Document):
    """People. As text/csv, the body is the table itself."""

    entries: Annotated[tuple[ContactToRefuse, ...], Field(min_length=1, max_length=MAX_ENTRIES)] | None = None
    csv: Annotated[str, Field(min_length=1, max_length=5_000_000)] | None = None
    """A table whose first row names the columns, `email`, `phone` or both; others are not looked at."""

    def people(self) -> Sequence[ContactEntry]:
        """Those that were sent. Raises InvalidRequest, InvalidFile."""
        if self.csv is not None and self.entries is None:
            return entries_in(self.csv)
        if self.entries is None or self.csv is not None:
            raise InvalidRequest([FieldError("", "send entries, or a table as csv")])
        return [ContactEntry(row, one.email, one.phone) for row, one in enumerate(self.entries, start=1)]


class WrongContact(BaseModel):
    """What is wrong with an entry."""

    row: int
    """Its number from 1; in a table as spreadsheets count, where the header is row 1."""
    field: str
    """`email`, `phone`; empty for the whole entry."""
    problem: str


class RefusedContacts(BaseModel):
    """What became of the entries."""

    done: int
    """How many were good."""
    refused: int
    """How many were not."""
    problems: list[WrongContact]
    """What is wrong with the first of them."""

    @classmethod
    def of(cls, listing: "Listing") -> "RefusedContacts":
        """The listing, counted."""
        wrong = [WrongContact(**one._asdict()) for one in listing.problems[:MAX_PROBLEMS]]
        refused = len({one.row for one in listing.problems})
        return cls(done=len(listing.listed), refused=refused, problems=wrong)


class CheckedContacts(RefusedContacts):
    """Who of the entries is on the list."""

    listed: list[int]
    """The rows of those who are."""


class ReviewApi:
    """The operations."""

    def __init__(
        self, routes: Routes, review: Callable[[], "ReviewLead"], refuse: Callable[[], "RefuseContact"]
    ) -> None:
        self._router = routes.router
        self._review = review
        self._refuse = refuse

    def release(self, key: Key) -> Answer:
        """Release a held lead, or one that was rejected: it goes its way, and nothing holds it again."""
        return _reviewed(self._review().release(existing_lead(key), author_of(self._router)))

    def reject(self, key: Key, document: Any) -> Answer:
        """Reject a held lead: it is disqualified, and can still be released later."""
        by = author_of(self._router)
        return _reviewed(self._review().reject(existing_lead(key), by, document.reason))

    def add(self, document: Any, region: Region = "US") -> Answer:
        """Put people on the do-not-contact list. Good entries are taken although others are not."""
        listing = self._refuse().add(document.people(), region, author_of(self._router))
        return as_json(200, RefusedContacts.of(listing).model_dump(mode="json"))

    def check(self, document: Any, region: Region = "US") -> Answer:
        """Say who is on the do-not-contact list, of the address or the number."""
        listing = self._refuse().check(document.people(), region)
        listed = [row for row, found in listing.listed.items() if found]
        checked = CheckedContacts(**RefusedContacts.of(listing).model_dump(), listed=listed)
        return as_json(200, checked.model_dump(mode="json"))

    def remove(self, document: Any, region: Region = "US") -> Answer:
        """Take people off the do-not-contact list."""
        listing = self._refuse().remove(document.people(), region)
        return as_json(200, RefusedContacts.of(listing).model_dump(mode="json"))


def reviews_api(review: Callable[[], "ReviewLead"], refuse: Callable[[], "RefuseContact"]) -> Console:
    """The handler over these use cases, made when the first request needs them."""
    leads, people = Routes("leads"), Routes("do-not-contact")
    add, one, every = leads.add, "/v1/leads/<lead_id>", "/v1/do-not-contact"
    decide, listing = ReviewApi(leads, review, refuse), ReviewApi(people, review, refuse)
    codes = ("not-found", "illegal-transition", "claim-contention", "store-unavailable")
    released = described(200, ReviewedLead, "It goes its way.", *codes, "duplicate-lead")
    rejected = described(200, ReviewedLead, "It is disqualified.", *codes, *_SENT)
    add("POST", f"{one}/release", decide.release, "release_lead", released)
    add("POST", f"{one}/rejection", decide.reject, "reject_lead", rejected, body=Rejection)
    sent = ("invalid-file", "store-unavailable", *_SENT)
    done = described(200, RefusedContacts, "How many, and what is wrong with the others.", *sent)
    found = described(200, CheckedContacts, "The rows of those who are on it.", *sent)
    people.add("POST", every, listing.add, "refuse_contact", done, body=ContactsToRefuse)
    people.add(
        "POST", f"{every}/check", listing.check, "check_contact", found, body=ContactsToRefuse, reads=True
    )
    people.add("DELETE", every, listing.remove, "allow_contact", done, body=ContactsToRefuse)
    return Console([leads.router, people.router])


def _reviewed(reviewed: "Reviewed") -> Answer:
    lead = reviewed.lead
    if not reviewed.started:
        logger.warning("workflow not started; the sweep will", lead_id=lead.lead_id)
    return as_json(200, ReviewedLead(lead_id=lead.lead_id, state=lead.state).model_dump(mode="json"))
