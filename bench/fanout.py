"""What it costs to ask 50 buyers at once: Baton's own client, and the libraries that could stand in for it.

All buyers live in one other process on this machine and answer 100 ms after they were asked. Every way opens a
connection for each request, as Baton does, and takes its turn in every round, so that a busy machine is busy for all.
`over the slowest` is what an auction takes beyond the 100 ms when all answer; `over the deadline` what it takes beyond
the deadline when two never do. Imports are timed in fresh interpreters: alone, and after what a function that calls
AWS has imported anyway.
"""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, Final

import aiohttp
import httpx
import urllib3

from baton.adapters.outgoing_http import ThreadedHttp
from baton.application.outgoing import Outgoing
from bench.fanout_buyers import ANSWER_S, BODY, BUYERS, buyers
from bench.table import Row

SILENT: Final = 2
DEADLINE_S: Final = 0.6
PATIENCE_S: Final = 10.0
WARM_UP: Final = 3
ROUNDS: Final = 25
DEADLINE_ROUNDS: Final = 11
IMPORT_ROUNDS: Final = 9
PAUSE_S: Final = 0.05
"""Between turns: what one way leaves to tidy up is not the next one's burden."""
LAYER: Final = Path(__file__).resolve().parent.parent / "layers" / "shared"
OK: Final = 200

type Ask = Callable[[Sequence[str], float], int]
"""Post to all URLs at once, for so many seconds at most; how many answered with 200."""


def measure() -> list[Row]:
    """Medians per way, in milliseconds."""
    with buyers() as urls, ExitStack() as stack:
        asks = {name: stack.enter_context(way()) for name, (way, _) in WAYS.items()}
        all_answer = [f"{url}/ping" for url in urls]
        some_do_not = [f"{url}/{'silent' if no < SILENT else 'ping'}" for no, url in enumerate(urls)]
        answered = _rounds(asks, all_answer, PATIENCE_S, ROUNDS)
        ended = _rounds(asks, some_do_not, DEADLINE_S, DEADLINE_ROUNDS)
    alone = _import_ms("pass")
    after_aws = _import_ms("import botocore.session, botocore.httpsession, botocore.endpoint")
    return [
        {
            "way": name,
            "over the slowest ms": 1000 * (median(turn.wall_s for turn in answered[name]) - ANSWER_S),
            "at best ms": 1000 * (min(turn.wall_s for turn in answered[name]) - ANSWER_S),
            "over the deadline ms": 1000 * (median(turn.wall_s for turn in ended[name]) - DEADLINE_S),
            "fewest answers of 48": min(turn.answers for turn in ended[name]),
            "CPU ms": 1000 * median(turn.cpu_s for turn in answered[name]),
            "import ms": alone[name],
            "after AWS ms": after_aws[name],
        }
        for name in WAYS
    ]


@dataclass(frozen=True, slots=True)
class Turn:
    """What one fan-out took of the clock and of the processor, and how many answered in time."""

    wall_s: float
    cpu_s: float
    answers: int


def _rounds(asks: dict[str, Ask], urls: Sequence[str], within_s: float, rounds: int) -> dict[str, list[Turn]]:
    turns: dict[str, list[Turn]] = {name: [] for name in asks}
    for no in range(WARM_UP + rounds):
        for name, ask in asks.items():
            time.sleep(PAUSE_S)
            wall_s, cpu_s = time.perf_counter(), time.process_time()
            count = ask(urls, within_s)
            turn = Turn(time.perf_counter() - wall_s, time.process_time() - cpu_s, count)
            if no >= WARM_UP:
                turns[name].append(turn)
    return turns


def _import_ms(before: str) -> dict[str, float]:
    """Medians per way of importing what it needs after something else: CPU, from compiled modules as in the layer."""
    taken: dict[str, list[float]] = {name: [] for name in WAYS}
    with TemporaryDirectory() as compiled:
        environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(LAYER), "PYTHONPYCACHEPREFIX": compiled}
        for _ in range(1 + IMPORT_ROUNDS):
            for name, (_, imports) in WAYS.items():
                probe = f"{before}\nimport sys, time\nbegun = time.process_time()\n{imports}\n"
                command = [sys.executable, "-c", f"{probe}print(time.process_time() - begun)"]
                done = subprocess.run(command, check=True, capture_output=True, text=True, env=environ)
                taken[name].append(1000 * float(done.stdout))
    # The first round compiled them.
    return {name: median(times[1:]) for name, times in taken.items()}


@contextmanager
def baton() -> Iterator[Ask]:
    """As the product does it, with all its checks."""
    http = ThreadedHttp(allow_http=True, allow_private=True)

    def ask(urls: Sequence[str], within_s: float) -> int:
        within_ms = int(1000 * within_s)
        requests = [Outgoing("POST", url, body=BODY, timeout_ms=within_ms) for url in urls]
        return sum(answer.status == OK for answer in http.send_all(requests, within_ms))

    try:
        yield ask
    finally:
        http.close()


@contextmanager
def with_urllib3() -> Iterator[Ask]:
    """A thread for each request; a timeout bounds single reads there, so that waiting ends at the deadline."""
    pools = urllib3.PoolManager(num_pools=2 * BUYERS, headers={"Connection": "close"}, retries=False)
    threads = ThreadPoolExecutor(2 * BUYERS)

    def one(url: str, within_s: float) -> int:
        try:
            return pools.request("POST", url, body=BODY, timeout=within_s, redirect=False).status
        except urllib3.exceptions.HTTPError:
            return 0

    def ask(urls: Sequence[str], within_s: float) -> int:
        done, _ = wait([threads.submit(one, url, within_s) for url in urls], within_s)
        return sum(future.result() == OK for future in done)

    try:
        yield ask
    finally:
        threads.shutdown()
        pools.clear()


@contextmanager
def with_aiohttp() -> Iterator[Ask]:
    """One session, whose connections are not kept."""
    with asyncio.Runner() as loop:

        async def begin() -> aiohttp.ClientSession:
            return aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0, force_close=True), auto_decompress=False
            )

        session = loop.run(begin())

        async def one(url: str) -> int:
            async with session.post(url, data=BODY, allow_redirects=False) as answer:
                await answer.read()
                return answer.status

        try:
            yield lambda urls, within_s: loop.run(_all(one, urls, within_s))
        finally:
            loop.run(session.close())


@contextmanager
def with_httpx() -> Iterator[Ask]:
    """One client, whose connections are not kept."""
    with asyncio.Runner() as loop:
        limits = httpx.Limits(max_keepalive_connections=0)
        client = httpx.AsyncClient(limits=limits, trust_env=False, timeout=PATIENCE_S)

        async def one(url: str) -> int:
            return (await client.post(url, content=BODY)).status_code

        try:
            yield lambda urls, within_s: loop.run(_all(one, urls, within_s))
        finally:
            loop.run(client.aclose())


async def _all(one: Callable[[str], Coroutine[Any, Any, int]], urls: Sequence[str], within_s: float) -> int:
    async def in_time(url: str) -> int:
        try:
            return await asyncio.wait_for(one(url), within_s)
        except TimeoutError:
            return 0

    return sum(status == OK for status in await asyncio.gather(*(in_time(url) for url in urls)))


WAYS: Final = {
    "Baton: threads, http.client": (baton, "import baton.adapters.outgoing_http"),
    "threads, urllib3": (with_urllib3, "import urllib3, concurrent.futures.thread"),
    "aiohttp": (with_aiohttp, "import asyncio, aiohttp"),
    # Without its command line, which it imports where the parts happen to be installed.
    "httpx, async": (with_httpx, "sys.modules['click'] = None; import asyncio, httpx"),
}
"""Each way, and what it imports."""
