"""Create requests that must be refused, each with its reason and without harm."""

import asyncio
import base64
import struct
import zlib
from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any

import aiohttp
import pytest

from bot.preview import PreviewServer
from tests.preview.preview_client import Client, file_of, photo

WRONG_SIZE = "Inpaint image must match the requested width and height"


def png_header(width: int, height: int) -> bytes:
    """Return a PNG that claims a size and holds next to nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 64))
        + chunk(b"IEND", b"")
    )


def data_url(data: bytes) -> dict[str, str]:
    return {"image_url": "data:image/png;base64," + base64.b64encode(data).decode()}


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        pytest.param({}, "prompt", id="no prompt"),
        pytest.param({"prompt": ""}, "prompt", id="empty prompt"),
        pytest.param({"prompt": " \n\t"}, "prompt", id="blank prompt"),
        pytest.param({"prompt": None}, "prompt", id="null prompt"),
        pytest.param({"prompt": ["a"]}, "prompt", id="a list as prompt"),
        pytest.param({"prompt": "x" * 32_001}, "prompt", id="prompt one too long"),
        pytest.param({"prompt": "x" * 5_000_000}, "prompt", id="5 MB prompt"),
        pytest.param({"prompt": "x", "size": "1024x1024"}, "size", id="square"),
        pytest.param({"prompt": "x", "size": "1280X720"}, "size", id="capital X"),
        pytest.param({"prompt": "x", "size": 720}, "size", id="number as size"),
        pytest.param({"prompt": "x", "size": {"w": 1}}, "size", id="object as size"),
        pytest.param({"prompt": "x", "seconds": "5"}, "seconds", id="5 seconds"),
        pytest.param({"prompt": "x", "seconds": 4.0}, "seconds", id="float seconds"),
        pytest.param({"prompt": "x", "seconds": True}, "seconds", id="true seconds"),
        pytest.param({"prompt": "x", "seconds": "04"}, "seconds", id="04 seconds"),
        pytest.param({"prompt": "x", "model": ""}, "model", id="empty model"),
        pytest.param({"prompt": "x", "model": "m" * 101}, "model", id="long model"),
        pytest.param({"prompt": "x", "seed": -1}, "seed", id="negative seed"),
        pytest.param({"prompt": "x", "seed": 2**63}, "seed", id="seed beyond 63 bits"),
        pytest.param({"prompt": "x", "seed": "lucky"}, "seed", id="word as seed"),
        pytest.param(
            {"prompt": "x", "negative_prompt": 5}, "negative_prompt", id="number as negative prompt"
        ),
        pytest.param({"prompt": "x", "input_reference": {"file_id": "f"}}, "input_reference", id="file id"),
        pytest.param(
            {"prompt": "x", "input_reference": {"image_url": "http://localhost/x.png"}},
            "input_reference",
            id="url",
        ),
        pytest.param(
            {"prompt": "x", "input_reference": {"image_url": "data:image/png;base64,???"}},
            "input_reference",
            id="bad base64",
        ),
        pytest.param(
            {"prompt": "x", "input_reference": data_url(b"text")}, "input_reference", id="text as picture"
        ),
        pytest.param(
            {"prompt": "x", "input_reference": "picture.png"}, "input_reference", id="name as picture"
        ),
    ],
)
async def test_a_bad_field_is_refused_by_name(
    slow: Client, slow_server: PreviewServer, fields: dict[str, Any], param: str
) -> None:
    status, body, _ = await slow.ask("POST", "/videos", json=fields)
    assert (status, body["error"]["code"], body["error"]["param"]) == (400, "invalid_parameter", param)
    assert body["error"]["type"] == "invalid_request_error"
    assert len(slow_server.videos) == 0


async def test_a_wrong_size_is_refused_in_the_documented_words(slow: Client) -> None:
    _, body, _ = await slow.ask("POST", "/videos", json={"prompt": "x", "size": "1x1"})
    assert body["error"]["message"] == "Invalid parameter: size must be 720x1280 or 1280x720"


@pytest.mark.parametrize(
    ("content_type", "data", "status"),
    [
        pytest.param("application/json", b"{", 400, id="cut JSON"),
        pytest.param("application/json", b"[]", 400, id="JSON list"),
        pytest.param("application/json", b"\xff\xfe{}", 400, id="not UTF-8"),
        pytest.param("application/json", b"[" * 200_000, 400, id="deep JSON"),
        pytest.param("application/json", b'{"seed": ' + b"9" * 5000 + b"}", 400, id="endless number"),
        pytest.param("text/plain", b"prompt", 415, id="plain text"),
        pytest.param("multipart/form-data", b"--x", 400, id="no boundary"),
        pytest.param("multipart/form-data; boundary=x", b"nothing", 400, id="boundary never comes"),
        pytest.param(
            "multipart/form-data; boundary=x", b"--x\r\n\r\nhi\r\n--x--\r\n", 400, id="part without a name"
        ),
        pytest.param(
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="prompt"\r\n\r\n\xff\xfe\r\n--x--\r\n',
            400,
            id="prompt not UTF-8",
        ),
    ],
)
async def test_a_broken_body_is_refused(slow: Client, content_type: str, data: bytes, status: int) -> None:
    answered, body, _ = await slow.ask("POST", "/videos", data=data, headers={"Content-Type": content_type})
    assert answered == status, body
    assert set(body["error"]) == {"message", "type", "param", "code"}


async def test_a_form_with_too_many_fields_is_refused(slow: Client) -> None:
    form = aiohttp.FormData([(f"field{number}", "x") for number in range(40)], default_to_multipart=True)
    status, body, _ = await slow.ask("POST", "/videos", data=form)
    assert status == 400
    assert "32 fields" in body["error"]["message"]


async def test_a_body_over_the_limit_is_refused_before_it_is_read(slow_server: PreviewServer) -> None:
    port = int(slow_server.base_url.split(":")[2].removesuffix("/v1"))
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    length = 31 * 1024 * 1024
    head = [
        "POST /v1/videos HTTP/1.1",
        "Host: x",
        "Content-Type: application/json",
        f"Content-Length: {length}",
    ]
    writer.write("\r\n".join([*head, "", ""]).encode())
    async with asyncio.timeout(60):
        answer = await reader.readuntil(b"\r\n")
    writer.close()
    await writer.wait_closed()
    assert answer.startswith(b"HTTP/1.1 413 ")


async def test_a_chunked_body_over_the_limit_is_refused(slow: Client, slow_server: PreviewServer) -> None:
    async def endless() -> AsyncIterator[bytes]:
        head = b'--x\r\nContent-Disposition: form-data; name="prompt"\r\n\r\n'
        yield head
        for _ in range(40):
            yield b"x" * (1024 * 1024)

    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    status, body, _ = await slow.ask("POST", "/videos", data=endless(), headers=headers)
    assert (status, body["error"]["code"]) == (413, "request_too_large")
    assert len(slow_server.videos) == 0


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param(b"just text", "must be a JPEG, PNG or WebP", id="text"),
        pytest.param(b"", "must be a JPEG, PNG or WebP", id="empty"),
        pytest.param(b"GIF89a" + b"\0" * 100, "must be a JPEG, PNG or WebP", id="gif"),
        pytest.param(file_of(photo(1280, 720), "JPEG")[:9000], "must be a JPEG, PNG or WebP", id="cut JPEG"),
        pytest.param(file_of(photo(1280, 720), "PNG")[:5000], "must be a JPEG, PNG or WebP", id="cut PNG"),
        pytest.param(file_of(photo(720, 1280), "JPEG"), WRONG_SIZE, id="portrait for landscape"),
        pytest.param(file_of(photo(1281, 720), "PNG"), WRONG_SIZE, id="one pixel more"),
        pytest.param(png_header(60_000, 1_000), WRONG_SIZE, id="60 megapixel bomb"),
        pytest.param(png_header(12_000, 12_000), WRONG_SIZE, id="bomb that Pillow warns of"),
        pytest.param(png_header(60_000, 60_000), WRONG_SIZE, id="bomb that Pillow refuses"),
        pytest.param(b"x" * (20 * 1024 * 1024 + 1), "20 MiB", id="over 20 MiB"),
    ],
)
async def test_a_bad_picture_is_refused(
    slow: Client, slow_server: PreviewServer, data: bytes, message: str
) -> None:
    form = aiohttp.FormData()
    form.add_field("prompt", "x")
    form.add_field("size", "1280x720")
    form.add_field("input_reference", BytesIO(data), filename="picture.png", content_type="image/png")
    status, body, _ = await slow.ask("POST", "/videos", data=form)
    assert (status, body["error"]["param"]) == (400, "input_reference")
    assert message in body["error"]["message"]
    assert len(slow_server.videos) == 0


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_each_documented_kind_of_picture_is_accepted(slow: Client, kind: str) -> None:
    form = aiohttp.FormData()
    form.add_field("prompt", "x")
    form.add_field("size", "1280x720")
    form.add_field("seconds", "8")
    form.add_field("input_reference", file_of(photo(1280, 720), kind), filename="x", content_type="image/x")
    status, body, _ = await slow.ask("POST", "/videos", data=form)
    assert (status, body["seconds"]) == (200, "8")


async def test_text_that_is_no_valid_unicode_still_renders(client: Client) -> None:
    data = b'{"prompt": "half a pair \\ud83d and a null \\u0000", "size": "1280x720"}'
    _, body, _ = await client.ask("POST", "/videos", data=data, headers={"Content-Type": "application/json"})
    assert (await client.wait(body["id"]))["status"] == "completed"
