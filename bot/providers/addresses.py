"""Which addresses a URL from outside may lead to (reference: providers, redirect and URL security)."""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.providers.base_url import Origin

Resolve = Callable[[str, int], Awaitable[str]]
"""(host, port) -> the address to connect to; raises ValueError where it must not be reached."""

RESOLVE_TIMEOUT = 10.0
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")  # all of IPv6 that is given out (IANA)
_ISATAP = frozenset({0x0000_5EFE, 0x0200_5EFE})
_RELAY = ipaddress.ip_network("192.88.99.0/24")
# Where clouds hand keys to whoever asks; the usual one, 169.254.169.254, is link-local.
_METADATA = frozenset(map(ipaddress.ip_address, ("100.100.100.200", "fd00:ec2::254")))

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def is_public(address: str) -> bool:
    """Say whether the address is a host on the public internet.

    An IPv4 address wrapped into IPv6 (mapped, 6to4, Teredo, NAT64, ISATAP) counts as the one inside.
    """
    ip = _read(address)
    if ip is None or (ip.version == 6 and ip not in _GLOBAL_UNICAST) or ip in _RELAY:
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def is_host(address: str) -> bool:
    """Say whether the address is one host, public or at home, and not one that only clouds answer at."""
    ip = _read(address)
    if ip is None or ip in _METADATA:
        return False
    if ip.is_loopback:
        return True
    return not (ip.is_link_local or ip.is_multicast or ip.is_unspecified or ip.is_reserved)


def _read(address: str) -> _Address | None:
    """Return the address without zone and wrapping."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return None
    return (_embedded(ip) or ip) if isinstance(ip, ipaddress.IPv6Address) else ip


def _embedded(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if ip in _NAT64 or (int(ip) >> 32) & 0xFFFF_FFFF in _ISATAP:
        return ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)
    if ip.teredo is not None:
        return ip.teredo[1]
    return ip.ipv4_mapped or ip.sixtofour


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Where a client goes: to its home as it is configured, elsewhere with care.

    Elsewhere is https and what `resolve` lets through; with a home of http also http.
    """

    home: Origin
    resolve: Resolve

    async def address_of(self, target: Origin) -> str | None:
        """Return the address to connect to, None for the home, whose name is looked up as always.

        Raises:
            ValueError: it must not be reached; in words.
        """
        if target == self.home:
            return None
        if target.scheme not in {"https", self.home.scheme}:
            raise ValueError("it is not https")
        if not 0 < target.port < 1 << 16:
            raise ValueError("its port is wrong")
        return await self.resolve(target.host, target.port)


async def resolve_public(host: str, port: int) -> str:
    """Resolve the host and return the address to connect to, so that nobody can change it in between.

    Raises:
        ValueError: it does not resolve, or to any address that is not public.
    """
    return await _resolve(host, port, is_public, "a public address")


async def resolve_host(host: str, port: int) -> str:
    """Resolve the host as above, but let addresses of the own network pass.

    Raises:
        ValueError: it does not resolve, or to any address that belongs to no single host.
    """
    return await _resolve(host, port, is_host, "the address of a host")


async def _resolve(host: str, port: int, accept: Callable[[str], bool], wanted: str) -> str:
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(RESOLVE_TIMEOUT):
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as exc:
        raise ValueError(f"{host[:100]} cannot be resolved") from exc
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses or not all(map(accept, addresses)):
        raise ValueError(f"{host[:100]} is not {wanted}")
    return addresses[0]
