"""The users of the local stack have passwords that the user pool takes."""

import pytest

from local import users
from tests.infra.deployed import properties


@pytest.mark.parametrize("attempt", range(50))
def test_a_new_password_is_one_that_the_user_pool_takes(attempt: int) -> None:
    (pool,) = properties("AWS::Cognito::UserPool").values()
    policy, password = pool["Policies"]["PasswordPolicy"], users.new_password()

    assert len(password) >= policy["MinimumLength"]
    assert any(character.islower() for character in password)
    assert any(character.isupper() for character in password)
    assert any(character.isdigit() for character in password)
    assert any(character in users.SYMBOLS for character in password)


def test_no_two_passwords_are_the_same() -> None:
    assert len({users.new_password() for _ in range(100)}) == 100
