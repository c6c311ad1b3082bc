"""Send a file's rows to the local stack as leads, and check what becomes of each: `python -m local.replay FILE`.

Ends with 1 when a lead is missing or stuck, a workflow failed, or the API did.
"""

import argparse
import secrets
import sys
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from itertools import batched
from pathlib import Path
from typing import Any

from local.record import RECORD, Stack, read
from local.replay_campaigns import DEFAULT_SOURCE, NoSource, recipe_for, source_for
from local.replay_follow import Followed, Tables, follow
from local.replay_outcomes import LOOK_AT, Aftermath, NoSuchColumn, column_name, ends
from local.replay_post import Posted, Sender, refusals
from local.replay_proof import Proof, agrees, proof_lines
from local.replay_report import (
    counted,
    in_turn,
    is_for_sale,
    latencies,
    owed,
    sale_lines,
    share_lines,
    until_sms_ms,
)
from local.replay_rows import leads

CONCURRENCY = 8
# Longer than the sweep needs to find a lead whose workflow died and to start it again.
PATIENCE_S = 180.0
# Leads that reps have at a time where they answer: all have, before the first offer is over.
WAVE = 250
BAR_WIDTH = 40
LINE_EVERY_S = 5.0
MAX_NAMED = 10


class Progress:
    """A bar on a terminal, a line now and then elsewhere."""

    def __init__(self, what: str, total: int) -> None:
        self._what, self._total, self._done = what, total, 0
        self._line_at = time.monotonic() + LINE_EVERY_S
        self._began = time.monotonic()

    def step(self) -> None:
        """One more is done."""
        self.show(self._done + 1)

    def show(self, done: int) -> None:
        """So many are done."""
        self._done = done
        took = time.monotonic() - self._began
        text = f"{self._what} {done}/{self._total}  {took:.1f} s"
        if sys.stdout.isatty():
            filled = BAR_WIDTH * done // max(self._total, 1)
            end = "\n" if done == self._total else ""
            print(f"\r[{'#' * filled:<{BAR_WIDTH}}] {text}  ", end=end, flush=True)
        elif done == self._total or time.monotonic() > self._line_at:
            self._line_at = time.monotonic() + LINE_EVERY_S
            print(text, flush=True)


def main(arguments: Sequence[str]) -> int:
    """Replay and report; returns the exit code."""
    asked = _parser().parse_args(arguments)
    stack = read(RECORD)
    if not stack or "api_url" not in stack:
        print("The local stack does not run. Start it with `make run` or `make up`.", file=sys.stderr)
        return 2
    tables, recipe = Tables(stack), recipe_for(asked.campaign)
    file = asked.file or recipe.file
    try:
        bodies = leads(file, asked.count, recipe.lead_of, asked.outcomes)
        outcomes = ends(file, asked.count, asked.outcomes)
        source_id = asked.source or (
            source_for(asked.campaign, tables.sources()) if asked.campaign else DEFAULT_SOURCE
        )
    except (OSError, UnicodeDecodeError) as error:
        print(f"Cannot read {file}: {error}", file=sys.stderr)
        return 2
    except (NoSource, NoSuchColumn) as error:
        print(error, file=sys.stderr)
        return 2
    sender = Sender(stack["api_url"], source_id, f"replay-{secrets.token_hex(6)}")
    if asked.outcomes:
        return _live_on(stack, tables, sender, list(zip(bodies, outcomes, strict=True)), asked)
    began = time.monotonic()
    posted = sender.post_all(bodies, asked.concurrency, Progress("posted", len(bodies)).step)
    took_s = time.monotonic() - began
    taken = [one.lead_id for one in posted if one.taken and one.lead_id]
    seen, waiting = follow(tables, taken, asked.patience, Progress("settled", len(taken)).show)
    return _verdict(_tell(tables, posted, took_s, seen, waiting))


def _live_on(
    stack: Stack,
    tables: Tables,
    sender: Sender,
    sent: Sequence[tuple[dict[str, Any], bool | None]],
    asked: argparse.Namespace,
) -> int:
    """Send leads in waves, as many as reps answer in time: they accept, and say what became of each.

    Then reports are held against the leads. Returns the exit code.
    """
    posted: list[Posted] = []
    waiting: list[str] = []
    refused: list[str] = []
    ended: dict[str, bool | None] = {}
    took_s = 0.0
    aftermath, progress = Aftermath(stack, tables), Progress("lived", len(sent))
    for wave in batched(sent, WAVE, strict=False):
        began = time.monotonic()
        some = sender.post_all([body for body, _ in wave], asked.concurrency, _unseen)
        took_s += time.monotonic() - began
        ends_of = {
            one.lead_id: end for one, (_, end) in zip(some, wave, strict=True) if one.taken and one.lead_id
        }
        waiting += follow(tables, list(ends_of), asked.patience, lambda _: None)[1]
        refused += aftermath.accept_all(ends_of, asked.concurrency)
        refused += aftermath.conclude_all(ends_of, asked.concurrency)
        posted += some
        ended |= ends_of
        progress.show(len(posted))
    seen = {
        lead_id: one
        for part in batched(ended, LOOK_AT, strict=False)
        for lead_id, one in tables.look(part).items()
    }
    troubles = _tell(tables, posted, took_s, seen, waiting)
    proof = Proof(stack, tables)
    print("\n".join(proof_lines(proof.of(ended))))
    return _verdict(troubles | {"refused outcomes": refused, "reports that are off": agrees(proof)})


def _unseen() -> None:
    """One more is done, of which nothing is shown."""


def _tell(
    tables: Tables,
    posted: Sequence[Posted],
    took_s: float,
    seen: dict[str, Followed],
    waiting: Sequence[str],
) -> dict[str, Sequence[str]]:
    """Show what became of the leads; gives back what went wrong."""
    taken = [one.lead_id for one in posted if one.taken and one.lead_id]
    failed = tables.failed_executions(taken)
    print()
    _tell_posting(posted, took_s)
    _tell_leads(tables, posted, seen)
    missing = [lead_id for lead_id in taken if lead_id not in seen]
    now = datetime.now(UTC)
    stuck = [
        f"{lead_id} {seen[lead_id].lead.state}"
        for lead_id in waiting
        if lead_id in seen and not seen[lead_id].waits_for_buyer(now)
    ]
    return _troubles(posted, missing, stuck, failed)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m local.replay", description=__doc__)
    parser.add_argument(
        "file", type=Path, nargs="?", help="CSV with a line of headings (the campaign's demo)"
    )
    parser.add_argument("--campaign", help="what the leads are for (what the source's are)")
    parser.add_argument(
        "--outcomes",
        type=column_name,
        help="the column that says whether a lead converted, to be told afterwards",
    )
    parser.add_argument("--count", type=int, help="only the first so many rows")
    parser.add_argument("--concurrency", type=int, default=CONCURRENCY, help="posts at a time (%(default)s)")
    parser.add_argument(
        "--source", help=f"where the leads come from (one of the campaign's, or {DEFAULT_SOURCE})"
    )
    parser.add_argument(
        "--patience", type=float, default=PATIENCE_S, help="seconds without any progress (%(default)s)"
    )
    return parser


def _tell_posting(posted: Sequence[Posted], took_s: float) -> None:
    taken = sum(one.taken for one in posted)
    rate = len(posted) / took_s if took_s else 0
    print(f"sent         {len(posted)} in {took_s:.1f} s ({rate:.1f} a second), taken {taken}")
    print("\n".join(counted("not taken   ", refusals(posted))) or "not taken    none")
    print(latencies("POST       ", [one.took_ms for one in posted]))


def _tell_leads(tables: Tables, posted: Sequence[Posted], seen: dict[str, Followed]) -> None:
    began = {one.lead_id: one.began for one in posted if one.lead_id}
    print(latencies("form to SMS", until_sms_ms(began, seen.values())))
    print("\n".join(counted("leads       ", Counter(str(one.lead.state) for one in seen.values()))))
    plan_of, pool_of = cache(tables.plan), cache(tables.pool)
    offers = in_turn((offer for one in seen.values() for offer in one.offers), plan_of)
    if is_for_sale(seen.values()):
        print("\n" + "\n".join(sale_lines(list(seen.values()))))
    if not offers:
        return
    shares = owed(offers, plan_of, pool_of)
    print(f"\n  {'recipient':<20} {'offers':>6}  {'its share':>9}  {'off':>7}")
    print("\n".join(share_lines(offers, shares)))


def _troubles(
    posted: Sequence[Posted], missing: Sequence[str], stuck: Sequence[str], failed: Sequence[str]
) -> dict[str, Sequence[str]]:
    return {
        "missing leads": missing,
        "stuck leads": stuck,
        "failed executions": failed,
        "failed requests": [f"{one.status} {one.reason}" for one in posted if one.broken],
    }


def _verdict(troubles: dict[str, Sequence[str]]) -> int:
    print()
    for trouble, found in troubles.items():
        more = f" and {len(found) - MAX_NAMED} more" if len(found) > MAX_NAMED else ""
        print(f"{trouble:<20} {len(found)}" + "".join(f"\n  {name}" for name in found[:MAX_NAMED]) + more)
    return int(any(troubles.values()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
