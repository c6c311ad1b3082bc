"""A company of its own for every test: a source, a campaign, a plan, and reps with phones that are nobody else's."""

import itertools
from dataclasses import dataclass
from typing import Any, Final, Self

from baton.domain.campaign import Campaign, Reveal
from baton.domain.caps import Caps
from baton.domain.plan import Plan, PublishedPlan, Stage
from baton.domain.pool import Member, Pool
from baton.domain.recipient import Recipient
from baton.domain.scoring import Scoring
from baton.domain.source import Source
from tests.e2e.stack import Stack

_numbers: Final = itertools.count(1)


@dataclass(frozen=True)
class Team:
    """Who is asked, in turn; all ids begin with the team's own."""

    id: str
    reps: tuple[Recipient, ...]

    @classmethod
    def at(
        cls,
        stack: Stack,
        size: int = 1,
        *,
        accept_within_s: int = 120,
        auto_accept: bool = False,
        fallback: bool = False,
        scoring: Scoring | None = None,
        reveal: Reveal = Reveal.AFTER_ACCEPTANCE,
        caps: Caps | None = None,
        **source: Any,
    ) -> Self:
        """A new team of that many reps, in turn; with `fallback`, one more who owns what nobody takes."""
        team_id = f"team-{next(_numbers):03d}"
        reps = tuple(_rep(team_id, caps or Caps()) for _ in range(size + fallback))
        stage = Stage(
            name="The team",
            pool_id=team_id,
            auto_accept=auto_accept,
            accept_within_s=accept_within_s,
        )
        members = tuple(Member(recipient_id=rep.id) for rep in reps[:size])
        owner = reps[-1].id if fallback else None
        stack.configure(
            *reps,
            Pool(id=team_id, name=team_id, members=members),
            Plan(id=team_id, version=1, stages=(stage,), fallback=owner),
            PublishedPlan(id=team_id, version=1),
            Campaign(id=team_id, name=team_id, plan_id=team_id, scoring=scoring or Scoring(), reveal=reveal),
            Source(id=team_id, name=team_id, campaign_id=team_id, **source),
        )
        stack.personal.update(value for rep in reps for value in (rep.name, rep.phone, rep.email) if value)
        return cls(team_id, reps)

    @property
    def source_id(self) -> str:
        """Where the team's leads come in."""
        return self.id

    def phone(self, n: int) -> str:
        """The phone of the nth rep, from 1, in the order in which they are asked first."""
        return self.reps[n - 1].phone or ""

    def email(self, n: int) -> str:
        """The nth rep's address."""
        return self.reps[n - 1].email or ""


def _rep(team_id: str, caps: Caps) -> Recipient:
    n = next(_numbers)
    return Recipient(
        id=f"{team_id}-{n:04d}",
        name=f"Repname{n:04d}",
        phone=f"+1303555{n:04d}",
        email=f"rep{n:04d}@sales.example",
        zone="America/New_York",
        caps=caps,
    )
