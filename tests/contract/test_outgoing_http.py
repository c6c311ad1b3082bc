"""Calls to other companies' systems: what may be called, what an answer is, and what is said where there is none."""

import gzip
import os
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from baton.adapters import http_exchange
from baton.adapters.http_double import ScriptedHttp
from baton.adapters.http_exchange import connect
from baton.adapters.outgoing_http import ThreadedHttp
from baton.application.outgoing import Answer, Outgoing, Trouble
from tests.contract.http_servers import (
    OK,
    PATIENCE_S,
    Server,
    answers,
    certified,
    drips,
    never_ends,
    resets,
    says_nothing,
    serving,
)

PUBLIC = "93.184.216.34"
LOOPBACK = "127.0.0.1"
SHORT_MS = 300
"""Of requests that come to nothing."""
ENOUGH_MS = 1_500
"""Of requests that come to nothing, where others beside them must get through."""


@pytest.fixture
def buyer() -> Iterator[Server]:
    """A buyer's system that answers `ok`."""
    with serving(answers()) as server:
        yield server


@pytest.fixture
def http() -> ThreadedHttp:
    """As on a developer's machine; every name leads to this one."""
    return local()


def local(**options: Any) -> ThreadedHttp:
    defaults: dict[str, Any] = {
        "allow_http": True,
        "allow_private": True,
        "look_up": leads_to(LOOPBACK),
        "tls": the_worlds_authorities(),
    }
    return ThreadedHttp(**defaults | options)


@cache
def the_worlds_authorities() -> ssl.SSLContext:
    """Read once: it takes longer than most tests."""
    return ssl.create_default_context()


def leads_to(*addresses: str) -> Callable[[str, int], Sequence[str]]:
    return lambda _host, _port: list(addresses)


def post(url: str, body: bytes = b"{}", timeout_ms: int = 5_000) -> Outgoing:
    return Outgoing("POST", url, {"X-Key": "k"}, body, timeout_ms)


def said(http: ThreadedHttp, conduct: Any, timeout_ms: int = 5_000) -> Answer:
    """What comes of one request to a server of that conduct; it has certainly reached it."""
    with serving(conduct) as server:
        answer = http.send(post(server.url(), timeout_ms=timeout_ms))
    assert len(server.requests) == 1, "sent once, whatever came of it"
    return answer


# ---- an exchange ----------------------------------------------------------------------------------------------------


def test_a_buyer_gets_what_was_written_and_its_answer_comes_back(http: ThreadedHttp) -> None:
    answer = b"HTTP/1.1 201 Created\r\nContent-Length: 12\r\nX-Bid: 1\r\nx-bid: 2\r\n\r\n" + b'{"bid": 1.5}'
    with serving(answers(answer)) as buyer:
        request = post(buyer.url("/ping?zip=10001", "buyer.example"), b'{"score": 80}')
        got = http.send(request)

    assert (got.status, got.body, got.trouble) == (201, b'{"bid": 1.5}', None)
    assert got.headers["x-bid"] == "1, 2"
    head, body = buyer.requests[0].split(b"\r\n\r\n")
    assert body == b'{"score": 80}'
    first, *lines = head.decode().lower().split("\r\n")
    assert first == "post /ping?zip=10001 http/1.1"
    assert {
        f"host: buyer.example:{buyer.port}",
        "x-key: k",
        "content-length: 13",
        "connection: close",
        "accept-encoding: identity",
    } <= set(lines)


def test_an_answer_in_chunks_or_without_a_length_is_read_to_its_end(http: ThreadedHttp) -> None:
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nla\r\n3\r\nter\r\n0\r\n\r\n"

    assert said(http, answers(chunked)).body == b"later"
    assert said(http, answers(b"HTTP/1.0 200 OK\r\n\r\nlater")).body == b"later"
    assert said(http, answers(b"HTTP/1.1 204 No Content\r\n\r\n")).status == 204


def test_a_redirect_is_an_answer_and_is_not_followed(http: ThreadedHttp, buyer: Server) -> None:
    moved = f"HTTP/1.1 307 Moved\r\nLocation: {buyer.url()}\r\nContent-Length: 0\r\n\r\n".encode()

    assert said(http, answers(moved)).status == 307
    assert buyer.connections == 0


def test_a_compressed_answer_is_not_unpacked(http: ThreadedHttp) -> None:
    bomb = gzip.compress(b"\0" * 10_000_000)
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n\r\n"

    assert said(http, answers(head.encode() + bomb)).body == bomb


def test_proxies_of_the_environment_are_not_used(
    http: ThreadedHttp, buyer: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(answers()) as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url())

        assert http.send(post(buyer.url())).status == 200
        assert proxy.connections == 0


def test_every_request_has_a_connection_of_its_own(http: ThreadedHttp, buyer: Server) -> None:
    assert [http.send(post(buyer.url())).status for _ in range(3)] == [200] * 3
    assert buyer.connections == 3


# ---- what may be called ---------------------------------------------------------------------------------------------


def test_only_https_is_sent_unless_plain_http_is_allowed(buyer: Server) -> None:
    answer = local(allow_http=False).send(post(buyer.url()))

    assert (answer.trouble, answer.detail) == (Trouble.UNSAFE, "not https")
    assert not answer.may_have_arrived
    assert buyer.connections == 0


@pytest.mark.parametrize("host", [LOOPBACK, "localhost", "buyer.example"])
def test_a_private_network_is_not_entered_by_whatever_name(buyer: Server, host: str) -> None:
    answer = local(allow_private=False).send(post(buyer.url(host=host)))

    assert (answer.trouble, buyer.connections) == (Trouble.UNSAFE, 0)


def test_one_private_address_among_public_ones_is_enough_to_refuse(buyer: Server) -> None:
    http = local(allow_private=False, look_up=leads_to(PUBLIC, LOOPBACK), connect=to(buyer, []))

    assert http.send(post(buyer.url(host="buyer.example"))).trouble is Trouble.UNSAFE
    assert buyer.connections == 0


def test_the_clouds_metadata_is_not_reached_even_from_a_developers_machine(buyer: Server) -> None:
    for address in ("169.254.169.254", "fd00:ec2::254"):
        http = local(look_up=leads_to(address), connect=to(buyer, []))

        assert http.send(post(buyer.url(host="buyer.example"))).trouble is Trouble.UNSAFE
    assert buyer.connections == 0


def test_a_name_that_changes_its_address_after_the_check_gains_nothing(buyer: Server) -> None:
    lookups = iter([[PUBLIC], [LOOPBACK], [LOOPBACK]])
    asked: list[str] = []
    reached: list[str] = []

    def look_up(host: str, _port: int) -> list[str]:
        asked.append(host)
        return next(lookups)

    http = local(allow_private=False, look_up=look_up, connect=to(buyer, reached))

    assert http.send(post(buyer.url(host="buyer.example"))).status == 200
    assert asked == ["buyer.example"]
    assert reached == [PUBLIC]


def to(server: Server, reached: list[str]) -> Callable[[str, int, float], socket.socket]:
    """Connections that note where they were meant to go, and go to that server."""

    def instead(address: str, port: int, timeout_s: float) -> socket.socket:
        reached.append(address)
        return connect(LOOPBACK, server.port, timeout_s)

    return instead


@pytest.mark.parametrize(
    "broken",
    [
        {"headers": {"x-key": "k\r\nx-other: 1"}},
        {"headers": {"x-key": "k\n folded"}},
        {"headers": {"x-key: 1\r\nx-other": "k"}},
        {"headers": {"": "k"}},
        {"headers": {"x-key": "k\u00e9y"}},
        {"headers": {"Host": "inside.example"}},
        {"headers": {"Content-Length": "0"}},
        {"headers": {"transfer-encoding": "chunked"}},
        {"method": "GET / HTTP/1.1\r\nx-other: 1\r\n\r\nPOST"},
        {"method": "CONNECT"},
        {"url": "http://127.0.0.1:{port}/ HTTP/1.1\r\nx-other: 1"},
        {"url": "http://127.0.0.1:{port}/\r\nx-other: 1"},
    ],
)
def test_nothing_is_smuggled_into_a_request(
    http: ThreadedHttp, buyer: Server, broken: dict[str, Any]
) -> None:
    request = {"method": "POST", "url": "http://127.0.0.1:{port}/"} | broken
    request["url"] = request["url"].replace("{port}", str(buyer.port))

    assert http.send(Outgoing(**request)).trouble is Trouble.UNSAFE
    assert buyer.connections == 0


# ---- TLS ------------------------------------------------------------------------------------------------------------


def test_over_tls_the_certificate_is_checked_against_the_name_that_was_asked_for(tmp_path: Path) -> None:
    server_tls, client_tls = certified(tmp_path, "buyer.example")
    http = local(allow_http=False, tls=client_tls)
    with serving(answers(), server_tls) as buyer:
        right = http.send(post(buyer.url(host="buyer.example", scheme="https")))
        wrong = http.send(post(buyer.url(host="other.example", scheme="https")))

    assert (right.status, buyer.names) == (200, ["buyer.example", "other.example"])
    assert wrong.trouble is Trouble.UNREACHABLE
    assert "certificate refused: Hostname mismatch" in wrong.detail
    assert len(buyer.requests) == 1


def test_a_certificate_that_nobody_vouches_for_is_refused_before_anything_is_sent(tmp_path: Path) -> None:
    server_tls, _ = certified(tmp_path, "buyer.example")
    with serving(answers(), server_tls) as buyer:
        answer = local().send(post(buyer.url(host="buyer.example", scheme="https")))

    assert answer.trouble is Trouble.UNREACHABLE
    assert answer.detail.startswith("certificate refused: ")
    assert not answer.may_have_arrived
    assert buyer.requests == []


def test_a_server_that_does_not_speak_tls_or_falls_silent_in_it_is_unreachable(http: ThreadedHttp) -> None:
    with serving(answers()) as deaf, serving(says_nothing) as silent:
        for server in (deaf, silent):
            answer = http.send(post(server.url(scheme="https"), timeout_ms=SHORT_MS))

            assert answer.trouble is Trouble.UNREACHABLE


# ---- no answer ------------------------------------------------------------------------------------------------------


def test_where_nobody_listens_the_request_has_not_left(http: ThreadedHttp) -> None:
    with serving(answers()) as gone:
        pass
    answer = http.send(post(gone.url()))

    assert (answer.trouble, answer.may_have_arrived) == (Trouble.UNREACHABLE, False)


def test_a_name_that_leads_nowhere_is_unreachable() -> None:
    def look_up(_host: str, _port: int) -> list[str]:
        raise socket.gaierror

    for nowhere in (look_up, leads_to()):
        assert local(look_up=nowhere).send(post("https://nowhere.example/")).trouble is Trouble.UNREACHABLE


def test_a_connection_that_is_not_taken_in_time_is_unreachable(http: ThreadedHttp) -> None:
    with socket.create_server((LOOPBACK, 0), backlog=0) as full, ExitStack() as waiting:
        for _ in range(4):  # more than the queue of those that wait holds: from then on nobody is let in
            sock = waiting.enter_context(socket.socket())
            sock.setblocking(False)
            sock.connect_ex(full.getsockname())
        answer = http.send(post(f"http://{LOOPBACK}:{full.getsockname()[1]}/", timeout_ms=SHORT_MS))

    assert (answer.trouble, answer.detail) == (Trouble.UNREACHABLE, "no connection in time")


def test_where_one_address_refuses_the_next_one_is_taken(buyer: Server) -> None:
    http = local(look_up=leads_to("127.0.0.2", LOOPBACK))

    assert http.send(post(buyer.url(host="buyer.example"))).status == 200


def test_who_never_answers_is_a_timeout_and_sees_the_connection_close(http: ThreadedHttp) -> None:
    with serving(says_nothing) as silent:
        answer = http.send(post(silent.url(), timeout_ms=SHORT_MS))

        assert (answer.trouble, answer.may_have_arrived) == (Trouble.TIMEOUT, True)
        assert silent.wait_for_leaving()


@pytest.mark.parametrize("answer", [OK, b"HTTP/1.1 200 OK\r\nContent-Length: 300\r\n\r\n" + b"." * 300])
def test_who_answers_byte_by_byte_does_not_outlast_the_timeout(http: ThreadedHttp, answer: bytes) -> None:
    assert said(http, drips(answer), timeout_ms=SHORT_MS).trouble is Trouble.TIMEOUT


@pytest.mark.parametrize(
    "conduct",
    [
        answers(b""),
        answers(b"ok\r\n\r\n"),
        answers(b"SSH-2.0-OpenSSH\r\n"),
        answers(b"HTTP/1.1 200 OK\r\nContent-Len"),
        answers(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok"),
        answers(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nla"),
        answers(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nmany\r\n"),
        answers(b"HTTP/1.1 101 Switching Protocols\r\n\r\n"),
        answers(b"HTTP/1.1 200 OK\r\n" + b"X-More: 1\r\n" * 101 + b"\r\n"),
        resets,
    ],
)
def test_what_is_no_whole_answer_is_broken_and_the_request_may_have_arrived(
    http: ThreadedHttp, conduct: Any
) -> None:
    answer = said(http, conduct)

    assert (answer.trouble, answer.may_have_arrived, answer.status) == (Trouble.BROKEN, True, 0)


HEAD = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    "conduct",
    [
        answers(HEAD + b"Content-Length: 1001\r\n\r\n" + b"." * 1001),
        answers(HEAD + b"\r\n" + b"." * 1001),
        answers(HEAD + b"Content-Length: 99999999999999\r\n\r\n"),
        never_ends(HEAD + b"\r\n", b"." * 1000),
        never_ends(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n.\r\n" * 100),
        never_ends(HEAD + b"Transfer-Encoding: chunked\r\n\r\nfffffffffffff\r\n", b"." * 1000),
        never_ends(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100),
    ],
)
def test_an_answer_that_is_too_long_is_not_read_to_its_end(conduct: Any) -> None:
    http = local(max_bytes=1000)

    assert said(http, conduct).trouble is Trouble.TOO_LARGE


def test_an_answer_of_just_the_length_that_is_read_is_fine() -> None:
    answer = HEAD + b"Content-Length: 1000\r\n\r\n" + b"." * 1000

    assert said(local(max_bytes=1000), answers(answer)).body == b"." * 1000


# ---- many at once ---------------------------------------------------------------------------------------------------


def test_all_buyers_are_called_at_the_same_time_and_answers_come_in_the_order_of_the_requests() -> None:
    count = 60
    together = threading.Barrier(count, timeout=PATIENCE_S)

    def after_all_have_come(server: Server, sock: socket.socket) -> None:
        together.wait()
        body = server.requests[0].split()[1]
        sock.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body)

    with ExitStack() as stack:
        servers = [stack.enter_context(serving(after_all_have_come)) for _ in range(count)]
        found = local().send_all([post(s.url(f"/{no}")) for no, s in enumerate(servers)], PATIENCE_S * 1000)

    assert [answer.body for answer in found] == [b"/%d" % no for no in range(count)]


def test_slow_and_broken_buyers_do_not_keep_the_others_from_answering(
    http: ThreadedHttp, buyer: Server
) -> None:
    with serving(says_nothing) as silent, serving(resets) as broken, serving(drips(OK)) as dripping:
        requests = [post(server.url()) for server in (silent, buyer, broken, dripping, buyer)]
        requests.append(post("http://buyer.example:0/"))
        found = http.send_all(requests, ENOUGH_MS)

        assert [answer.trouble for answer in found] == [
            Trouble.TIMEOUT,
            None,
            Trouble.BROKEN,
            Trouble.TIMEOUT,
            None,
            Trouble.UNSAFE,
        ]
        assert silent.wait_for_leaving()
        assert dripping.wait_for_leaving()


def test_a_request_keeps_its_own_shorter_time(http: ThreadedHttp) -> None:
    with serving(says_nothing) as silent:
        (answer,) = http.send_all([post(silent.url(), timeout_ms=SHORT_MS)], 3 * PATIENCE_S * 1000)

    assert answer.trouble is Trouble.TIMEOUT


def test_a_name_server_that_hangs_delays_nobody_and_nothing_is_sent_afterwards(buyer: Server) -> None:
    released, looked_up = threading.Event(), threading.Event()

    def look_up(host: str, _port: int) -> list[str]:
        if host == "slow.example":
            released.wait(PATIENCE_S)
            looked_up.set()
        return [LOOPBACK]

    http = local(look_up=look_up)
    requests = [post(buyer.url(host=host)) for host in ("slow.example", "buyer.example")]
    slow, quick = http.send_all(requests, ENOUGH_MS)
    released.set()
    assert looked_up.wait(PATIENCE_S)
    http.close()

    assert (slow.trouble, slow.may_have_arrived, quick.status) == (Trouble.UNREACHABLE, False, 200)
    assert buyer.connections == 1


@pytest.mark.parametrize("clock", ["right", "slow"])
def test_a_connection_that_comes_too_late_carries_no_request(
    buyer: Server, monkeypatch: pytest.MonkeyPatch, clock: str
) -> None:
    if clock == "slow":  # the thread looked at it a moment before time was over
        monkeypatch.setattr(http_exchange, "left_s", lambda _ends: 1.0)
    given_up = threading.Event()

    def connect_late(address: str, port: int, timeout_s: float) -> socket.socket:
        sock = connect(address, port, timeout_s)
        given_up.wait(PATIENCE_S)
        return sock

    http = local(connect=connect_late)
    answer = http.send(post(buyer.url(), timeout_ms=SHORT_MS))
    given_up.set()

    assert answer.trouble is Trouble.UNREACHABLE
    assert buyer.wait_for_leaving()
    assert buyer.requests == []


def test_requests_may_be_sent_by_many_threads_at_once(http: ThreadedHttp, buyer: Server) -> None:
    statuses: list[int] = []

    def auction() -> None:
        found = http.send_all([post(buyer.url())] * 10, PATIENCE_S * 1000)
        statuses.extend(answer.status for answer in found)

    threads = [threading.Thread(target=auction) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert statuses == [200] * 80


def test_no_sockets_and_threads_are_left_behind_by_many_auctions(http: ThreadedHttp, buyer: Server) -> None:
    with serving(resets) as broken, serving(never_ends(HEAD, b"X-More: 1\r\n")) as endless:
        requests = [post(server.url()) for server in (buyer, broken, endless)] * 5
        requests.append(post("http://127.0.0.1:1/"))

        def auctions(count: int) -> tuple[int, int]:
            for _ in range(count):
                http.send_all(requests, PATIENCE_S * 1000)
            for server in (buyer, broken, endless):
                for _ in range(count * 5):
                    assert server.wait_for_leaving()
            return len(os.listdir("/dev/fd")), sum(
                t.name.startswith("outgoing") for t in threading.enumerate()
            )

        sockets, threads = auctions(2)
        later_sockets, later_threads = auctions(60)

    assert later_sockets == sockets
    assert threads <= later_threads <= len(requests)


# ---- the twin -------------------------------------------------------------------------------------------------------


def test_the_twin_answers_by_its_script_and_takes_slow_answers_for_timeouts() -> None:
    quick, slow, gone = (post(f"https://{name}.example/") for name in ("quick", "slow", "gone"))
    script = {
        quick.url: Answer(200, b"ok", took_ms=50),
        slow.url: Answer(200, b"ok", took_ms=101),
        gone.url: Answer(trouble=Trouble.UNREACHABLE, took_ms=9_000),
    }
    http = ScriptedHttp(lambda request: script[request.url])

    found = http.send_all([slow, quick, gone], 100)

    assert [answer.trouble for answer in found] == [Trouble.TIMEOUT, None, Trouble.UNREACHABLE]
    assert [answer.took_ms for answer in found] == [100, 50, 100]
    assert http.send(slow).body == b"ok"
    assert http.sent == [slow, quick, gone, slow]
