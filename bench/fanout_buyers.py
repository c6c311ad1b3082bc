"""The buyers of the fan-out: 50 systems in one process of their own, each on its own port.

They answer 100 ms after they were asked, or never where the path is `/silent`. Run as a program it prints the ports.
"""

import asyncio
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

BUYERS: Final = 50
ANSWER_S: Final = 0.1
BODY: Final = b'{"product": "solar", "state": "NY"}'
"""What every request carries."""
BID: Final = b'{"bid": 12.5}'


@contextmanager
def buyers() -> Iterator[list[str]]:
    """Their URLs, without a path."""
    command = [sys.executable, "-m", "bench.fanout_buyers"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            yield [f"http://127.0.0.1:{port}" for port in process.stdout.readline().split()]
        finally:
            process.kill()


class Buyer(asyncio.Protocol):
    """One connection: a request, a bid, and the end."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Nothing has been read yet."""
        self._transport = transport
        self._request = b""

    def data_received(self, data: bytes) -> None:
        """The body is the last that comes."""
        self._request += data
        head, _, body = self._request.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: (\d+)", head)
        if length and len(body) >= int(length[1]) and b" /silent " not in head:
            asyncio.get_running_loop().call_later(ANSWER_S, self._answer)

    def _answer(self) -> None:
        assert isinstance(self._transport, asyncio.WriteTransport)
        head = f"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {len(BID)}\r\n\r\n"
        self._transport.write(head.encode() + BID)
        self._transport.close()


async def serve() -> None:
    """Listen, print the ports, and go on until the process is ended."""
    loop = asyncio.get_running_loop()
    servers = [await loop.create_server(Buyer, "127.0.0.1", 0) for _ in range(BUYERS)]
    print(*(server.sockets[0].getsockname()[1] for server in servers), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve())
