"""The whole configuration as one file: sections of documents, as people read and write them."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final, Self

from pydantic import Field, ValidationError, model_validator

from baton.domain.campaign import Campaign
from baton.domain.documents import Configured, Document, Id
from baton.domain.editing import DraftPlan
from baton.domain.errors import FieldError
from baton.domain.plan import Stage
from baton.domain.pool import Pool
from baton.domain.recipient import Recipient
from baton.domain.reports.digest import Digest
from baton.domain.source import Source
from baton.domain.subscription import Subscription


class FileDraft(Document):
    """A plan's draft, in a file."""

    stages: Annotated[tuple[Stage, ...], Field(max_length=50)] = ()
    fallback: Id | None = None


class FilePlan(Configured):
    """A plan in a file: what leads follow and what they may follow next."""

    kind = "plan"

    version: Annotated[int, Field(ge=1)] | None = None
    """For people to know. Importing other content than the published makes the next version, whatever this says."""
    stages: Annotated[tuple[Stage, ...], Field(max_length=50)] = ()
    fallback: Id | None = None
    draft: FileDraft | None = None

    @model_validator(mode="after")
    def _has_content(self) -> Self:
        if not self.stages and (self.draft is None or self.fallback or self.version):
            message = "a plan needs stages, or a draft alone"
            raise ValueError(message)
        return self

    @property
    def draft_plan(self) -> DraftPlan | None:
        """The draft as it is stored."""
        draft = self.draft
        return DraftPlan(id=self.id, stages=draft.stages, fallback=draft.fallback) if draft else None


SECTIONS: Final[dict[str, type[Configured]]] = {
    "sources": Source,
    "campaigns": Campaign,
    "recipients": Recipient,
    "pools": Pool,
    "plans": FilePlan,
    "subscriptions": Subscription,
    "digests": Digest,
}
"""In the order in which a person reads them."""

type Entries = dict[str, dict[str, Configured]]
"""Documents by section and id."""


ENOUGH: Final = 100
"""Errors after which no more are looked for: nobody mends more at once, and looking takes its time."""


def read_file(sections: Any) -> tuple[Entries, dict[str, dict[str, str]], list[FieldError]]:
    """The documents of a file by section and id, the place of each, and everything that is wrong with their shape."""
    entries: Entries = {name: {} for name in SECTIONS}
    places: dict[str, dict[str, str]] = {name: {} for name in SECTIONS}
    if not isinstance(sections, Mapping):
        return entries, places, [FieldError("", "must be a mapping of sections")]
    known = ", ".join(SECTIONS)
    errors = [
        FieldError(str(name), f"is no section; there are {known}")
        for name in sections
        if name not in SECTIONS
    ]
    for name, kind in SECTIONS.items():
        raw = sections.get(name)
        if raw is not None and not isinstance(raw, list):
            errors.append(FieldError(name, "must be a list"))
            continue
        for index, entry in enumerate(raw or ()):
            if len(errors) >= ENOUGH:
                break
            place = f"{name}[{index}]"
            try:
                document = kind.model_validate(entry)
            except ValidationError as error:
                errors.extend(shape_errors(error, entry, place))
                continue
            if document.id in entries[name]:
                problem = f"'{document.id}' is there already, at {places[name][document.id]}"
                errors.append(FieldError(f"{place}.id", problem))
            entries[name].setdefault(document.id, document)
            places[name].setdefault(document.id, place)
    return entries, places, errors


def shape_errors(error: ValidationError, raw: Any, place: str) -> list[FieldError]:
    """What pydantic found wrong with `raw`, each at its place in the file. Never repeats what was written there."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return [
        FieldError(
            place_of(one["loc"], raw, place, missing=one["type"] == "missing"),
            one["msg"].removeprefix("Value error, "),
        )
        for one in found
    ]


def place_of(path: Sequence[int | str], raw: Any, place: str, *, missing: bool) -> str:
    """Where in the file: a path that leaves out pydantic's names for the kinds of a union, which nobody wrote."""
    at = raw
    for index, part in enumerate(path):
        if isinstance(at, Mapping) and part in at:
            place, at = f"{place}.{part}", at[part]
        elif isinstance(at, list) and isinstance(part, int) and part < len(at):
            place, at = f"{place}[{part}]", at[part]
        elif missing and index == len(path) - 1:
            place = f"{place}.{part}"
    return place
