"""Which addresses a URL from outside may lead to (reference: providers, redirect and URL security)."""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable

Resolve = Callable[[str, int], Awaitable[str]]
"""(host, port) -> the address to connect to; raises ValueError where it must not be reached."""

RESOLVE_TIMEOUT = 10.0
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Say whether the address is a host on the public internet.

    An IPv4 address wrapped into IPv6 (mapped, 6to4, Teredo, NAT64) counts as the one inside.
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    inner = _embedded(ip) if isinstance(ip, ipaddress.IPv6Address) else None
    if inner is not None:
        return is_public(str(inner))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _embedded(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if ip in _NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)
    if ip.teredo is not None:
        return ip.teredo[1]
    return ip.ipv4_mapped or ip.sixtofour


async def resolve_public(host: str, port: int) -> str:
    """Resolve the host and return the address to connect to, so that nobody can change it in between.

    Raises:
        ValueError: it does not resolve, or to any address that is not public.
    """
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(RESOLVE_TIMEOUT):
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as exc:
        raise ValueError(f"{host[:100]} cannot be resolved") from exc
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses or not all(map(is_public, addresses)):
        raise ValueError(f"{host[:100]} is not a public address")
    return addresses[0]
