"""What routes ask of the request that is being answered: who sent it, and with which headers."""

from collections.abc import Mapping

from aws_lambda_powertools.event_handler.router import APIGatewayRouter

from baton.entrypoints.console.users import User


def author_of(router: APIGatewayRouter) -> str:
    """The name of the user who sent it, for the change log."""
    return User.of(router.current_event.raw_event).name


def parameters_of(router: APIGatewayRouter) -> set[str]:
    """The names of what stands in the query."""
    event = router.current_event.raw_event
    return {
        *(event.get("queryStringParameters") or ()),
        *(event.get("multiValueQueryStringParameters") or ()),
    }


def headers_of(router: APIGatewayRouter) -> Mapping[str, str]:
    """The headers, in lower case."""
    return {
        name.lower(): value for name, value in (router.current_event.raw_event.get("headers") or {}).items()
    }
