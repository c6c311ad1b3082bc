"""What becomes of replayed leads: reps accept what they are offered, and each lead ends as its row in the file says."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import batched
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import boto3

from baton.adapters.offer_links import SignedOfferLinks
from baton.adapters.secrets import SecretsManagerSecret
from baton.domain.lead import LeadState
from local import users
from local.record import Stack, emulator_of
from local.replay_follow import Followed, Tables
from local.replay_post import Wire, parsed, refusal
from local.replay_rows import column_names, rows

YES: Final = frozenset({"1", "1.0", "yes", "true", "won", "converted"})
NO: Final = frozenset({"0", "0.0", "no", "false", "lost"})
ROUNDS: Final = 5
"""How often whoever has not accepted yet is asked: an offer may have gone to the next rep meanwhile."""
LOOK_AT: Final = 500
VALUE_CENTS: Final = 129_900
"""What a converted lead was worth."""
FORM: Final = "application/x-www-form-urlencoded"


class NoSuchColumn(Exception):
    """The file has no column of that name; the text says which it has."""


def ends(file: Path, count: int | None, column: str | None) -> list[bool | None]:
    """Whether the lead of each row converted; None where the row does not say. Raises NoSuchColumn."""
    found: list[bool | None] = []
    for row in rows(file, count):
        if column is not None and column not in row:
            raise NoSuchColumn(f"{file} has no column {column}, but {', '.join(sorted(row))}")
        said = row[column].lower() if column is not None else ""
        found.append(True if said in YES else False if said in NO else None)
    return found


def column_name(heading: str) -> str:
    """The name under which a column is known here."""
    return column_names([heading])[heading]


class Aftermath:
    """Reps and a CRM, by the same addresses as they would use."""

    def __init__(self, stack: Stack, tables: Tables) -> None:
        options = emulator_of(stack).client_options()
        secret_id = boto3.client("cloudformation", **options).describe_stack_resource(
            StackName=stack["stack_name"], LogicalResourceId="SigningSecret"
        )["StackResourceDetail"]["PhysicalResourceId"]
        secret = SecretsManagerSecret(boto3.client("secretsmanager", **options), secret_id)
        self._links = SignedOfferLinks("", secret)
        self._wire = Wire(stack["api_url"])
        self._stack = stack
        self._tables = tables

    def accept_all(self, lead_ids: Iterable[str], concurrency: int) -> list[str]:
        """Whoever is offered one of the leads takes it. Gives back what was refused."""
        waiting, refused = set(lead_ids), Counter[str]()
        for _ in range(ROUNDS):
            offered = [one for one in self._looked_at(waiting) if one.lead.state is LeadState.OFFERED]
            waiting = {one.lead.lead_id for one in offered}
            refused = self._each(offered, self._accept, concurrency)
            if not waiting:
                break
        return said(refused)

    def conclude_all(self, ended: Mapping[str, bool | None], concurrency: int) -> list[str]:
        """Say of each lead that somebody has that it was contacted, then how it ended. Gives what was refused."""
        token = users.token(self._stack, "admin")
        held = [one for one in self._looked_at(ended) if one.lead.is_held]

        def conclude(one: Followed) -> str:
            end = ended[one.lead.lead_id]
            won = {"outcome": "converted", "value_cents": VALUE_CENTS}
            reports: list[dict[str, Any]] = [{"outcome": "contacted"}]
            if end is not None:
                reports.append(won if end else {"outcome": "lost"})
            return next(
                filter(None, (self._report(one.lead.lead_id, report, token) for report in reports)), ""
            )

        return said(self._each(held, conclude, concurrency))

    def _looked_at(self, lead_ids: Iterable[str]) -> list[Followed]:
        parts = batched(sorted(lead_ids), LOOK_AT, strict=False)
        return [one for part in parts for one in self._tables.look(part).values()]

    def _accept(self, one: Followed) -> str:
        body = urlencode({"answer": "accept"}).encode()
        status, _, failure = self._wire.send(
            "POST", self._links.link(one.offers[-1]), body, {"Content-Type": FORM}
        )
        return "" if status < 500 and not failure else f"{status} {failure}"  # noqa: PLR2004

    def _report(self, lead_id: str, report: Mapping[str, Any], token: str) -> str:
        headers = {"Content-Type": "application/json", "Authorization": token}
        body = json.dumps(report).encode()
        status, answer, failure = self._wire.send("POST", f"/v1/leads/{lead_id}/outcomes", body, headers)
        return "" if status == 200 else f"{status} {failure or refusal(parsed(answer))}"  # noqa: PLR2004

    @staticmethod
    def _each(leads: Sequence[Followed], do: Callable[[Followed], str], concurrency: int) -> Counter[str]:
        with ThreadPoolExecutor(concurrency) as pool:
            return Counter(trouble for trouble in pool.map(do, leads) if trouble)


def said(refused: Counter[str]) -> list[str]:
    """What was refused, each kind with how often."""
    return [f"{count} {trouble}" for trouble, count in refused.most_common()]
