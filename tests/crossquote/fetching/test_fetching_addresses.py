"""Which addresses may be reached."""

from __future__ import annotations

import ipaddress
import threading

import pytest

from crossquote.fetching.addresses import Reachable, is_public
from verifier.errors import BadInput, BrokenSetup, Unavailable

PUBLIC = "8.8.8.8 93.184.216.34 2606:4700:4700::1111 64:ff9b::808:808 2002:808:808::".split()
CLOSED = """127.0.0.1 127.9.9.9 0.0.0.0 10.0.0.1 172.16.1.1 192.168.0.1 169.254.169.254 100.64.0.1 198.18.0.1 192.0.0.8
    192.0.2.1 192.88.99.1 224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255 ::1 :: fe80::1 fe80::1%eth0 fc00::1 fd00:ec2::254
    fec0::1 ff02::1 2001:db8::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:8.8.8.8 ::7f00:1 64:ff9b::7f00:1 64:ff9b::a00:1
    2002:7f00:1:: 2001:0:7f00:1::1""".split()


@pytest.mark.parametrize(("address", "expected"), [*((a, True) for a in PUBLIC), *((a, False) for a in CLOSED)])
def test_public(address: str, expected: bool) -> None:
    assert is_public(ipaddress.ip_address(address)) is expected


def answers(*addresses: str) -> Reachable:
    return Reachable(["10.1.0.0/16", "inside.example", "fd00::7"], lambda host, port: addresses)


@pytest.mark.parametrize("address", ["8.8.8.8", "10.1.2.3", "fd00::7"])
def test_what_may_be_reached(address: str) -> None:
    assert answers(address).addresses("news.example", 80, 1.0) == [address]


def test_a_host_that_is_named() -> None:
    assert answers("192.168.0.9").addresses("Inside.Example.", 80, 1.0) == ["192.168.0.9"]


@pytest.mark.parametrize("given", [("127.0.0.1",), ("8.8.8.8", "10.2.0.1"), ("::ffff:7f00:1",), ("169.254.169.254",)])
def test_one_closed_answer_closes_the_name(given: tuple[str, ...]) -> None:
    with pytest.raises(BadInput, match=r"news\.example is at .* no public address; name it in the setting fetch.allow"):
        answers(*given).addresses("news.example", 80, 1.0)


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "2130706433", "0x7f.1", "localhost"])
def test_other_ways_to_write_this_machine(host: str) -> None:
    with pytest.raises(BadInput, match="no public address"):
        Reachable().addresses(host, 80, 5.0)


def test_a_resolver_that_hangs_or_fails() -> None:
    ended = threading.Event()
    with pytest.raises(Unavailable, match="not looked up in time"):
        Reachable((), lambda host, port: [str(ended.wait(5))]).addresses("slow.example", 80, 0.05)
    ended.set()
    with pytest.raises(Unavailable, match="has no address"):
        Reachable((), lambda host, port: []).addresses("none.example", 80, 1.0)


def test_a_wrong_setting() -> None:
    with pytest.raises(BrokenSetup, match=r"10\.0\.0\.0/99"):
        Reachable(["10.0.0.0/99"])
