"""What the tests of one deployment left behind, for `tests/afterwards`, which looks at that of all."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Self

from local import deploy
from tests.e2e.stack import Stack, complaints_in
from tests.infra.deployed import functions

FOLDER: Final = deploy.ROOT / ".local" / "e2e"
# A clock's second and a log's delay, on both sides of what was denied on purpose.
MARGIN_S: Final = 2.0
FEW: Final = 10


@dataclass(frozen=True)
class LeftBehind:
    """What is to be seen once a deployment's tests are through. Of what should not be, the first few."""

    lines: dict[str, int]
    """How many lines each function logged."""
    complaints: dict[str, list[str]]
    """Where a function was denied or lacked something that was not taken from it."""
    not_documents: list[str]
    """What functions logged that is no JSON document."""
    personal: dict[str, list[str]]
    """Personal data, by where it was found: a function's log, Step Functions, alerts."""
    executions: int
    alerts: int

    @classmethod
    def on(cls, stack: Stack) -> Self:
        """What is on that deployment."""
        logs = {name: stack.logs_of(name) for name in functions()}
        stack.alerts_about("")
        histories = list(stack.histories())
        texts = {name: "\n".join(line for _, line in lines) for name, lines in logs.items()}
        texts |= {"Step Functions": "\n".join(histories), "alerts": str(stack.alerts)}
        ours = [line for lines in logs.values() for _, line in lines if '"message"' in line]
        return cls(
            lines={name: len(lines) for name, lines in logs.items()},
            complaints={name: _complaints(stack, name, lines)[:FEW] for name, lines in logs.items()},
            not_documents=[line for line in ours if not _is_document(line)][:FEW],
            personal={
                where: sorted(one for one in stack.personal if one in text) for where, text in texts.items()
            },
            executions=len(histories),
            alerts=len(stack.alerts),
        )

    def keep(self, name: str) -> None:
        """Put it where it is looked for."""
        _file(name).write_text(json.dumps(asdict(self), indent=1))


def expect(name: str) -> None:
    """A deployment was made: what it leaves is to be looked at, also where its tests come to no end."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    _file(name).write_text("")


def kept() -> dict[str, LeftBehind | None]:
    """What the last run of the end-to-end tests left, by deployment; None where its tests came to no end."""
    texts = {file.stem: file.read_text() for file in sorted(FOLDER.glob("*.json"))}
    return {name: LeftBehind(**json.loads(text)) if text else None for name, text in texts.items()}


def forget() -> None:
    """Remove what an earlier run left."""
    for file in FOLDER.glob("*.json") if FOLDER.is_dir() else ():
        file.unlink()


def _file(name: str) -> Path:
    return FOLDER / f"{name}.json"


def _complaints(stack: Stack, function: str, lines: list[tuple[float, str]]) -> list[str]:
    on_purpose = [(begun, ended) for name, begun, ended in stack.denials if name == function]
    return [
        line
        for at, line in complaints_in(lines)
        if not any(begun - MARGIN_S <= at <= ended + MARGIN_S for begun, ended in on_purpose)
    ]


def _is_document(line: str) -> bool:
    return line.startswith("{") and line.rstrip().endswith("}")
