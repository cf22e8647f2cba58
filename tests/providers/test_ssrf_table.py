"""A member's URL reaches nothing behind the owner's door: a table of tricks, through the real client."""

import asyncio
import ipaddress
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from bot.domain.codes import Code
from bot.domain.errors import InvalidRequest
from bot.providers.foreign_file import ForeignFiles
from tests.providers.sites import Site, anywhere
from tests.providers.wire import Wire, raw

LIMIT = 1 << 20
GIF = b"GIF89a" + b"\0" * 20

# What an attacker's name server says. It may say it differently the second time.
NAMES = {
    "inside.test": ["10.0.0.5"],
    "loop.test": ["127.0.0.1"],
    "loop6.test": ["::1"],
    "mixed.test": ["8.8.8.8", "192.168.0.1"],
    "mapped.test": ["::ffff:10.0.0.5"],
    "metadata.test": ["169.254.169.254"],
    "xn--bcher-kva.test": ["127.0.0.1"],
}

NOT_PUBLIC = "is not a public address"
NO_NAME = "cannot be resolved"
REFUSED = [
    # the loopback, however it is written
    pytest.param("https://127.0.0.1/a.png", NOT_PUBLIC, id="loopback"),
    pytest.param("https://127.8.9.10/a.png", NOT_PUBLIC, id="loopback net"),
    pytest.param("https://2130706433/a.png", NOT_PUBLIC, id="decimal"),
    pytest.param("https://017700000001/a.png", NOT_PUBLIC, id="octal, one number"),
    pytest.param("https://0177.0.0.1/a.png", "", id="octal"),
    pytest.param("https://0x7f000001/a.png", NOT_PUBLIC, id="hexadecimal, one number"),
    pytest.param("https://0x7f.0x0.0x0.0x1/a.png", NOT_PUBLIC, id="hexadecimal"),
    pytest.param("https://0x7F.1/a.png", NOT_PUBLIC, id="hexadecimal and short"),
    pytest.param("https://127.1/a.png", NOT_PUBLIC, id="short"),
    pytest.param("https://127.0.1/a.png", NOT_PUBLIC, id="three parts"),
    pytest.param("https://localhost/a.png", NOT_PUBLIC, id="its name"),
    pytest.param("https://LOCALHOST/a.png", NOT_PUBLIC, id="its name, loud"),
    pytest.param("https://127.0.0.1:8443/a.png", NOT_PUBLIC, id="another port"),
    pytest.param("https://[::1]/a.png", NOT_PUBLIC, id="IPv6 loopback"),
    pytest.param("https://[0:0:0:0:0:0:0:1]/a.png", NOT_PUBLIC, id="IPv6 loopback, long"),
    # other addresses that lead inside
    pytest.param("https://0.0.0.0/a.png", NOT_PUBLIC, id="this host"),
    pytest.param("https://0/a.png", NOT_PUBLIC, id="this host, short"),
    pytest.param("https://10.1.2.3/a.png", NOT_PUBLIC, id="private 10"),
    pytest.param("https://172.16.5.5/a.png", NOT_PUBLIC, id="private 172"),
    pytest.param("https://192.168.1.1/a.png", NOT_PUBLIC, id="private 192"),
    pytest.param("https://3232235777/a.png", NOT_PUBLIC, id="private 192, decimal"),
    pytest.param("https://169.254.169.254/latest/meta-data/", NOT_PUBLIC, id="metadata"),
    pytest.param("https://0xa9fea9fe/latest/meta-data/", NOT_PUBLIC, id="metadata, hexadecimal"),
    pytest.param("https://[fd00:ec2::254]/latest/", NOT_PUBLIC, id="metadata, IPv6"),
    pytest.param("https://100.64.0.1/a.png", NOT_PUBLIC, id="carrier NAT"),
    pytest.param("https://100.100.100.200/latest/", NOT_PUBLIC, id="metadata of another cloud"),
    pytest.param("https://224.0.0.1/a.png", NOT_PUBLIC, id="multicast"),
    pytest.param("https://255.255.255.255/a.png", NOT_PUBLIC, id="broadcast"),
    pytest.param("https://240.0.0.1/a.png", NOT_PUBLIC, id="reserved"),
    pytest.param("https://198.18.0.1/a.png", NOT_PUBLIC, id="benchmark net"),
    pytest.param("https://[::]/a.png", NOT_PUBLIC, id="IPv6 unspecified"),
    pytest.param("https://[fe80::1]/a.png", NOT_PUBLIC, id="IPv6 link-local"),
    pytest.param("https://[fe80::1%25eth0]/a.png", "", id="IPv6 link-local with zone"),
    pytest.param("https://[fe80::1%eth0]/a.png", "", id="IPv6 link-local with bare zone"),
    pytest.param("https://[fc00::1]/a.png", NOT_PUBLIC, id="unique local"),
    pytest.param("https://[fec0::1]/a.png", NOT_PUBLIC, id="site-local"),
    pytest.param("https://[ff02::1]/a.png", NOT_PUBLIC, id="IPv6 multicast"),
    pytest.param("https://[2001:db8::1]/a.png", NOT_PUBLIC, id="documentation"),
    # IPv4 inside IPv6
    pytest.param("https://[::ffff:127.0.0.1]/a.png", NOT_PUBLIC, id="mapped loopback"),
    pytest.param("https://[::ffff:7f00:1]/a.png", NOT_PUBLIC, id="mapped loopback, hexadecimal"),
    pytest.param("https://[::ffff:10.0.0.1]/a.png", NOT_PUBLIC, id="mapped private"),
    pytest.param("https://[::127.0.0.1]/a.png", NOT_PUBLIC, id="compatible loopback"),
    pytest.param("https://[2002:7f00:1::]/a.png", NOT_PUBLIC, id="6to4 loopback"),
    pytest.param("https://[2002:a9fe:a9fe::]/a.png", NOT_PUBLIC, id="6to4 metadata"),
    pytest.param("https://[64:ff9b::7f00:1]/a.png", NOT_PUBLIC, id="NAT64 loopback"),
    pytest.param("https://[64:ff9b:1::a00:1]/a.png", NOT_PUBLIC, id="NAT64 of one's own"),
    pytest.param("https://[2001:0:4136:e378:8000:63bf:f5ff:fffe]/a.png", NOT_PUBLIC, id="Teredo"),
    # names
    pytest.param("https://inside.test/a.png", NOT_PUBLIC, id="a name of a private address"),
    pytest.param("https://loop.test/a.png", NOT_PUBLIC, id="a name of the loopback"),
    pytest.param("https://loop6.test/a.png", NOT_PUBLIC, id="a name of the IPv6 loopback"),
    pytest.param("https://mixed.test/a.png", NOT_PUBLIC, id="one private address among public ones"),
    pytest.param("https://mapped.test/a.png", NOT_PUBLIC, id="a name of a mapped address"),
    pytest.param("https://metadata.test/a.png", NOT_PUBLIC, id="a name of the metadata address"),
    pytest.param("https://INSIDE.test/a.png", NOT_PUBLIC, id="a name in capitals"),
    pytest.param("https://inside.test./a.png", NOT_PUBLIC, id="a name with a dot behind"),
    pytest.param("https://localhost./a.png", "", id="localhost with a dot behind"),
    pytest.param("https://127.0.0.1./a.png", "", id="an address with a dot behind"),
    pytest.param("https://bücher.test/a.png", NOT_PUBLIC, id="an international name"),
    pytest.param("https://nothing.invalid/a.png", NO_NAME, id="a name of nothing"),
    # look-alikes
    pytest.param("https://127。0。0。1/a.png", "", id="ideographic dots"),
    pytest.param("https://①②⑦.0.0.1/a.png", "", id="circled digits"),
    pytest.param("https://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/a.png", "", id="circled letters"),
    pytest.param("https://１２７.0.0.1/a.png", "", id="wide digits"),
    pytest.param("https://loc\u200balhost/a.png", "", id="a space of no width"),
    pytest.param("https://%6c%6f%63alhost/a.png", "", id="an escaped name"),
    pytest.param("https://127.0.0.1%2f.example.com/a.png", "", id="an escaped slash"),
    # who is the host here?
    pytest.param("https://user:secret@8.8.8.8/a.png", "user name", id="user and password"),
    pytest.param("https://user@8.8.8.8/a.png", "user name", id="user"),
    pytest.param("https://8.8.8.8@127.0.0.1/a.png", "user name", id="a public host as user"),
    pytest.param("https://8.8.8.8:443@127.0.0.1/a.png", "user name", id="a public host and port as user"),
    pytest.param("https://8.8.8.8\\@127.0.0.1/a.png", "", id="a backslash"),
    pytest.param("https://127.0.0.1\\.example.com/a.png", "", id="a backslash in the name"),
    pytest.param("https://127.0.0.1#@8.8.8.8/", NOT_PUBLIC, id="a fragment"),
    pytest.param("https://127.0.0.1?@8.8.8.8/", NOT_PUBLIC, id="a query"),
    pytest.param("https:///127.0.0.1/a.png", "no https:// link", id="three slashes"),
    pytest.param("https:127.0.0.1/a.png", "no https:// link", id="no slashes"),
    pytest.param("https://8.8.8.8:99999/a.png", "its port is wrong", id="a port that is none"),
    pytest.param("https://8.8.8.8:x/a.png", "", id="a port of letters"),
    pytest.param("https://[::1/a.png", "", id="an open bracket"),
    pytest.param("https://8.8.8.8/a\r\nHost: x/", "no https:// link", id="a header"),
    pytest.param("https://8.8.8.8/\ta.png", "no https:// link", id="a tab"),
    # other schemes, and no address
    pytest.param("http://8.8.8.8/a.png", "it is not https", id="http"),
    pytest.param("HTTP://8.8.8.8/a.png", "it is not https", id="HTTP, loud"),
    pytest.param("ftp://8.8.8.8/a.png", "no https:// link", id="ftp"),
    pytest.param("file:///etc/passwd", "no https:// link", id="a file"),
    pytest.param("gopher://127.0.0.1:6379/_INFO", "no https:// link", id="gopher"),
    pytest.param("data:image/png;base64,AAAA", "no https:// link", id="data"),
    pytest.param("javascript:alert(1)", "no https:// link", id="javascript"),
    pytest.param("unix:///var/run/docker.sock", "no https:// link", id="a socket"),
    pytest.param("//127.0.0.1/a.png", "no https:// link", id="no scheme"),
    pytest.param("/etc/passwd", "no https:// link", id="a path"),
    pytest.param("127.0.0.1", "no https:// link", id="a bare host"),
    pytest.param("", "no https:// link", id="nothing"),
    pytest.param("https://8.8.8.8/" + "a" * 3000, "no https:// link", id="too long"),
]


def family(address: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in address else socket.AF_INET


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let the real look-up know the attacker's names; give what was looked up."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def look_up(host: Any, port: Any, *args: Any, **options: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else str(host)
        asked.append(name)
        answers = NAMES.get(name.lower().rstrip("."))
        if answers is None:
            return real(host, port, *args, **options)
        return [
            (
                socket.AF_INET6 if ":" in address else socket.AF_INET,
                socket.SOCK_STREAM,
                6,
                "",
                (address, port),
            )
            for address in answers
        ]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return asked


@pytest.fixture
async def connections(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give the addresses that are connected to; none of them is."""
    tried: list[str] = []

    async def connect(sock: socket.socket, address: Any) -> None:
        tried.append(str(address[0]))
        raise ConnectionRefusedError

    monkeypatch.setattr(asyncio.get_running_loop(), "sock_connect", connect)
    return tried


@pytest.fixture
async def files() -> AsyncIterator[ForeignFiles]:
    found = ForeignFiles()
    yield found
    await found.aclose()


@pytest.mark.parametrize(("url", "reason"), REFUSED)
async def test_the_url_is_refused_and_nothing_is_connected_to(
    url: str, reason: str, files: ForeignFiles, names: list[str], connections: list[str]
) -> None:
    with pytest.raises(InvalidRequest) as caught:
        await files.fetch(url, limit=LIMIT)
    assert caught.value.code is Code.PICTURE_ADDRESS
    assert reason in str(caught.value.facts["reason"])
    assert 0 < len(str(caught.value.facts["reason"])) < 150
    assert "secret" not in str(caught.value.facts["reason"])
    assert connections == []


def test_the_table_has_no_public_way_in() -> None:
    assert len(REFUSED) >= 90
    assert len({case.values[0] for case in REFUSED}) == len(REFUSED)


@pytest.mark.parametrize("url", ["https://8.8.8.8/a.png", "  <https://[2606:4700::1111]:8443/a.png>\n"])
async def test_a_public_address_is_connected_to(
    url: str, files: ForeignFiles, connections: list[str]
) -> None:
    """So the table above can fail: what it does not name would go out."""
    with pytest.raises(InvalidRequest) as caught:
        await files.fetch(url, limit=LIMIT)
    assert caught.value.code is Code.PICTURE_UNREACHABLE
    assert connections
    assert all(ipaddress.ip_address(address).is_global for address in connections)


async def picture(request: web.Request) -> web.Response:
    return web.Response(body=GIF)


@pytest.fixture
async def here() -> AsyncIterator[ForeignFiles]:
    """Takes every host for the test's own server, and http as well."""
    found = ForeignFiles(resolve=anywhere, plain=True)
    yield found
    await found.aclose()


async def test_a_host_allowed_by_override_gives_its_file(here: ForeignFiles) -> None:
    async with Site(picture) as site:
        assert await here.fetch(f"http://pictures.test:{site.port}/a.gif?x=1", limit=LIMIT) == GIF
    (request,) = site.requests
    assert request.host == f"pictures.test:{site.port}"
    assert request.path_qs == "/a.gif?x=1"
    assert not {"Authorization", "Cookie", "Referer"} & set(request.headers)


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1:{port}/admin",
        "http://localhost:{port}/admin",
        "http://[::1]:{port}/admin",
        "http://inside.test:{port}/admin",
        "//127.0.0.1:{port}/admin",
        "https://127.0.0.1:{port}/admin",
        "http://169.254.169.254/latest/meta-data/",
        "http://user:secret@pictures.test:{port}/admin",
        "ftp://pictures.test/a.gif",
        "file:///etc/passwd",
        "gopher://127.0.0.1:6379/_INFO",
        "http://[",
    ],
)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_inside_is_not_followed(location: str, status: int) -> None:
    """A public host answers with a private location; the resolver trusts that host alone."""

    async def resolve(host: str, port: int) -> str:
        if host == "pictures.test":
            return "127.0.0.1"
        raise ValueError(f"{host} is not a public address")

    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=status, headers={"Location": location.format(port=site.port)})

    files = ForeignFiles(resolve=resolve, plain=True)
    async with Site(answer) as site:
        with pytest.raises(InvalidRequest) as caught:
            await files.fetch(f"http://pictures.test:{site.port}/a.gif", limit=LIMIT)
        assert caught.value.code is Code.PICTURE_ADDRESS
        assert len(site.requests) == 1
    await files.aclose()


async def test_a_redirect_from_https_to_http_is_refused() -> None:
    wire = Wire(raw(302, b"", location="http://8.8.8.8/a.gif"))
    files = ForeignFiles(resolve=anywhere, transport=wire)
    with pytest.raises(InvalidRequest) as caught:
        await files.fetch("https://8.8.8.8/a.gif", limit=LIMIT)
    assert caught.value.facts["reason"] == "it is not https"
    assert len(wire.requests) == 1


async def test_a_name_that_changes_its_meaning_after_the_check_changes_nothing() -> None:
    """Rebinding: the second answer would be another server, but there is no second question."""
    answers = ["127.0.0.1", "127.0.0.2"]
    asked: list[str] = []

    async def resolve(host: str, port: int) -> str:
        asked.append(host)
        return answers[len(asked) - 1]

    async def rebound(request: web.Request) -> web.Response:
        raise AssertionError("the second address was reached")

    files = ForeignFiles(resolve=resolve, plain=True)
    async with Site(picture) as site:
        # The name means nothing to the real resolver, so only the checked address can have been used.
        assert await files.fetch(f"http://rebinding.invalid:{site.port}/a.gif", limit=LIMIT) == GIF
    assert asked == ["rebinding.invalid"]
    await files.aclose()


async def test_every_redirect_is_looked_up_anew() -> None:
    asked: list[str] = []

    async def resolve(host: str, port: int) -> str:
        asked.append(host)
        if len(asked) > 1:
            raise ValueError(f"{host} is not a public address")
        return "127.0.0.1"

    async def answer(request: web.Request) -> web.Response:
        raise web.HTTPFound("/again")

    files = ForeignFiles(resolve=resolve, plain=True)
    async with Site(answer) as site:
        with pytest.raises(InvalidRequest, match="not a public address"):
            await files.fetch(f"http://pictures.test:{site.port}/a.gif", limit=LIMIT)
        assert len(site.requests) == 1
    assert asked == ["pictures.test"] * 2
    await files.aclose()


@pytest.mark.parametrize(("hops", "arrives"), [(1, True), (5, True), (6, False)])
async def test_five_redirects_are_followed(hops: int, arrives: bool, here: ForeignFiles) -> None:
    async def answer(request: web.Request) -> web.Response:
        step = int(request.path.rsplit("/", 1)[1])
        if step == hops:
            return web.Response(body=GIF)
        raise web.HTTPFound(f"/{step + 1}")

    async with Site(answer) as site:
        url = f"http://pictures.test:{site.port}/0"
        if arrives:
            assert await here.fetch(url, limit=LIMIT) == GIF
        else:
            with pytest.raises(InvalidRequest) as caught:
                await here.fetch(url, limit=LIMIT)
            assert caught.value.code is Code.PICTURE_UNREACHABLE
            assert len(site.requests) == 6
