"""The template as CloudFormation gets it: translated from SAM, so that what SAM adds by itself is tested too."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

import boto3
from samtranslator.parser.parser import Parser  # type: ignore[import-untyped]
from samtranslator.translator.translator import Translator  # type: ignore[import-untyped]
from samtranslator.yaml_helper import yaml_parse  # type: ignore[import-untyped]

FILE: Final = Path(__file__).parents[2] / "infra" / "template.yaml"
# What `sam deploy` puts in the place of folders.
UPLOADED: Final = "s3://bucket/key"
REGION: Final = "us-east-1"
LOCAL_FOLDERS: Final = ("CodeUri", "ContentUri", "DefinitionUri")
Resource = dict[str, Any]


def source() -> dict[str, Any]:
    """The template as it is written."""
    return cast(dict[str, Any], yaml_parse(FILE.read_text()))


@cache
def template() -> dict[str, Any]:
    """The template as it is deployed."""
    written = source()
    for resource in written["Resources"].values():
        properties = resource.get("Properties", {})
        properties.update({name: UPLOADED for name in LOCAL_FOLDERS if name in properties})
    translator = Translator({}, Parser(), boto_session=boto3.Session(region_name=REGION))
    # The round trip makes plain dictionaries of SAM's own kinds.
    return cast(dict[str, Any], json.loads(json.dumps(translator.translate(written, {}))))


def resources(kind: str) -> dict[str, Resource]:
    """Every resource of a type, by its name in the template."""
    found = template()["Resources"]
    return {name: resource for name, resource in found.items() if resource["Type"] == kind}


def properties(kind: str) -> dict[str, Resource]:
    """The properties of every resource of a type, by its name."""
    return {name: resource.get("Properties", {}) for name, resource in resources(kind).items()}


def statements() -> Iterator[tuple[str, Resource]]:
    """Every statement of every role's own policies, with the role's name; also those that hold on a condition."""
    for role, given in properties("AWS::IAM::Role").items():
        for policy in given.get("Policies", []):
            for statement in policy["PolicyDocument"]["Statement"]:
                yield role, statement["Fn::If"][1] if "Fn::If" in statement else statement


def functions() -> dict[str, Resource]:
    """Every function's properties, by its folder: ingest, score, ..."""
    found = properties("AWS::Lambda::Function")
    return {name.removesuffix("Function").lower(): given for name, given in found.items()}


def in_stage(value: Any, stage: str) -> Any:
    """A value of the template that may be looked up by stage."""
    if not isinstance(value, Mapping):
        return value
    mapping, key, name = value["Fn::FindInMap"]
    assert key == {"Ref": "Stage"}
    return template()["Mappings"][mapping][stage][name]
