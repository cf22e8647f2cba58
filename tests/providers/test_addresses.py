"""Which addresses a URL from outside may lead to."""

import asyncio

import pytest

from bot.providers.addresses import is_host, is_public, resolve_host, resolve_public


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"],
)
def test_an_address_on_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("127.0.0.1", id="loopback"),
        pytest.param("127.255.0.9", id="loopback net"),
        pytest.param("10.1.2.3", id="private 10"),
        pytest.param("172.16.0.1", id="private 172"),
        pytest.param("192.168.1.1", id="private 192"),
        pytest.param("169.254.169.254", id="link-local, cloud metadata"),
        pytest.param("100.64.0.1", id="carrier NAT"),
        pytest.param("0.0.0.0", id="this host"),
        pytest.param("255.255.255.255", id="broadcast"),
        pytest.param("224.0.0.1", id="multicast"),
        pytest.param("240.0.0.1", id="reserved"),
        pytest.param("::1", id="loopback 6"),
        pytest.param("::", id="unspecified 6"),
        pytest.param("fe80::1", id="link-local 6"),
        pytest.param("fe80::1%eth0", id="link-local 6 with zone"),
        pytest.param("fc00::1", id="unique local 6"),
        pytest.param("ff02::1", id="multicast 6"),
        pytest.param("::ffff:127.0.0.1", id="mapped loopback"),
        pytest.param("::ffff:10.0.0.1", id="mapped private"),
        pytest.param("2002:7f00:1::", id="6to4 loopback"),
        pytest.param("64:ff9b::7f00:1", id="NAT64 loopback"),
        pytest.param("64:ff9b::a00:1", id="NAT64 private"),
        pytest.param("2001:0:4136:e378:8000:63bf:f5ff:fffe", id="Teredo to 10.0.0.1"),
        pytest.param("fec0::1", id="site-local 6"),
        pytest.param("fd00:ec2::254", id="unique local 6, cloud metadata"),
        pytest.param("2001:db8::1", id="documentation 6"),
        pytest.param("100::1", id="discard 6"),
        pytest.param("5f00::1", id="segment routing 6"),
        pytest.param("64:ff9b:1::a00:1", id="NAT64 of one's own"),
        pytest.param("::10.0.0.1", id="compatible private"),
        pytest.param("2606:4700::5efe:10.0.0.1", id="ISATAP private"),
        pytest.param("2606:4700::200:5efe:127.0.0.1", id="ISATAP loopback"),
        pytest.param("::ffff:169.254.169.254", id="mapped metadata"),
        pytest.param("64:ff9b::169.254.169.254", id="NAT64 metadata"),
        pytest.param("192.88.99.1", id="6to4 relay"),
        pytest.param("198.18.0.1", id="benchmark net"),
        pytest.param("192.0.2.1", id="documentation"),
        pytest.param("192.0.0.1", id="protocol assignments"),
        pytest.param("localhost", id="a name"),
        pytest.param("", id="nothing"),
    ],
)
def test_every_other_address_is_not(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "host",
    [
        pytest.param("localhost", id="name of the loopback"),
        pytest.param("127.0.0.1", id="loopback"),
        pytest.param("2130706433", id="decimal"),
        pytest.param("0x7f.1", id="hexadecimal"),
        pytest.param("0177.0.0.1", id="octal"),
        pytest.param("127.1", id="short"),
        pytest.param("::ffff:7f00:1", id="mapped"),
    ],
)
async def test_a_host_that_means_this_machine_is_refused_however_it_is_written(host: str) -> None:
    with pytest.raises(ValueError, match="not a public address"):
        await resolve_public(host, 443)


@pytest.mark.parametrize("host", ["nothing.invalid", "a" * 300, "ex%20ample", "\udcff"])
async def test_a_host_that_cannot_be_resolved_is_refused(host: str) -> None:
    with pytest.raises(ValueError, match="cannot be resolved"):
        await resolve_public(host, 443)


async def test_one_private_address_among_public_ones_is_enough_to_refuse(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def both(*_: object, **__: object) -> list[tuple[int, int, int, str, tuple[str, int]]]:
        return [(2, 1, 6, "", (address, 443)) for address in ("8.8.8.8", "10.0.0.1")]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", both)
    with pytest.raises(ValueError, match="not a public address"):
        await resolve_public("cdn.example", 443)


async def test_a_public_host_gives_the_address_to_connect_to() -> None:
    assert await resolve_public("8.8.8.8", 443) == "8.8.8.8"


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "::1", "10.1.2.3", "192.168.1.1", "172.31.0.1", "100.64.0.1", "fd12::1", "8.8.8.8"],
)
def test_an_address_at_home_is_a_host(address: str) -> None:
    assert is_host(address)


@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254",
        "fe80::1%eth0",
        "fd00:ec2::254",
        "100.100.100.200",
        "::ffff:100.100.100.200",
        "0.0.0.0",
        "::",
        "255.255.255.255",
        "240.0.0.1",
        "224.0.0.1",
        "ff02::1",
        "localhost",
    ],
)
def test_where_no_host_lives_or_only_a_cloud_answers_is_none(address: str) -> None:
    assert not is_host(address)


async def test_a_host_at_home_gives_its_address() -> None:
    assert await resolve_host("127.0.0.1", 443) == "127.0.0.1"
    with pytest.raises(ValueError, match="not the address of a host"):
        await resolve_host("169.254.169.254", 80)
