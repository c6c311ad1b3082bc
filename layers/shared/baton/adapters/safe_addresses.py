"""Which addresses of other companies may be called: how a URL must be written, and where its name may lead.

One strict reading of the URL serves the lookup, the certificate and the Host header alike, so that no two readers can
understand it differently. Names are judged by the addresses that they lead to, never by how they look.
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final
from urllib.parse import quote

type Address = IPv4Address | IPv6Address
type Network = IPv4Network | IPv6Network

MAX_PORT: Final = 65_535
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_URL: Final = re.compile(
    r"(?P<scheme>https?)://"
    r"(?P<host>\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9._-]{1,254})"
    r"(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<path>[/?][^\x00-\x20\x7f\\#]*)?"
)
_NAME: Final = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9_-]{1,63}(?<!-))*")
_NUMBER_AT_THE_END: Final = re.compile(r"(.*\.)?([0-9]+|0[xX][0-9A-Fa-f]*)")
"""Such a host is an IPv4 address to some readers, in whole or in hexadecimal or octal parts (URL standard, 3.5)."""
_KEPT_IN_PATHS: Final = "".join(map(chr, range(0x21, 0x7F)))


@dataclass(frozen=True, slots=True)
class Target:
    """Where a URL leads, as it is written."""

    scheme: str
    host: str
    """A name or an IP address, without brackets."""
    port: int
    path: str
    """With the query; ASCII."""

    @property
    def authority(self) -> str:
        """What the Host header says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def address(self) -> str | None:
        """The address, where the host is one and no name has to be looked up."""
        return self.host if _is_address(self.host) else None


def target_of(url: str, *, allow_http: bool) -> Target | str:
    """The URL's target; or, in words, why it may not be called."""
    found = _URL.fullmatch(url)
    if found is None:
        return "not an absolute URL in plain ASCII up to its path, without credentials and fragment"
    scheme = found["scheme"]
    if scheme == "http" and not allow_http:
        return "not https"
    host = found["host"].strip("[]").removesuffix(".").lower()
    if not (_is_address(host) if found["host"].startswith("[") else _is_host(host)):
        return "the host is neither a name nor an IP address in its usual notation"
    port = int(found["port"] or _DEFAULT_PORTS[scheme])
    if not 0 < port <= MAX_PORT:
        return f"the port is not between 1 and {MAX_PORT}"
    path = quote(found["path"] or "/", safe=_KEPT_IN_PATHS)
    return Target(scheme, host, port, path if path.startswith("/") else f"/{path}")


def _is_host(host: str) -> bool:
    return _is_address(host) if _NUMBER_AT_THE_END.fullmatch(host) else _NAME.fullmatch(host) is not None


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _networks(*texts: str) -> tuple[Network, ...]:
    return tuple(ip_network(text) for text in texts)


_METADATA: Final = _networks("169.254.0.0/16", "fd00:ec2::/32")
"""The cloud's own services hand credentials to whoever asks there."""
_PRIVATE: Final = _networks(
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "::1/128",
    "fc00::/7",
)
"""This machine, its own network, and what a carrier or a VPC puts between it and the internet."""
_NEVER: Final = _networks("192.88.99.0/24", "3fff::/20")
"""Not public either, though the standard library of Python 3.13 does not know."""
_GLOBAL_UNICAST: Final = IPv6Network("2000::/3")
_NAT64: Final = IPv6Network("64:ff9b::/96")


def refusal(address: str, *, allow_private: bool) -> str:
    """Why no connection may be made to this IP address, in words; '' where one may be."""
    ip = _meant(ip_address(address))
    if _within(ip, _METADATA):
        return "leads to a link-local address, where a cloud's metadata is"
    if _within(ip, _PRIVATE):
        return "" if allow_private else "leads into a private network"
    unicast = ip.version == 4 or ip in _GLOBAL_UNICAST  # noqa: PLR2004 - IPv4
    if not (unicast and ip.is_global) or ip.is_multicast or _within(ip, _NEVER):
        return "leads to an address that is not public"
    return ""


def _meant(ip: Address) -> Address:
    """The IPv4 address that an IPv6 address stands for, where it does: mapped, 6to4 or NAT64."""
    if isinstance(ip, IPv4Address):
        return ip
    if ip in _NAT64:
        return IPv4Address(int(ip) & 0xFFFF_FFFF)
    return ip.ipv4_mapped or ip.sixtofour or ip


def _within(ip: Address, networks: tuple[Network, ...]) -> bool:
    return any(ip in network for network in networks)
