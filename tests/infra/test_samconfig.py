"""The SAM CLI's settings: what a wrong place of one of them would deploy."""

import tomllib
from pathlib import Path
from typing import Any, Final

FILE: Final = Path(__file__).parents[2] / "samconfig.toml"


def settings() -> dict[str, Any]:
    """Every environment's settings by command."""
    return {name: given for name, given in tomllib.loads(FILE.read_text()).items() if name != "version"}


def test_deploy_is_never_told_of_a_template_so_that_it_takes_the_built_one() -> None:
    for commands in settings().values():
        naming = {name for name, given in commands.items() if "template_file" in given["parameters"]}

        assert naming == {"build", "validate"}


def test_every_environment_deploys_a_stack_of_its_own_in_its_own_stage() -> None:
    stacks = {given["global"]["parameters"]["stack_name"] for given in settings().values()}
    stages = {
        name: given["deploy"]["parameters"]["parameter_overrides"] for name, given in settings().items()
    }

    assert len(stacks) == len(settings())
    assert stages == {"default": "Stage=dev", "prod": "Stage=prod"}


def test_a_deployment_may_make_roles_but_none_with_a_name_of_its_own_choosing() -> None:
    assert {given["deploy"]["parameters"]["capabilities"] for given in settings().values()} == {
        "CAPABILITY_IAM"
    }


def test_prod_asks_before_it_changes_anything() -> None:
    assert settings()["prod"]["deploy"]["parameters"]["confirm_changeset"] is True
