"""Which addresses may be reached: public ones, and what the setting names. The answers of DNS are checked, not names."""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Callable, Iterator, Sequence

from verifier.errors import BadInput, BrokenSetup, Unavailable

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str, int], Sequence[str]]
"""(host name, port) to the addresses that DNS answers with; OSError where there are none."""

# Beside what `is_global` knows: older Pythons miss some of these (https://www.iana.org/assignments/iana-ipv6-special-registry).
_CLOSED = tuple(
    map(ipaddress.ip_network, ("192.0.0.0/24", "192.88.99.0/24", "fec0::/10", "64:ff9b:1::/48", "3fff::/20", "5f00::/16"))
)  # fmt: skip
_EMBEDDING = tuple(map(ipaddress.IPv6Network, ("64:ff9b::/96", "::/96")))  # IPv4 in the last 32 bits


def look_up(host: str, port: int) -> list[str]:
    """The system's resolver."""
    return list(dict.fromkeys(str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


def is_public(address: Address) -> bool:
    """Whether an address belongs to the public internet, and so does every IPv4 address that it stands for."""
    if isinstance(address, ipaddress.IPv6Address) and address.scope_id:
        return False
    if not address.is_global or address.is_multicast or address.is_reserved or address.is_unspecified:
        return isinstance(address, ipaddress.IPv6Address) and address in _EMBEDDING[0] and all(_within(address))
    if any(address.version == network.version and address in network for network in _CLOSED):
        return False
    return not isinstance(address, ipaddress.IPv6Address) or all(_within(address))


def _within(address: ipaddress.IPv6Address) -> Iterator[bool]:
    """For each IPv4 address inside an IPv6 one (mapped, 6to4, Teredo, NAT64), whether it is public."""
    inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    inner += [ipaddress.IPv4Address(int(address) & 0xFFFFFFFF) for network in _EMBEDDING if address in network]
    return (is_public(one) for one in inner if one is not None)


class Reachable:
    """Finds the addresses of a host and lets only those through that may be reached.

    `allow` names hosts, addresses or networks (`10.1.0.0/16`) that may be reached although they are not public.
    """

    def __init__(self, allow: Sequence[str] = (), resolve: Resolve = look_up) -> None:
        self._hosts = frozenset(one.lower().rstrip(".") for one in allow if _network(one) is None)
        self._networks = tuple(network for one in allow if (network := _network(one)) is not None)
        self._resolve = resolve

    def addresses(self, host: str, port: int, timeout: float) -> list[str]:
        """Where to connect; BadInput if one of the answers may not be reached, Unavailable if there are none."""
        found = [_address(one) for one in self._answers(host, port, timeout)]
        if not found:
            raise Unavailable(f"the name {host} has no address; check the address and the network")
        for address in found:
            if not self._may(host, address):
                at = "" if host.strip("[]") == str(address) else f" is at {address}, which"
                raise BadInput(f"{host}{at} is no public address; name it in the setting fetch.allow if it is yours")
        return [str(address) for address in found]

    def _may(self, host: str, address: Address) -> bool:
        if is_public(address) or host.lower().rstrip(".") in self._hosts:
            return True
        return any(address.version == network.version and address in network for network in self._networks)

    def _answers(self, host: str, port: int, timeout: float) -> Sequence[str]:
        """The host itself if it is an address; else what DNS says, waited for in a thread: resolvers take no time limit."""
        try:
            return [str(ipaddress.ip_address(host.strip("[]")))]
        except ValueError:
            pass
        answers: list[Sequence[str] | OSError] = []

        def ask() -> None:
            try:
                answers.append(self._resolve(host, port))
            except (OSError, UnicodeError) as error:
                answers.append(error if isinstance(error, OSError) else OSError(str(error)))

        asking = threading.Thread(target=ask, daemon=True)
        asking.start()
        asking.join(max(timeout, 0.0))
        if not answers:
            raise Unavailable(f"the name {host} was not looked up in time; try again later")
        if isinstance(answers[0], OSError):
            reason = answers[0].strerror or answers[0]
            raise Unavailable(f"the name {host} was not found ({reason}); check the address and the network")
        return answers[0]


def _address(text: str) -> Address:
    return ipaddress.ip_address(text)


def _network(text: str) -> Network | None:
    """A setting's address or network; None for the name of a host."""
    try:
        return ipaddress.ip_network(text.strip("[]"), strict=False)
    except ValueError:
        if "/" in text or not text.strip():
            raise BrokenSetup(
                f"setting fetch.allow: {text!r} is no host, address or network like 10.1.0.0/16"
            ) from None
        return None
