"""Sources, campaigns, recipients, pools, subscriptions and digests: kept in one way, from the list to the deletion."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from baton.domain.campaign import Campaign
from baton.domain.errors import FieldError
from baton.domain.pool import Pool
from baton.domain.recipient import Recipient
from baton.domain.reports.digest import Digest
from baton.domain.source import Source
from baton.domain.subscription import Subscription
from baton.entrypoints.console.answers import Answer, Listing, described, listing, nothing, of_stored
from baton.entrypoints.console.caller import author_of, headers_of
from baton.entrypoints.console.preconditions import expected_rev, must_be_new
from baton.entrypoints.console.routes import DEFAULT_PAGE, After, Key, Limit, Router, Routes, existing_id
from baton.entrypoints.problems import InvalidRequest

if TYPE_CHECKING:
    from baton.application.edit_configuration import EditConfiguration


@dataclass(frozen=True, slots=True)
class Resource:
    """A kind of document and where it is on the web."""

    kind: type[Source | Campaign | Recipient | Pool | Subscription | Digest]
    plural: str

    @property
    def name(self) -> str:
        """One of them."""
        return self.kind.kind

    @property
    def key(self) -> str:
        """The path's name for an id. One path has one name for it, and a lead's path has `source_id`."""
        return f"{self.name}_id"


RESOURCES: Final = (
    Resource(Source, "sources"),
    Resource(Campaign, "campaigns"),
    Resource(Recipient, "recipients"),
    Resource(Pool, "pools"),
    Resource(Subscription, "subscriptions"),
    Resource(Digest, "digests"),
)


class Documents:
    """The operations on one resource."""

    def __init__(self, resource: Resource, router: Router, edit: Callable[[], "EditConfiguration"]) -> None:
        self._resource = resource
        self._router = router
        self._edit = edit

    def page(self, limit: Limit = DEFAULT_PAGE, after: After = None) -> Answer:
        """Some of them, by id."""
        page = self._edit().page(self._resource.kind, limit, after)
        return listing(page.items, page.after)

    def create(self, document: Any) -> Answer:
        """A new one."""
        stored = self._edit().create(document, author_of(self._router))
        # Relative to the address that was posted to, which behind a stage or a domain is known to the caller alone.
        return of_stored(stored, status=201, Location=f"{self._resource.plural}/{document.id}")

    def read(self, key: Key) -> Answer:
        """One of them."""
        stored = self._edit().find(self._resource.kind, existing_id(self._resource.kind, key))
        return of_stored(stored, headers_of(self._router))

    def replace(self, key: Key, document: Any) -> Answer:
        """One of them as it is to become, or a new one where the caller says so."""
        if document.id != key:
            raise InvalidRequest([FieldError("id", f"must be '{key}', as in the address")])
        headers, author = headers_of(self._router), author_of(self._router)
        if must_be_new(headers):
            return of_stored(self._edit().create(document, author), status=201)
        rev = expected_rev(headers, lambda: self._rev(key))
        return of_stored(self._edit().replace(document, rev, author))

    def delete(self, key: Key) -> Answer:
        """One of them, gone."""
        kind = self._resource.kind
        existing_id(kind, key)
        rev = expected_rev(headers_of(self._router), lambda: self._rev(key))
        self._edit().delete(kind, key, rev, author_of(self._router))
        return nothing()

    def _rev(self, key: str) -> int:
        return self._edit().find(self._resource.kind, existing_id(self._resource.kind, key)).rev


def documents(resource: Resource, edit: Callable[[], "EditConfiguration"]) -> Router:
    """The routes of one resource."""
    kind, name, plural = resource.kind, resource.name, resource.plural
    routes = Routes(plural)
    serve, add = Documents(resource, routes.router, edit), routes.add
    many, one = f"/v1/{plural}", f"/v1/{plural}/<{resource.key}>"
    locked = ("not-found", "precondition-required", "edit-conflict")
    sent = ("malformed-body", "unsupported-media-type", "body-too-large", "invalid-configuration")
    listed = described(200, Listing[kind], f"{plural.title()}, by id.")  # type: ignore[valid-type]
    created = described(201, kind, f"The new {name}, with its ETag.", "already-exists", *sent)
    found = described(200, kind, f"The {name}; its ETag is what If-Match wants.", "not-found")
    replaced = described(200, kind, f"The {name} as stored, with its ETag.", *locked, "already-exists", *sent)
    gone = described(204, None, f"The {name} is gone.", "in-use", *locked)
    add("GET", many, serve.page, f"list_{plural}", listed, summary=f"List {plural}")
    add("POST", many, serve.create, f"create_{name}", created, summary=f"Create a {name}", body=kind)
    add("GET", one, serve.read, f"read_{name}", found, summary=f"Read a {name}")
    add(
        "PUT",
        one,
        serve.replace,
        f"replace_{name}",
        created,
        replaced,
        summary=f"Replace a {name}",
        body=kind,
    )
    add("DELETE", one, serve.delete, f"delete_{name}", gone, summary=f"Delete a {name}")
    return routes.router
