"""The users of the local stack: `python -m local.users token [NAME]` prints an ID token for the header Authorization.

There is one for each group, with a password of its own that stands in `.local/users.json`.
"""

import contextlib
import json
import os
import secrets
import string
import sys
from typing import Any, Final

import boto3

from local.emulator import ACCESS_KEY, SECRET_KEY
from local.record import HOME, RECORD, Stack, read

FILE: Final = HOME / "users.json"
GROUPS: Final = ("admin", "viewer")
PASSWORD_LENGTH: Final = 20
SYMBOLS: Final = "!#%+-=?@"
OWNER_ONLY: Final = 0o600


def create(stack: Stack) -> None:
    """Have the stack's users, with the passwords of the file; doing it again changes nothing."""
    known = read(FILE) or {}
    passwords = {name: known.get(name) or new_password() for name in GROUPS}
    _keep(passwords)
    for name, password in passwords.items():
        add(cognito_of(stack), stack["outputs"]["UserPoolId"], name, password, group=name)


def logins() -> str:
    """The users, and what each signs in to the console with: they are of this machine only."""
    known = read(FILE) or {}
    return "\n".join(f"  sign in    as {name} with {known[name]}" for name in GROUPS if name in known)


def add(cognito: Any, pool_id: str, name: str, password: str, group: str = "") -> None:
    """Have a user in a user pool, in that group or in none, who need not change the password first."""
    with contextlib.suppress(cognito.exceptions.UsernameExistsException):
        cognito.admin_create_user(
            UserPoolId=pool_id, Username=name, TemporaryPassword=password, MessageAction="SUPPRESS"
        )
    cognito.admin_set_user_password(UserPoolId=pool_id, Username=name, Password=password, Permanent=True)
    if group:
        cognito.admin_add_user_to_group(UserPoolId=pool_id, Username=name, GroupName=group)


def sign_in(cognito: Any, client_id: str, name: str, password: str) -> str:
    """An ID token for that user, good for an hour."""
    signed_in = cognito.initiate_auth(
        ClientId=client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": name, "PASSWORD": password},
    )
    return str(signed_in["AuthenticationResult"]["IdToken"])


def token(stack: Stack, name: str) -> str:
    """An ID token for a user of the running stack. Raises KeyError where there is no such user."""
    password = (read(FILE) or {})[name]
    return sign_in(cognito_of(stack), stack["outputs"]["UserPoolClientId"], name, password)


def new_password() -> str:
    """A password with a character of every kind that the user pool asks for."""
    kinds = (string.ascii_lowercase, string.ascii_uppercase, string.digits, SYMBOLS)
    some = [secrets.choice(kind) for kind in kinds]
    more = [secrets.choice("".join(kinds)) for _ in range(PASSWORD_LENGTH - len(some))]
    return "".join(secrets.SystemRandom().sample([*some, *more], PASSWORD_LENGTH))


def main(arguments: list[str]) -> int:
    """Print a token; returns the exit code."""
    if not 1 <= len(arguments) <= 2 or arguments[0] != "token":  # noqa: PLR2004
        print(f"usage: python -m local.users token [{'|'.join(GROUPS)}]", file=sys.stderr)
        return 2
    name = arguments[1] if arguments[1:] else GROUPS[0]
    stack = read(RECORD)
    if stack is None or "outputs" not in stack:
        print("Not running. Start it with `make run` or `make up`.", file=sys.stderr)
        return 1
    if name not in GROUPS:
        print(f"There is no user '{name}', only: {', '.join(GROUPS)}.", file=sys.stderr)
        return 1
    print(token(stack, name))
    return 0


def _keep(passwords: dict[str, str]) -> None:
    with os.fdopen(os.open(FILE, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY), "w") as file:
        json.dump(passwords, file, indent=2)
        file.write("\n")


def cognito_of(stack: Stack) -> Any:
    """A client of the stack's user pools."""
    return boto3.client(
        "cognito-idp",
        endpoint_url=stack["emulator_url"],
        region_name=stack["region"],
        aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=SECRET_KEY,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
