"""The Secrets port over encrypted parameters: what is stored, how long it is believed, and what passes."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from baton.adapters.doubles import MemorySecrets
from baton.adapters.parameter_secrets import KEPT_S, MISSING_KEPT_S, RETRY_S, ParameterSecrets
from baton.application.outgoing import Secrets
from baton.domain.errors import StoreUnavailable

NAME = "recipient/harbor/post-token"
VALUE = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw {}\\ ~"


class Counted:
    """A client that counts its calls, and fails where a test says so."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self.calls: list[str] = []
        self.fails: Exception | None = None

    def __getattr__(self, name: str) -> Any:
        def operation(**given: Any) -> Any:
            self.calls.append(name)
            if self.fails:
                raise self.fails
            return getattr(self._inner, name)(**given)

        return operation


class Stored:
    """Secrets in moto, on a clock that a test moves."""

    def __init__(self, client: Any) -> None:
        self.client, self.now = Counted(client), 1_000.0
        self.secrets = self.another_process()

    def another_process(self) -> ParameterSecrets:
        """One that knows nothing yet."""
        return ParameterSecrets(self.client, "/baton-dev/secrets", lambda: self.now)


@pytest.fixture
def stored(aws: Callable[[str], Any]) -> Stored:
    """An empty store."""
    return Stored(aws("ssm"))


@pytest.fixture(params=["memory", "ssm"])
def secrets(request: pytest.FixtureRequest) -> Secrets:
    """Both implementations."""
    if request.param == "memory":
        return MemorySecrets()
    found: Stored = request.getfixturevalue("stored")
    return found.secrets


def an_error(code: str) -> ClientError:
    """An error as botocore raises it."""
    return ClientError({"Error": {"Code": code, "Message": f"Value '{VALUE}' is not valid"}}, "PutParameter")


def test_a_secret_that_was_stored_is_found_and_no_other(secrets: Secrets) -> None:
    secrets.put(NAME, VALUE)

    assert secrets.get(NAME) == VALUE
    assert secrets.get("recipient/harbor/post-toke") is None
    assert secrets.get("recipient/harbor") is None


def test_whether_a_secret_is_there_is_known_without_reading_it(secrets: Secrets) -> None:
    secrets.put(NAME, VALUE)

    assert [secrets.has(name) for name in (NAME, "recipient/harbor/post-toke", "recipient/harbor")] == [
        True,
        False,
        False,
    ]


def test_a_secret_can_be_replaced(secrets: Secrets) -> None:
    for value in ("first", "second"):
        secrets.put(NAME, value)

    assert secrets.get(NAME) == "second"


def test_what_is_stored_is_encrypted_and_costs_nothing(stored: Stored, aws: Callable[[str], Any]) -> None:
    stored.secrets.put(NAME, VALUE)

    (found,) = aws("ssm").describe_parameters()["Parameters"]
    assert (found["Name"], found["Type"]) == (f"/baton-dev/secrets/{NAME}", "SecureString")
    assert found.get("Tier", "Standard") == "Standard"


def test_a_secret_is_read_once_in_five_minutes(stored: Stored) -> None:
    stored.secrets.put(NAME, "old")
    reader = stored.another_process()
    assert [reader.get(NAME), reader.get(NAME)] == ["old", "old"]
    stored.secrets.put(NAME, "new")

    stored.now += KEPT_S - 1
    assert reader.get(NAME) == "old"
    stored.now += 1
    assert reader.get(NAME) == "new"
    assert stored.client.calls.count("get_parameter") == 2


def test_that_there_is_none_is_believed_for_a_short_time_only(stored: Stored) -> None:
    reader = stored.another_process()
    assert [reader.get(NAME), reader.get(NAME)] == [None, None]
    assert stored.client.calls.count("get_parameter") == 1
    stored.secrets.put(NAME, VALUE)

    stored.now += MISSING_KEPT_S
    assert reader.get(NAME) == VALUE


def test_whoever_stored_a_secret_uses_it_at_once(stored: Stored) -> None:
    assert stored.secrets.get(NAME) is None
    stored.secrets.put(NAME, VALUE)

    assert stored.secrets.get(NAME) == VALUE
    assert stored.client.calls.count("get_parameter") == 1


def test_the_old_secret_holds_while_a_new_reading_fails(stored: Stored) -> None:
    stored.secrets.put(NAME, VALUE)
    stored.now += KEPT_S
    stored.client.fails = ReadTimeoutError(endpoint_url="https://ssm.example")

    assert [stored.secrets.get(NAME), stored.secrets.get(NAME)] == [VALUE, VALUE]
    assert stored.client.calls.count("get_parameter") == 1
    stored.client.fails = None
    stored.now += RETRY_S
    assert stored.secrets.get(NAME) == VALUE
    assert stored.client.calls.count("get_parameter") == 2


@pytest.mark.parametrize("code", ["ThrottlingException", "InternalServerError", "TooManyUpdates"])
def test_what_passes_is_told_as_such_and_without_the_secret(stored: Stored, code: str) -> None:
    stored.client.fails = an_error(code)

    calls: list[Callable[[], object]] = [
        lambda: stored.secrets.get(NAME),
        lambda: stored.secrets.put(NAME, VALUE),
    ]
    for call in calls:
        with pytest.raises(StoreUnavailable) as refused:
            call()
        assert VALUE not in str(refused.value)


def test_what_a_person_has_to_mend_does_not_pass_for_a_missing_secret(stored: Stored) -> None:
    stored.client.fails = an_error("AccessDeniedException")

    with pytest.raises(ClientError):
        stored.secrets.get(NAME)
    stored.client.fails = None
    assert stored.secrets.get(NAME) is None
