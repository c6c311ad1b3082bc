"""Other companies' systems on loopback: real servers that answer well, badly, slowly or not at all."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

type Conduct = Callable[["Server", socket.socket], None]
"""What a server does with a connection once the request has been read."""

OK: Final = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
PATIENCE_S: Final = 5
"""How long a server goes on with what no client should wait for; short of it a test would fail, not hang."""


@dataclass
class Server:
    """A server that listens on 127.0.0.1 and keeps what reached it."""

    port: int
    requests: list[bytes] = field(default_factory=list)
    """One for each connection that carried any byte of a request, as it came."""
    names: list[str | None] = field(default_factory=list)
    """What clients asked for by SNI."""
    connections: int = 0
    left: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    """Released when a client has gone."""
    stopping: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str = "/", host: str = "127.0.0.1", scheme: str = "http") -> str:
        """A URL of this server."""
        return f"{scheme}://{host}:{self.port}{path}"

    def wait_for_leaving(self) -> bool:
        """Whether a client goes, long before the server loses patience."""
        return self.left.acquire(timeout=PATIENCE_S / 2)


def answers(answer: bytes = OK) -> Conduct:
    """Answer with these bytes and close."""
    return lambda _, sock: sock.sendall(answer)


def says_nothing(server: Server, sock: socket.socket) -> None:
    """Never answer."""
    sock.settimeout(PATIENCE_S)
    with suppress(OSError):
        sock.recv(1)


def resets(_: Server, sock: socket.socket) -> None:
    """Cut the connection without a word."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")


def drips(answer: bytes) -> Conduct:
    """Answer byte by byte; the whole answer takes PATIENCE_S."""

    def conduct(server: Server, sock: socket.socket) -> None:
        for no in range(len(answer)):
            sock.sendall(answer[no : no + 1])
            if server.stopping.wait(PATIENCE_S / len(answer)):
                return

    return conduct


def never_ends(beginning: bytes, piece: bytes) -> Conduct:
    """Answer without an end, as fast as the client reads."""

    def conduct(server: Server, sock: socket.socket) -> None:
        sock.sendall(beginning)
        while not server.stopping.is_set():
            sock.sendall(piece)

    return conduct


@contextmanager
def serving(conduct: Conduct, tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """A server that treats every connection like that, each in its own thread; stopped at the end."""
    with socket.create_server(("127.0.0.1", 0), backlog=256) as listener:
        server = Server(listener.getsockname()[1])
        threads: list[threading.Thread] = []
        if tls:
            tls.sni_callback = lambda _sock, name, _context: server.names.append(name)

        def accept() -> None:
            with suppress(OSError):
                while True:
                    sock = listener.accept()[0]
                    server.connections += 1
                    threads.append(threading.Thread(target=_serve, args=(server, sock, conduct, tls)))
                    threads[-1].start()

        acceptor = threading.Thread(target=accept)
        acceptor.start()
        try:
            yield server
        finally:
            server.stopping.set()
            listener.shutdown(socket.SHUT_RDWR)
            acceptor.join()
            for thread in threads:
                thread.join()


def _serve(server: Server, sock: socket.socket, conduct: Conduct, tls: ssl.SSLContext | None) -> None:
    sock.settimeout(PATIENCE_S)
    with suppress(OSError), sock:
        stream = tls.wrap_socket(sock, server_side=True) if tls else sock
        with stream:
            request = _request(stream)
            if request:
                server.requests.append(request)
                conduct(server, stream)
    server.left.release()


def _request(sock: socket.socket) -> bytes:
    """The whole request by its Content-Length; what there is of it where the client goes."""
    request = b""
    while chunk := sock.recv(65536):
        request += chunk
        head, found, body = request.partition(b"\r\n\r\n")
        lengths = [line.split(b":")[1] for line in head.lower().split(b"\r\n") if b"content-length:" in line]
        if found and len(body) >= int(lengths[0] if lengths else 0):
            break
    return request


def certified(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's TLS with a certificate for that name, and a client's that believes its authority."""
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = _certificate("authority", authority_key, "authority", authority_key)
    leaf = _certificate(name, key, "authority", authority_key)
    file = folder / f"{name}.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + leaf.public_bytes(serialization.Encoding.PEM)
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    client = ssl.create_default_context(
        cadata=authority.public_bytes(serialization.Encoding.PEM).decode("ascii")
    )
    return server, client


def _certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: str,
    issuer_key: ec.EllipticCurvePrivateKey,
) -> x509.Certificate:
    now, is_authority = datetime.now(UTC), name == issuer
    usage = dict.fromkeys(
        (
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
        )
        .add_extension(
            x509.KeyUsage(digital_signature=True, key_cert_sign=is_authority, crl_sign=is_authority, **usage),
            critical=True,
        )
        .sign(issuer_key, hashes.SHA256())
    )
