"""Posting many leads at once, each over a connection that stays open."""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlsplit

TIMEOUT_S = 60.0
# A connection may have been closed by the other side; the lead's key makes sending it again harmless.
ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of one request."""

    began: datetime
    took_ms: float
    status: int
    """HTTP status; 0 where no answer came."""
    lead_id: str | None = None
    reason: str = ""
    """Why the lead was not taken."""

    @property
    def taken(self) -> bool:
        """Whether the lead is said to be stored."""
        return 200 <= self.status < 300  # noqa: PLR2004

    @property
    def broken(self) -> bool:
        """Whether the fault is the other side's."""
        return self.status == 0 or self.status >= 500  # noqa: PLR2004


class Wire:
    """Requests to one host. Every thread has a connection of its own, which stays open."""

    def __init__(self, api_url: str) -> None:
        parts = urlsplit(api_url)
        self._host, self._port = parts.hostname or "", parts.port
        self._base = parts.path
        self._local = threading.local()

    def send(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes, str]:
        """Status, body, and what failed where no answer came (status 0). `path` is below the API's."""
        failure = ""
        for _ in range(ATTEMPTS):
            try:
                with self._connection() as connection:
                    connection.request(method, self._base + path, body, dict(headers))
                    response = connection.getresponse()
                    return response.status, response.read(), ""
            except (OSError, HTTPException) as error:
                failure = type(error).__name__
        return 0, b"", failure

    @contextmanager
    def _connection(self) -> Iterator[HTTPConnection]:
        """This thread's connection; given up after a failure."""
        if not hasattr(self._local, "connection"):
            self._local.connection = HTTPConnection(self._host, self._port, timeout=TIMEOUT_S)
        try:
            yield self._local.connection
        except BaseException:
            self._local.connection.close()
            raise


class Sender:
    """Posts leads to one source."""

    def __init__(self, api_url: str, source_id: str, run: str) -> None:
        """`run` makes this replay's leads other leads than those of the last one."""
        self._wire = Wire(api_url)
        self._path = f"/v1/sources/{source_id}/leads"
        self._run = run
        self._sent = 0

    def post_all(
        self, leads: Sequence[Mapping[str, Any]], concurrency: int, tick: Callable[[], None]
    ) -> list[Posted]:
        """Post all, so many at a time, and give what became of each in their order; `tick` is called after each."""
        posted, first = {}, self._sent + 1
        self._sent += len(leads)
        with ThreadPoolExecutor(concurrency) as pool:
            tasks = {pool.submit(self.post, no, lead): no for no, lead in enumerate(leads, first)}
            for done in as_completed(tasks):
                posted[tasks[done]] = done.result()
                tick()
        return [posted[no] for no in sorted(posted)]

    def post(self, no: int, lead: Mapping[str, Any]) -> Posted:
        """Post one; whatever happens is a result."""
        headers = {"Content-Type": "application/json", "Idempotency-Key": f"{self._run}-{no}"}
        began, clock = datetime.now(UTC), time.perf_counter()
        status, answer, failure = self._wire.send("POST", self._path, json.dumps(lead).encode(), headers)
        took_ms = (time.perf_counter() - clock) * 1000
        document = parsed(answer)
        posted = Posted(began, took_ms, status, document.get("lead_id"))
        return posted if posted.taken else Posted(began, took_ms, status, None, refusal(document) or failure)


def refusals(posted: Sequence[Posted]) -> Counter[str]:
    """The requests that were not taken, counted by status and reason."""
    return Counter(f"{p.status or 'no answer'} {p.reason}".strip() for p in posted if not p.taken)


def refusal(document: Mapping[str, Any]) -> str:
    """A problem document in one line, without anything that is particular to one lead."""
    fields = "; ".join(f"{error['field']} {error['problem']}" for error in document.get("errors", []))
    return ": ".join(part for part in (str(document.get("type", "")), fields) if part)


def parsed(answer: bytes) -> dict[str, Any]:
    """A JSON object; an empty one where it is something else."""
    try:
        document = json.loads(answer)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}
