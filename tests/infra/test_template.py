"""What is deployed: safe by itself, watched, and nothing that anybody could have forgotten."""

import json
import re
from typing import Any, Final

import pytest

from baton.domain.trouble import DEAD_LETTERS
from baton.entrypoints.console import users
from local import openapi
from tests.infra.deployed import functions, in_stage, properties, resources, source, statements, template

# Actions that know no resource, or none that can be named beforehand; everything else names what it may touch.
ON_EVERYTHING: Final = {
    "xray:PutTraceSegments": "X-Ray knows no resources",
    "xray:PutTelemetryRecords": "X-Ray knows no resources",
    "sns:CheckIfPhoneNumberIsOptedOut": "SNS knows no resource for a phone number",
    "states:SendTaskSuccess": "a task token stands for one waiting step, and no resource for it exists",
}
# Physical names must not collide where two stacks share an account.
NAMES: Final = {"LayerName", "Name", "FunctionName", "TableName", "QueueName", "TopicName", "RoleName"}
NOT_PHYSICAL: Final = {
    "AWS::Athena::NamedQuery",
    "AWS::Lambda::Alias",
    "AWS::Lambda::EventInvokeConfig",
    "AWS::Lambda::EventSourceMapping",
    "AWS::Lambda::Permission",
    "AWS::Lambda::Version",
}
STAGES: Final = ("dev", "prod")
KEEP_LOGS_DAYS: Final = {"dev": 14, "prod": 365}
MAX_ROUTES_OF_A_FUNCTION: Final = 45

every_function = pytest.mark.parametrize(("name", "given"), functions().items(), ids=functions().keys())
every_table = pytest.mark.parametrize("name", properties("AWS::DynamoDB::Table"))


def as_list(value: Any) -> list[Any]:
    """What may stand alone or in a list, as a list."""
    return value if isinstance(value, list) else [value]


def test_no_role_may_do_everything_of_anything() -> None:
    actions = {(role, action) for role, given in statements() for action in as_list(given["Action"])}

    assert {pair for pair in actions if "*" in pair[1]} == set()


def test_only_what_knows_no_resource_is_allowed_on_all_of_them() -> None:
    broad = {
        action
        for _, given in statements()
        for action in as_list(given["Action"])
        if given["Effect"] == "Allow" and "*" in as_list(given.get("Resource"))
    }

    assert broad == set(ON_EVERYTHING)


def test_the_one_exception_that_names_what_it_may_not_touch_is_sending_an_sms() -> None:
    found = [(role, given["Action"]) for role, given in statements() if "NotResource" in given]

    assert found == [(f"{who}Role", ["sns:Publish"]) for who in ("Merge", "Offer", "Retell", "Attend")]


def test_every_role_is_written_out_here() -> None:
    managed = {name for name, role in properties("AWS::IAM::Role").items() if "ManagedPolicyArns" in role}
    named = {name for name, kind in template()["Resources"].items() if kind["Type"] == "AWS::IAM::Policy"}

    assert managed | named == set()


def test_every_role_can_be_taken_by_one_service_only() -> None:
    for role in properties("AWS::IAM::Role").values():
        trust = role["AssumeRolePolicyDocument"]["Statement"]

        assert [as_list(given["Action"]) for given in trust] == [["sts:AssumeRole"]]
        assert all(isinstance(given["Principal"]["Service"], str) for given in trust)


@every_function
def test_a_function_runs_on_what_the_layer_is_built_for(name: str, given: dict[str, Any]) -> None:
    assert (given["Runtime"], given["Architectures"]) == ("python3.13", ["arm64"])
    assert len(given["Layers"]) == 1


@every_function
def test_a_function_is_bounded_traced_and_logs_for_a_stated_time(name: str, given: dict[str, Any]) -> None:
    logs = properties("AWS::Logs::LogGroup")[given["LoggingConfig"]["LogGroup"]["Ref"]]

    assert given["Timeout"] <= 60
    assert given["MemorySize"]
    assert given["TracingConfig"] == {"Mode": "Active"}
    assert {stage: in_stage(logs["RetentionInDays"], stage) for stage in STAGES} == KEEP_LOGS_DAYS


@every_function
def test_a_function_has_a_role_and_a_log_group_of_its_own(name: str, given: dict[str, Any]) -> None:
    assert given["Role"] == {"Fn::GetAtt": [f"{name.title()}Role", "Arn"]}
    assert given["LoggingConfig"] == {"LogGroup": {"Ref": f"{name.title()}Logs"}}


@every_function
def test_a_step_of_the_workflow_gives_up_before_the_workflow_does(name: str, given: dict[str, Any]) -> None:
    assert given["Timeout"] < 30 or name in {"sweep", "reweigh", "count", "digest"}


@every_function
def test_every_change_of_a_function_gets_a_new_version(name: str, given: dict[str, Any]) -> None:
    written = source()["Resources"][f"{name.title()}Function"]["Properties"]

    assert written["AutoPublishAliasAllProperties"] is True
    assert f"{name.title()}FunctionAliaslive" in resources("AWS::Lambda::Alias")


def test_a_change_of_the_layer_alone_gets_a_new_version_of_every_function() -> None:
    assert source()["Resources"]["SharedLayer"]["Properties"]["PublishLambdaVersion"] is True


def test_whoever_calls_a_function_calls_its_alias() -> None:
    callers = [given["FunctionName"] for given in properties("AWS::Lambda::Permission").values()]
    callers += [given["Target"]["Arn"] for given in properties("AWS::Scheduler::Schedule").values()]

    assert callers
    assert {name["Ref"] for name in callers} <= set(resources("AWS::Lambda::Alias"))


@every_table
def test_a_table_is_encrypted_can_be_restored_and_outlives_the_stack(name: str) -> None:
    table, given = resources("AWS::DynamoDB::Table")[name], properties("AWS::DynamoDB::Table")[name]

    assert given["SSESpecification"] == {"SSEEnabled": True}
    assert given["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert given["BillingMode"] == "PAY_PER_REQUEST"
    assert (table["DeletionPolicy"], table["UpdateReplacePolicy"]) == ("Retain", "Retain")


@every_table
def test_a_table_is_protected_against_deletion_in_prod(name: str) -> None:
    protected = properties("AWS::DynamoDB::Table")[name]["DeletionProtectionEnabled"]

    assert {stage: in_stage(protected, stage) for stage in STAGES} == {"dev": False, "prod": True}


def dead_letter_queues() -> set[str]:
    """The queues that something sends what it could not deal with."""
    queues = properties("AWS::SQS::Queue")
    given = json.dumps(
        [
            properties("AWS::Scheduler::Schedule"),
            properties("AWS::Lambda::EventInvokeConfig"),
            [queue.get("RedrivePolicy") for queue in queues.values()],
            [
                target.get("DeadLetterConfig")
                for rule in properties("AWS::Events::Rule").values()
                for target in rule["Targets"]
            ],
            [
                given.get("DestinationConfig")
                for given in properties("AWS::Lambda::EventSourceMapping").values()
            ],
        ]
    )
    return {name for name in queues if f'"{name}"' in given}


def test_what_a_queue_s_function_keeps_failing_at_is_not_thrown_away() -> None:
    working = set(properties("AWS::SQS::Queue")) - dead_letter_queues()

    assert {name for name in working if "RedrivePolicy" in properties("AWS::SQS::Queue")[name]} == working


def test_operations_hear_of_every_dead_letter() -> None:
    watched = {
        dimension["Value"]["Fn::GetAtt"][0]
        for alarm in properties("AWS::CloudWatch::Alarm").values()
        if alarm["MetricName"] == "ApproximateNumberOfMessagesVisible"
        for dimension in alarm["Dimensions"]
    }

    assert dead_letter_queues()
    assert dead_letter_queues() <= watched


def test_dead_letters_are_kept_as_long_as_possible_and_encrypted() -> None:
    for name in dead_letter_queues():
        queue = properties("AWS::SQS::Queue")[name]

        assert (queue["MessageRetentionPeriod"], queue["SqsManagedSseEnabled"]) == (14 * 24 * 3600, True)


def test_every_alarm_is_told_to_operations_and_says_what_it_means() -> None:
    for alarm in properties("AWS::CloudWatch::Alarm").values():
        assert alarm["AlarmActions"] == [{"Ref": "AlertTopic"}]
        assert len(alarm["AlarmDescription"]) > 20


def test_there_is_an_alarm_for_every_way_in_which_leads_could_get_stuck() -> None:
    watched = {alarm["MetricName"] for alarm in properties("AWS::CloudWatch::Alarm").values()}

    assert {"ExecutionsFailed", "5XXError", "ApproximateNumberOfMessagesVisible"} <= watched


def test_the_api_is_throttled() -> None:
    (stage,) = properties("AWS::ApiGateway::Stage").values()
    (everything,) = stage["MethodSettings"]

    assert (everything["HttpMethod"], everything["ResourcePath"]) == ("*", "/*")
    for name in STAGES:
        assert in_stage(everything["ThrottlingRateLimit"], name) > 0
        assert in_stage(everything["ThrottlingBurstLimit"], name) > 0


def routes() -> dict[tuple[str, str], dict[str, Any]]:
    """Every route of the API, as path and method."""
    (api,) = properties("AWS::ApiGateway::RestApi").values()
    paths = api["Body"]["paths"]
    return {(path, method): route for path, methods in paths.items() for method, route in methods.items()}


def test_every_route_is_described_and_every_description_has_its_route() -> None:
    described = {
        (path, method) for path, operations in openapi.document()["paths"].items() for method in operations
    }

    assert set(routes()) == described


def test_the_description_that_is_committed_is_that_of_the_routes() -> None:
    assert json.loads(openapi.FILE.read_text()) == openapi.document()


def test_only_who_sends_a_lead_has_a_form_or_answers_an_offer_needs_not_sign_in() -> None:
    open_to_all = {place for place, route in routes().items() if route.get("security") != [{"Users": []}]}

    assert open_to_all == {
        ("/v1/sources/{source_id}/leads", "post"),
        ("/v1/sources/{source_id}/leads", "options"),
        ("/v1/sources/{source_id}/pings", "post"),
        ("/v1/sources/{source_id}/hooks/{format}", "get"),
        ("/v1/sources/{source_id}/hooks/{format}", "post"),
        ("/v1/baton.js", "get"),
        ("/console", "get"),
        ("/console/{file}", "get"),
        ("/v1/leads/{lead_id}/returns", "post"),
        ("/v1/sources/{source_id}/outcomes", "post"),
        ("/v1/slack/actions", "post"),
        ("/v1/subscriptions/{subscription_id}/outcomes", "post"),
        ("/v1/offers/{token}", "get"),
        ("/v1/offers/{token}", "post"),
        ("/v1/offers/{token}/settings", "get"),
        ("/v1/offers/{token}/settings", "post"),
    }


def test_the_description_says_the_same_of_who_must_sign_in() -> None:
    described = openapi.document()
    free = {
        (path, method)
        for path, operations in described["paths"].items()
        for method, operation in operations.items()
        if operation.get("security", described["security"]) == []
    }

    assert free == {place for place, route in routes().items() if route["security"] == [{"NONE": []}]}


def test_a_policy_has_room_for_the_routes_of_each_function() -> None:
    """A statement is some 450 bytes, and all of one alias's together at most 20 KB."""
    callers = [
        given["FunctionName"]["Ref"]
        for given in properties("AWS::Lambda::Permission").values()
        if given["Principal"] == "apigateway.amazonaws.com"
    ]

    assert callers
    assert max(callers.count(name) for name in callers) <= MAX_ROUTES_OF_A_FUNCTION


def test_users_are_made_by_an_admin_with_strong_passwords_and_outlive_the_stack() -> None:
    ((name, pool),) = properties("AWS::Cognito::UserPool").items()
    made, passwords = resources("AWS::Cognito::UserPool")[name], pool["Policies"]["PasswordPolicy"]

    assert pool["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}
    assert passwords["MinimumLength"] >= 12
    assert all(passwords[f"Require{kind}"] for kind in ("Lowercase", "Uppercase", "Numbers", "Symbols"))
    assert (made["DeletionPolicy"], made["UpdateReplacePolicy"]) == ("Retain", "Retain")
    assert {stage: in_stage(pool["DeletionProtection"], stage) for stage in STAGES} == {
        "dev": "INACTIVE",
        "prod": "ACTIVE",
    }


def test_whoever_signs_in_needs_no_secret_and_learns_not_who_exists() -> None:
    clients = properties("AWS::Cognito::UserPoolClient")

    assert set(clients) == {"UserPoolClient", "ConsoleClient"}
    for client in clients.values():
        assert client["GenerateSecret"] is False
        assert client["PreventUserExistenceErrors"] == "ENABLED"


def test_the_console_gets_tokens_by_a_code_alone_and_only_at_its_own_address() -> None:
    client = properties("AWS::Cognito::UserPoolClient")["ConsoleClient"]
    addresses = json.dumps([client["CallbackURLs"], client["LogoutURLs"]])

    assert (client["AllowedOAuthFlows"], client["AllowedOAuthScopes"]) == (["code"], ["openid"])
    assert client["ExplicitAuthFlows"] == ["ALLOW_REFRESH_TOKEN_AUTH"]
    assert addresses.count("/console/") == 4
    assert "localhost" not in addresses


def test_there_are_the_two_groups_that_the_api_knows() -> None:
    groups = {given["GroupName"] for given in properties("AWS::Cognito::UserPoolGroup").values()}

    assert groups == {users.ADMIN, users.VIEWER}


def test_two_stacks_can_live_in_one_account() -> None:
    named = {
        (name, key): value
        for name, resource in template()["Resources"].items()
        if resource["Type"] not in NOT_PHYSICAL
        for key, value in resource.get("Properties", {}).items()
        if key in NAMES
    }

    assert {place for place, value in named.items() if "AWS::StackName" not in json.dumps(value)} == set()


def test_every_parameter_has_a_default_and_says_what_it_does() -> None:
    for parameter in template()["Parameters"].values():
        assert "Default" in parameter
        assert parameter["Description"]


def test_what_signs_the_links_is_generated_and_never_written_down() -> None:
    (secret,) = properties("AWS::SecretsManager::Secret").values()

    assert "SecretString" not in secret
    assert secret["GenerateSecretString"]["PasswordLength"] >= 64


def test_every_queue_of_dead_letters_is_looked_at_and_told_of_in_words() -> None:
    """One that nobody looks at may as well not be there. An alarm rings once, and is forgotten."""
    given = json.dumps(functions()["diagnose"]["Environment"]["Variables"]["DEAD_LETTER_QUEUES"])
    looked_at = dict(re.findall(r'"(\w+)=\$\{(\w+)\}"', given))
    queues = {name for name in properties("AWS::SQS::Queue") if name.endswith("DeadLetters")} | {"Uncounted"}

    assert set(looked_at.values()) == queues
    assert set(looked_at) == set(DEAD_LETTERS)
