"""Which addresses may be called: how URLs are read, and which networks are not entered."""

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.adapters.safe_addresses import Target, refusal, target_of


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://buyer.example", Target("https", "buyer.example", 443, "/")),
        ("https://Buyer.Example:8443/ping", Target("https", "buyer.example", 8443, "/ping")),
        ("https://buyer.example?a=1&b=%20", Target("https", "buyer.example", 443, "/?a=1&b=%20")),
        (
            "https://buyer.example/größe?q=ü",
            Target("https", "buyer.example", 443, "/gr%C3%B6%C3%9Fe?q=%C3%BC"),
        ),
        ("https://buyer.example./", Target("https", "buyer.example", 443, "/")),
        ("https://93.184.216.34/x", Target("https", "93.184.216.34", 443, "/x")),
        ("https://[2606:2800:220:1::1]:444/", Target("https", "2606:2800:220:1::1", 444, "/")),
        ("https://xn--mnchen-3ya.example/", Target("https", "xn--mnchen-3ya.example", 443, "/")),
    ],
)
def test_a_url_is_read_as_it_is_written(url: str, target: Target) -> None:
    assert target_of(url, allow_http=False) == target


@pytest.mark.parametrize(
    ("url", "authority"),
    [
        ("https://buyer.example:443/", "buyer.example"),
        ("https://buyer.example:80/", "buyer.example:80"),
        ("https://[2606:2800:220:1::1]:444/", "[2606:2800:220:1::1]:444"),
    ],
)
def test_the_host_header_names_the_port_only_where_it_is_not_the_usual_one(url: str, authority: str) -> None:
    target = target_of(url, allow_http=False)

    assert isinstance(target, Target)
    assert target.authority == authority


@pytest.mark.parametrize(
    "host",
    [
        "2130706433",
        "0x7f000001",
        "0x7f.0.0.1",
        "0177.0.0.1",
        "127.1",
        "127.0.1",
        "127.0.0.01",
        "127.0.0.1.1",
        "256.0.0.1",
        "1.2.3.0x4",
        "buyer.0x",
        "[127.0.0.1",
        "[fe80::1%25eth0]",
        "[::g]",
        "\u2460\u2461\u2466.0.0.1",
        "\uff11\uff12\uff17.0.0.1",
        "buyer\u3002example",
        "user@buyer.example",
        "user:word@buyer.example",
        "buyer.example\\@other.example",
        "buyer..example",
        "-buyer.example",
        ".",
        "",
        "a" * 64 + ".example",
        "buyer.example:0",
        "buyer.example:65536",
        "buyer.example:",
        "buyer.example:-1",
        "buyer.example:8 0",
    ],
)
def test_a_host_that_some_would_read_otherwise_is_refused(host: str) -> None:
    assert isinstance(target_of(f"https://{host}/", allow_http=True), str)


@pytest.mark.parametrize(
    "url",
    [
        "http://buyer.example/",
        "ftp://buyer.example/",
        "file:///etc/passwd",
        "//buyer.example/",
        "buyer.example",
        "https:/buyer.example/",
        "https://buyer.example/#part",
        "https://buyer.example/a b",
        "https://buyer.example/a\r\nb",
        " https://buyer.example/",
        "https://buyer.example/\n",
        "https://buyer.example\t/",
        "https://buyer.example/\\x",
        "",
    ],
)
def test_what_is_no_plain_https_url_is_refused(url: str) -> None:
    assert isinstance(target_of(url, allow_http=False), str)


def test_plain_http_can_be_allowed() -> None:
    assert target_of("http://localhost:8000/x", allow_http=True) == Target("http", "localhost", 8000, "/x")


@given(st.text("b.-_:@[]/\\\r\n 1x%?#\u00fc", max_size=8), st.text(max_size=30))
def test_whatever_is_written_what_is_sent_of_it_is_one_word_of_visible_ascii(host: str, path: str) -> None:
    target = target_of(f"https://a{host}b/{path}", allow_http=False)

    if isinstance(target, Target):
        sent = target.authority + target.path
        assert all("!" <= letter <= "~" for letter in sent)
        assert target.path.startswith("/")


PRIVATE = [
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "::1",
    "fc00::1",
    "fd12:3456::1",
    "::ffff:10.0.0.1",
    "::ffff:127.0.0.1",
    "2002:7f00:1::",
    "2002:c0a8:101::1",
    "64:ff9b::a00:1",
    "64:ff9b::127.0.0.1",
]
NEVER = [
    "0.0.0.0",  # noqa: S104 - called, not bound
    "0.1.2.3",
    "169.254.1.1",
    "169.254.169.254",
    "169.254.170.2",
    "192.0.0.1",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::2",
    "::127.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::169.254.169.254",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:a9fe:a9fe::1",
    "3fff::1",
    "5f00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%2",
    "fec0::1",
    "ff02::1",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_network_is_entered_only_where_that_is_allowed(address: str) -> None:
    assert refusal(address, allow_private=False)
    assert not refusal(address, allow_private=True)


@pytest.mark.parametrize("address", NEVER)
def test_metadata_and_addresses_that_belong_to_nobody_are_never_called(address: str) -> None:
    assert refusal(address, allow_private=False)
    assert refusal(address, allow_private=True)


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1",
        "93.184.216.34",
        "100.63.255.255",
        "100.128.0.1",
        "172.15.0.1",
        "172.32.0.1",
        "2606:2800:220:1::1",
        "2a00:1450:4001::1",
        "::ffff:1.1.1.1",
        "2002:101:101::1",
        "64:ff9b::101:101",
    ],
)
def test_public_addresses_are_called(address: str) -> None:
    assert not refusal(address, allow_private=False)


@given(st.ip_addresses(v=4), st.booleans())
def test_an_ipv4_address_is_judged_alike_in_all_its_ipv6_clothes(
    address: IPv4Address, allow_private: bool
) -> None:
    number = int(address)
    clothes = [0xFFFF << 32 | number, 0x64FF9B << 96 | number, 0x2002 << 112 | number << 80]

    verdicts = {
        refusal(str(ip), allow_private=allow_private) for ip in (address, *(IPv6Address(n) for n in clothes))
    }

    assert len(verdicts) == 1


@given(st.ip_addresses())
def test_nothing_that_python_calls_private_or_special_is_called(address: IPv4Address | IPv6Address) -> None:
    special = (
        not address.is_global
        or address.is_private
        or address.is_multicast
        or address.is_link_local
        or address.is_loopback
        or address.is_unspecified
    )

    if special:
        assert refusal(str(address), allow_private=False)
