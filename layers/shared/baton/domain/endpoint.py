"""Endpoints: where and how another company's system is called, and how its answer is read. All of it is data.

`rendering` makes requests of them, `reading` reads the answers, `endpoint_checks` and `places` say what cannot work.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Final, Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from baton.domain.consent import Consent
from baton.domain.documents import Document
from baton.domain.lead import Contact

MAX_TIMEOUT_MS: Final = 20_000
"""Longest wait for one answer: a step of the workflow has 30 seconds in all."""
Url = Annotated[
    str,
    Field(
        pattern=r"^https?://([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?(/[!-\"$-\[\]-~]*)?$",
        max_length=2000,
    ),
]
"""An absolute URL in visible ASCII, without credentials or fragment.

Over plain http nothing is sent outside a developer's machine.
"""
HeaderName = Annotated[str, Field(pattern=r"^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$")]
SecretName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
"""The name under which a secret is stored. The secret itself is never part of a document."""
Path = Annotated[str, Field(min_length=1, max_length=500)]
"""A place in an answer, in the language of the reader's format; see `places`."""
Constant = str | Annotated[float, Field(allow_inf_nan=False)] | int | bool
"""A value that is the same for every lead."""

_KNOWN: Final[Mapping[str, tuple[str, ...]]] = {
    "contact": tuple(Contact.model_fields),
    "consent": tuple(Consent.model_fields),
    "time": ("now", "received"),
}
"""Groups of facts whose fields are the same for every lead."""


class BodyFormat(StrEnum):
    """How fields are written into a request."""

    JSON = "json"
    FORM = "form"
    XML = "xml"
    QUERY = "query"
    """No body: all fields go into the URL's query."""


class Mapped(Document):
    """One field of a request: what it is called there, and where its value comes from."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    """The name there. In JSON and XML dots nest: `lead.contact.zip`."""
    field: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    """Our field, such as `contact.postal_code`, `attributes.roof_m2`, `lead_id`, `price_cents` or `email_sha256`."""
    value: Constant | None = None
    """A constant, where no field is named; else what is sent when the field is missing."""
    values: Annotated[dict[str, Constant], Field(max_length=500)] = Field(default_factory=dict)
    """Their word for ours, such as `{"owner": "OWN"}`. A value that is not listed is sent as it is."""
    required: bool = False
    """Without a value for this field nothing is sent at all."""

    @field_validator("field")
    @classmethod
    def _exists(cls, field: str | None) -> str | None:
        group, _, name = (field or "").partition(".")
        if group in _KNOWN and name and name not in _KNOWN[group]:
            message = f"is no field of {group}; there are {', '.join(_KNOWN[group])}"
            raise ValueError(message)
        return field

    @model_validator(mode="after")
    def _has_a_value(self) -> Self:
        if self.field is None and self.value is None:
            message = "names neither a field nor a constant value"
            raise ValueError(message)
        return self


class AuthType(StrEnum):
    """How we show the other system who we are."""

    NONE = "none"
    HEADER = "header"
    QUERY = "query"
    BASIC = "basic"
    """The secret is `user:password`."""
    BEARER = "bearer"
    SIGNATURE = "signature"
    """Standard Webhooks: `webhook-id`, `webhook-timestamp`, `webhook-signature`; the secret is a `whsec_...`."""


class Auth(Document):
    """How a request is authenticated, with a secret that is stored elsewhere under a name."""

    type: AuthType = AuthType.NONE
    name: HeaderName | None = None
    """The header or query parameter, for these two types."""
    secret: SecretName | None = None

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if self.type is AuthType.NONE and self.secret is not None:
            message = "names a secret, but not the type of authentication that uses it"
            raise ValueError(message)
        if self.type is not AuthType.NONE and self.secret is None:
            message = f"authentication by {self.type} needs the name of a secret"
            raise ValueError(message)
        if self.type in {AuthType.HEADER, AuthType.QUERY} and self.name is None:
            message = (
                f"authentication by {self.type} needs the name of the {self.type} that carries the secret"
            )
            raise ValueError(message)
        return self


class Match(Document):
    """Something an answer says: a place in it, and the values there that count. All that is given must hold."""

    path: Path | None = None
    """JSON path (`$.result.status`), XPath (`.//status`) or regular expression, by the reader's format.

    None: the whole text.
    """
    equals: Annotated[tuple[Annotated[str, Field(pattern=r"\S")], ...], Field(max_length=50)] = ()
    """Values there, as text, without regard to case: one of them must be found. Empty: any value.

    Null and what is empty (a text, a list, an object) is never found. Numbers are compared as they are written.
    """
    contains: Annotated[str, Field(min_length=1, max_length=500)] | None = None
    """Text that must be part of what is found, without regard to case."""
    status: Annotated[tuple[Annotated[int, Field(ge=100, le=599)], ...], Field(max_length=20)] = ()
    """HTTP status codes: one of them must be the answer's.

    Empty: any that a system answers with which has made up its mind. To accept that is 2xx; to reject, 2xx and 4xx
    other than 408, 425 and 429. So no gateway's error page sells a lead, whatever words are on it.
    """

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.path or self.equals or self.contains or self.status):
            message = "needs a path, equals, contains or status; without any of them it fits every answer"
            raise ValueError(message)
        return self


class PriceUnit(StrEnum):
    """In what a price is written."""

    MAJOR = "major"
    """Dollars, euros: `12.50`."""
    CENTS = "cents"


class Reader(Document):
    """How an answer is read. What neither `accepted` nor `rejected` fits is no answer."""

    format: Literal["json", "xml", "text"] = "json"
    accepted: Match = Field(default_factory=lambda: Match(status=(200, 201, 202)))
    rejected: Match | None = None
    """Looked at first. A 4xx that neither of the two fits is a rejection as well, as the request was refused.

    Not so 408, 425 and 429, which ask for patience: like 3xx, 5xx and what cannot be read they are no answer.
    """
    duplicate: Match = Match(contains="duplic")
    """How it says that it has the lead already, besides status 409. At a repetition that is no refusal: it may have it

    from the post before, so the lead stays held."""
    price: Path | None = None
    """Where the bid is: digits, with or without thousands commas, a dot and decimals, a `$`, `€` or `£` before them.

    Rounded down to whole cents. Anything else, and more than 100,000.00, is no price.
    """
    price_unit: PriceUnit = PriceUnit.MAJOR
    reason: Path | None = None
    """Where the reason of a rejection is."""
    reference: Path | None = None
    """Where their own number for the lead or bid is."""

    @field_validator("accepted", "rejected", "price", "reason", "reference")
    @classmethod
    def _can_be_found(cls, value: Match | str | None, info: ValidationInfo) -> Match | str | None:
        path = value.path if isinstance(value, Match) else value
        if path is not None and "format" in info.data:
            from baton.domain.places import place

            try:
                place(info.data["format"], path)
            except ValueError as error:
                message = f"path: {error}" if isinstance(value, Match) else str(error)
                raise ValueError(message) from error
        return value


class Endpoint(Document):
    """One address of another system, and how to speak with it."""

    url: Url
    method: Literal["GET", "POST", "PUT"] = "POST"
    format: BodyFormat = BodyFormat.JSON
    root: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_.-]{0,63}$")] = "lead"
    """Name of the outermost element, for XML."""
    fields: Annotated[tuple[Mapped, ...], Field(max_length=300)] = ()
    query: Annotated[tuple[Mapped, ...], Field(max_length=50)] = ()
    """Fields that go into the URL's query whatever the format."""
    headers: Annotated[
        dict[HeaderName, Annotated[str, Field(max_length=1000, pattern=r"^[ -~]*$")]], Field(max_length=30)
    ] = Field(default_factory=dict)
    """Further headers, the same for every lead. Of those that Baton sends only `content-type` and `accept`."""
    auth: Auth = Field(default_factory=Auth)
    timeout_ms: Annotated[int, Field(ge=50, le=MAX_TIMEOUT_MS)] = 5_000
    reads: Reader = Field(default_factory=Reader)

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        from baton.domain.endpoint_checks import problems

        if found := problems(self):
            raise ValueError("; ".join(found))
        return self
