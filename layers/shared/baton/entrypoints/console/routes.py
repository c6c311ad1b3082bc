"""How one handler serves several resources: under the names and types of each, for the resolver and for OpenAPI."""

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Final

from aws_lambda_powertools.event_handler.openapi.params import Body, Path, Query
from aws_lambda_powertools.event_handler.router import APIGatewayRouter
from pydantic import BaseModel

from baton.domain.documents import ID_PATTERN, Configured
from baton.domain.errors import FieldError, NotFound
from baton.entrypoints.console.answers import Answer
from baton.entrypoints.console.caller import parameters_of
from baton.entrypoints.problems import InvalidRequest

DEFAULT_PAGE: Final = 50
MAX_PAGE: Final = 200
MAX_CURSOR: Final = 200
LEAD_ID_PATTERN: Final = r"^[0-9a-f]{32}$"

Limit = Annotated[int, Query(ge=1, le=MAX_PAGE, description="How many at most.")]
After = Annotated[str | None, Query(max_length=MAX_CURSOR, description="`next` of the page before this one.")]
Key = Annotated[str, Path(description="The id.")]

_KEY: Final = re.compile(r"<(\w+_id)>")
_ID: Final = re.compile(ID_PATTERN)
_LEAD_ID: Final = re.compile(LEAD_ID_PATTERN)


class Router(APIGatewayRouter):
    """Some routes, and which of them only read although nobody sends them with GET."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.reading: list[tuple[str, re.Pattern[str]]] = []
        """Method and path of each."""


class Routes:
    """The routes of one part of the API, and how the OpenAPI document describes them."""

    def __init__(self, tag: str) -> None:
        self.router = Router()
        self._tag = tag

    def add(
        self,
        method: str,
        path: str,
        handler: Callable[..., Answer],
        name: str,
        *answers: Mapping[int, Any],
        summary: str = "",
        body: Any = None,
        reads: bool = False,
    ) -> None:
        """Serve a path. The handler's `key` is what stands in the path's `<..._id>`, its `document` a `body`.

        Without a summary, the first sentence of the handler's docstring is one. A route that `reads` changes nothing,
        whatever its method: viewers may use it.
        """
        if reads:
            self.router.reading.append((method, re.compile(re.sub(r"<\w+>", "[^/]+", path))))
        key = _KEY.search(path)
        self.router.route(
            path,
            method,
            summary=summary or (handler.__doc__ or "").partition("\n")[0].rstrip("."),
            operation_id=name,
            responses={status: said for answer in answers for status, said in answer.items()},
            tags=[self._tag],
        )(_under(handler, key[1] if key else "key", body))


def _under(handler: Callable[..., Answer], key: str, body: Any) -> Callable[..., Answer]:
    """The handler with its parameters named and typed as this route has them: the resolver goes by both."""

    def route(**given: Any) -> Answer:
        return handler(**{"key" if name == key else name: value for name, value in given.items()})

    taken: dict[str, dict[str, Any]] = {
        "key": {"name": key},
        "document": {"annotation": Annotated[body, Body()]},
    }
    parameters = [
        parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY, **taken.get(parameter.name, {}))
        for parameter in inspect.signature(handler).parameters.values()
    ]
    route.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return route


def spread(handler: Callable[..., Answer], router: APIGatewayRouter) -> Callable[..., Answer]:
    """The handler with a parameter for each field of `asked`, its model of what stands in the query.

    Nothing else may stand there. The resolver takes such a model too, but its OpenAPI document then has neither types
    nor limits of the fields.
    """
    model: type[BaseModel] = inspect.signature(handler).parameters["asked"].annotation
    known = sorted(field.alias or name for name, field in model.model_fields.items())

    def route(**given: Any) -> Answer:
        check_parameters(router, known)
        return handler(asked=model.model_validate(given, by_name=True))

    route.__doc__ = handler.__doc__
    route.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter(
                name,
                inspect.Parameter.KEYWORD_ONLY,
                default=inspect.Parameter.empty if field.is_required() else field.default,
                annotation=Annotated[
                    field.annotation, *field.metadata, Query(alias=field.alias, description=field.description)
                ],
            )
            for name, field in model.model_fields.items()
        ]
    )
    return route


def check_parameters(router: APIGatewayRouter, known: Sequence[str]) -> None:
    """Raises InvalidRequest where the query has others: a misspelt one would be taken for one that was heeded."""
    problem = f"is no parameter here; there are {', '.join(known)}"
    strangers = sorted(parameters_of(router).difference(known))
    if strangers:
        raise InvalidRequest([FieldError(name, problem) for name in strangers])


def existing_id(kind: type[Configured], key: str) -> str:
    """The key, if it could be one at all. Raises NotFound."""
    if not _ID.fullmatch(key):
        raise NotFound(kind.kind, key)
    return key


def existing_lead(key: str) -> str:
    """The key, if it could be a lead's at all. Raises NotFound."""
    if not _LEAD_ID.fullmatch(key):
        raise NotFound("lead", key)
    return key
