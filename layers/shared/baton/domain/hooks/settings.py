"""How a source's hooks are set up: names of secrets, and what each platform's questions are of a lead."""

from typing import Annotated

from pydantic import Field

from baton.domain.documents import Document
from baton.domain.endpoint import SecretName

LeadPath = Annotated[str, Field(pattern=r"^(contact|attributes|attribution|consent)\.[^.]+$", max_length=140)]
Questions = Annotated[dict[Annotated[str, Field(max_length=200)], LeadPath], Field(max_length=200)]
PlatformId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_:-]{1,64}$")]


class GoogleAds(Document):
    """Lead form assets of Google Ads."""

    key: SecretName
    """Name of the secret that holds the webhook key, as it is entered at Google."""


class Meta(Document):
    """Lead ads of Facebook and Instagram."""

    app_secret: SecretName
    verify_token: SecretName
    access_token: SecretName
    """Of the page; it must be allowed to read its leads."""
    form_ids: Annotated[tuple[PlatformId, ...], Field(max_length=200)] = ()
    """Forms that are looked through every quarter of an hour, in case that a webhook was missed. Leads of others come
    by webhooks alone."""
    version: Annotated[str, Field(pattern=r"^v\d{1,3}\.\d{1,2}$")] = "v23.0"
    """Of the Graph API."""


class LinkedIn(Document):
    """Lead gen forms of LinkedIn."""

    client_secret: SecretName
    access_token: SecretName
    version: Annotated[str, Field(pattern=r"^20\d{4}$")] = "202510"
    """Of the API, as year and month."""


class Typeform(Document):
    """Forms of Typeform."""

    secret: SecretName


class Generic(Document):
    """Any JSON, or any form: which part of it is which field of a lead."""

    fields: Annotated[
        dict[LeadPath, Annotated[str, Field(min_length=1, max_length=500)]],
        Field(min_length=1, max_length=200),
    ]
    """By the lead's field: a JSONPath that begins with `$`, or the name of a field of a form."""
    constants: Annotated[dict[LeadPath, str | int | float | bool], Field(max_length=50)] = Field(
        default_factory=dict
    )
    key: Annotated[str, Field(min_length=1, max_length=500)] | None = None
    """Where the sender's own id of the enquiry stands; without it the same body is the same lead."""


class Hooks(Document):
    """What a source takes from platforms. ADF needs no settings: its senders show a key or sign, as any other."""

    google_ads: GoogleAds | None = None
    meta: Meta | None = None
    linkedin: LinkedIn | None = None
    typeform: Typeform | None = None
    generic: Generic | None = None
    questions: Questions = Field(default_factory=dict)
    """By what a platform calls a question: the lead's field, where that is not plain from its name."""
