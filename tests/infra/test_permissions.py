"""Invariant 10: every function can do what it needs and nothing more, and has the settings it needs and no others."""

import json
from collections.abc import Iterator
from typing import Any, Final

import pytest
from moto import mock_aws

from baton.adapters.resting import REST_S, BreakerResting
from tests.infra.days import Days
from tests.infra.deployed import functions, statements
from tests.infra.recorder import ACCOUNT, REGION, Call, Recorder, build_account
from tests.quick_moto import quick_moto

# What Lambda itself does in a function's name.
BY_LAMBDA: Final = (
    "logs:",
    "xray:",
    "sqs:ReceiveMessage",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "dynamodb:DescribeStream",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:ListStreams",
)
# Where Lambda puts the events that a function failed at.
DEAD_LETTERS: Final = "DeadLetters"
# What is Lambda's otherwise, and here the function's own work.
BY_ITSELF: Final = {("diagnose", "sqs:GetQueueAttributes")}
# Read by Powertools when it is imported.
BY_POWERTOOLS: Final = {"POWERTOOLS_SERVICE_NAME", "POWERTOOLS_LOG_LEVEL"}
# Settings that a function's use cases read and that it is not given.
NOT_GIVEN: Final = {
    ("offer", "STATE_MACHINE_ARN"): "it only resumes, and that goes by the task token",
    ("retell", "STATE_MACHINE_ARN"): "likewise",
    (
        "respond",
        "PUBLIC_URL",
    ): "it reads links and makes none; telling it the API's address would be a circle",
    ("adjust", "PUBLIC_URL"): "likewise",
    ("press", "PUBLIC_URL"): "likewise",
    ("press", "STATE_MACHINE_ARN"): "it only resumes, and that goes by the task token",
}
# Settings whose default is right everywhere.
OPTIONAL: Final = {"CONFIG_TTL_S"}
every_function = pytest.mark.parametrize("function", functions())


@pytest.fixture(scope="module")
def seen() -> Iterator[Recorder]:
    """What the functions did in all that can happen to a lead."""
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        patch.setenv("AWS_DEFAULT_REGION", REGION)
        patch.delenv("AWS_ENDPOINT_URL", raising=False)
        patch.setenv("MOTO_ACCOUNT_ID", ACCOUNT)
        quick_moto(patch)
        # One failure is enough to see what happens when a buyer is rested.
        patch.setattr(BreakerResting.__init__, "__kwdefaults__", {"fail_max": 1, "rest_s": REST_S})
        build_account()
        days = Days()
        days.live()
        yield days.recorder


def granted(function: str) -> set[Call]:
    """What the function's role allows its code to do."""
    return {
        (action, thing)
        for role, statement in statements()
        if role == f"{function.title()}Role" and statement["Effect"] == "Allow"
        for action in statement["Action"]
        if (function, action) in BY_ITSELF or not action.startswith(BY_LAMBDA)
        for thing in things(statement)
        if (function, action) in BY_ITSELF or not thing.endswith(DEAD_LETTERS)
    }


def things(statement: dict[str, Any]) -> set[str]:
    """What a statement is about, in short."""
    if "NotResource" in statement:
        return {"a phone"}
    resource = statement["Resource"]
    return {thing(one) for one in (resource if isinstance(resource, list) else [resource])}


def thing(resource: Any) -> str:
    """One resource in short: its name in the template, or what kind of a thing it is."""
    text = json.dumps(resource)
    if "identity/" in text or "configuration-set/" in text:
        return "the sender"
    if ":parameter/" in text:
        return f"secrets/{resource['Fn::Sub'].rpartition('/secrets/')[2].partition('/')[0]}"
    if ":instance/" in text:
        return "the call centre"
    kinds = [kind for kind in ("stateMachine", "execution") if f":{kind}:" in text]
    if kinds:
        return kinds[0]
    if "/index/" in text:
        return str(resource["Fn::Sub"].replace("${LeadsTable.Arn}", "LeadsTable"))
    return str(resource if resource == "*" else resource.get("Ref") or resource["Fn::GetAtt"][0])


@every_function
def test_a_function_does_nothing_that_its_role_does_not_allow(function: str, seen: Recorder) -> None:
    assert seen.calls[function] - granted(function) == set()


@every_function
def test_a_role_allows_nothing_that_its_function_does_not_do(function: str, seen: Recorder) -> None:
    assert granted(function) - seen.calls[function] == set()


@every_function
def test_a_function_reads_every_setting_that_it_is_given(function: str, seen: Recorder) -> None:
    given = set(functions()[function]["Environment"]["Variables"]) - BY_POWERTOOLS

    assert given - seen.read[function] == set()


@every_function
def test_a_function_is_given_every_setting_that_it_reads(function: str, seen: Recorder) -> None:
    given = set(functions()[function]["Environment"]["Variables"])

    excused = {name for owner, name in NOT_GIVEN if owner == function}

    assert seen.read[function] - given - OPTIONAL == excused


@pytest.mark.parametrize("function", ["account", "adjust", "reclaim", "retell", "reweigh", "send"])
def test_who_changes_one_kind_of_document_may_write_that_kind_and_no_other(
    function: str, seen: Recorder
) -> None:
    """The local AWS does not know this condition: what it lets through is checked here."""
    (allowed,) = (
        statement["Condition"]["ForAllValues:StringEquals"]["dynamodb:LeadingKeys"]
        for role, statement in statements()
        if role == f"{function.title()}Role" and "dynamodb:PutItem" in statement["Action"]
        if things(statement) == {"ConfigTable"}
    )

    assert seen.kinds[function] == set(allowed)


def test_who_says_which_secrets_of_a_source_are_there_cannot_decrypt_one() -> None:
    """Parameter Store decrypts for whoever asks, as them, and names the parameter as it does."""
    (denied,) = (
        statement
        for role, statement in statements()
        if role == "AccountRole" and statement["Effect"] == "Deny"
    )
    ((operator, keys),) = denied["Condition"].items()
    ((key, which),) = keys.items()

    assert (denied["Action"], denied["Resource"]) == (["kms:Decrypt"], "*")
    assert (operator, key) == ("StringLike", "kms:EncryptionContext:PARAMETER_ARN")
    assert which["Fn::Sub"].endswith(":parameter/${AWS::StackName}/secrets/source/*")
