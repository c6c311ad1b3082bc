"""What an import of leads is refused for."""

from collections.abc import Sequence

from baton.domain.errors import BatonError, FieldError


class InvalidFile(BatonError):
    """A file, or one row of it, that cannot be read as leads. Repeats nothing of what stands in it."""

    code = "invalid-file"

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__("; ".join(f"{error.field}: {error.problem}" for error in errors))
        self.errors = tuple(errors)
