"""The routes of the preview API over real HTTP."""

import asyncio
import base64
import re
from pathlib import Path

import aiohttp
import pytest

from bot.preview import PreviewServer
from tests.preview.preview_client import Client, file_of, photo

FIELDS = {
    "id",
    "object",
    "model",
    "status",
    "progress",
    "created_at",
    "completed_at",
    "expires_at",
    "prompt",
    "seconds",
    "size",
    "remixed_from_video_id",
    "error",
}


async def test_a_new_video_has_the_documented_fields(slow: Client) -> None:
    status, body, headers = await slow.ask(
        "POST", "/videos", json={"model": "sora-2", "prompt": "a cat", "size": "1280x720", "seconds": 8}
    )
    assert status == 200
    assert set(body) == FIELDS
    assert re.fullmatch(r"video_[0-9a-f]{32}", body["id"])
    assert body["object"] == "video"
    assert body["status"] in ("queued", "in_progress")
    assert body["progress"] == 0
    assert (body["model"], body["prompt"], body["size"], body["seconds"]) == (
        "sora-2",
        "a cat",
        "1280x720",
        "8",
    )
    for name in ("completed_at", "expires_at", "remixed_from_video_id", "error"):
        assert body[name] is None
    assert headers["openai-poll-after-ms"] == "1000"


async def test_size_and_seconds_have_the_documented_defaults(slow: Client) -> None:
    body = await slow.create()
    assert (body["size"], body["seconds"], body["model"]) == ("720x1280", "4", "preview")


async def test_a_video_is_rendered_and_can_be_fetched_in_whole_and_in_part(client: Client) -> None:
    created = await client.create("hills at dawn", size="1280x720")
    done = await client.wait(created["id"])
    assert (done["status"], done["progress"], done["error"]) == ("completed", 100, None)
    assert done["expires_at"] == done["completed_at"] + 24 * 3600

    status, whole, headers = await client.ask("GET", f"/videos/{created['id']}/content")
    assert status == 200
    assert headers["Content-Type"] == "video/mp4"
    assert int(headers["Content-Length"]) == len(whole)
    assert headers["Accept-Ranges"] == "bytes"
    assert whole[4:8] == b"ftyp"

    status, part, headers = await client.ask(
        "GET", f"/videos/{created['id']}/content?variant=video", headers={"Range": "bytes=100-299"}
    )
    assert status == 206
    assert headers["Content-Range"] == f"bytes 100-299/{len(whole)}"
    assert part == whole[100:300]


async def test_stills_are_made_of_a_finished_video(client: Client) -> None:
    video = await client.create(size="1280x720")
    await client.wait(video["id"])
    _, thumbnail, headers = await client.ask("GET", f"/videos/{video['id']}/content?variant=thumbnail")
    assert headers["Content-Type"] == "image/webp"
    assert thumbnail[:4] == b"RIFF"
    assert thumbnail[8:12] == b"WEBP"
    _, sheet, headers = await client.ask("GET", f"/videos/{video['id']}/content?variant=spritesheet")
    assert headers["Content-Type"] == "image/jpeg"
    assert sheet[:3] == b"\xff\xd8\xff"


async def test_progress_counts_frames_and_the_second_job_waits_for_the_first(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    async with PreviewServer(data_dir=tmp_path, pace=0.4) as server:
        client = Client(server.base_url, session)
        first = await client.create()
        second = await client.create()
        seen = []
        while (body := await client.wait(first["id"], until=("queued", "in_progress", "completed")))[
            "status"
        ] != "completed":
            seen.append(body["progress"])
            _, other, _ = await client.ask("GET", f"/videos/{second['id']}")
            if other["status"] == "queued":
                assert other["progress"] == 0
        assert seen == sorted(seen)
        assert any(0 < progress < 100 for progress in seen)
        assert (await client.wait(second["id"]))["status"] == "completed"


async def test_a_list_is_paged_by_cursor_newest_first(slow: Client, slow_server: PreviewServer) -> None:
    ids = []
    for number in range(5):
        video = await slow.create(f"[[moderated]] {number}")
        ids.append(video["id"])
        await slow.wait(video["id"])
    _, page, _ = await slow.ask("GET", "/videos?limit=2")
    assert page["object"] == "list"
    assert [video["id"] for video in page["data"]] == [ids[4], ids[3]]
    assert (page["first_id"], page["last_id"], page["has_more"]) == (ids[4], ids[3], True)
    _, page, _ = await slow.ask("GET", f"/videos?limit=3&after={ids[3]}")
    assert [video["id"] for video in page["data"]] == [ids[2], ids[1], ids[0]]
    assert page["has_more"] is False
    _, page, _ = await slow.ask("GET", "/videos?order=asc&limit=1")
    assert page["data"][0]["prompt"] == "[[moderated]] 0"
    _, page, _ = await slow.ask("GET", f"/videos?after={ids[0]}")
    assert (page["data"], page["first_id"], page["last_id"], page["has_more"]) == ([], None, None, False)
    assert len(slow_server.videos) == 5


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "limit=x", "limit=-1", "limit=", "order=up", "after=video_none"]
)
async def test_a_list_refuses_a_bad_query(slow: Client, query: str) -> None:
    status, body, _ = await slow.ask("GET", f"/videos?{query}")
    assert (status, body["error"]["code"]) == (400, "invalid_parameter")
    assert body["error"]["param"] == query.split("=", maxsplit=1)[0]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/videos/video_x"),
        ("GET", "/videos/video_x/content"),
        ("DELETE", "/videos/video_x"),
        ("POST", "/videos/video_x/remix"),
    ],
)
async def test_an_unknown_video_is_not_found(slow: Client, method: str, path: str) -> None:
    status, body, _ = await slow.ask(method, path, json={"prompt": "x"})
    assert (status, body["error"]["code"], body["error"]["param"]) == (404, "video_not_found", "video_id")


async def test_content_of_an_unfinished_video_is_refused_with_the_reason(slow: Client) -> None:
    video = await slow.create()
    status, body, _ = await slow.ask("GET", f"/videos/{video['id']}/content")
    assert (status, body["error"]["code"]) == (404, "video_not_ready")
    assert "not ready" in body["error"]["message"]
    status, body, _ = await slow.ask("GET", f"/videos/{video['id']}/content?variant=gif")
    assert (status, body["error"]["param"]) == (400, "variant")


async def test_a_third_video_at_a_time_is_refused_until_one_is_gone(slow: Client) -> None:
    first = await slow.create()
    await slow.create()
    status, body, headers = await slow.ask("POST", "/videos", json={"prompt": "third"})
    assert (status, body["error"]["code"]) == (429, "rate_limit_exceeded")
    assert int(headers["Retry-After"]) > 0
    await slow.ask("DELETE", f"/videos/{first['id']}")
    await slow.create("third")


async def test_a_remix_keeps_size_length_and_seed(client: Client) -> None:
    source = await client.create("a hill", size="1280x720", seed=5)
    await client.wait(source["id"])
    status, remix, _ = await client.ask("POST", f"/videos/{source['id']}/remix", json={"prompt": "a dune"})
    assert status == 200
    assert remix["remixed_from_video_id"] == source["id"]
    assert (remix["prompt"], remix["size"], remix["seconds"]) == ("a dune", "1280x720", "4")
    await client.wait(remix["id"])
    again = await client.create("a dune", size="1280x720", seed=5)
    await client.wait(again["id"])
    assert await client.content(remix["id"]) == await client.content(again["id"])


async def test_a_remix_of_an_unfinished_video_or_without_a_prompt_is_refused(slow: Client) -> None:
    video = await slow.create()
    status, body, _ = await slow.ask("POST", f"/videos/{video['id']}/remix", json={"prompt": "x"})
    assert (status, body["error"]["code"]) == (400, "video_not_ready")
    status, body, _ = await slow.ask("POST", f"/videos/{video['id']}/remix", json={})
    assert (status, body["error"]["param"]) == (400, "prompt")


async def test_a_remix_of_a_picture_starts_from_the_same_picture(
    client: Client, server: PreviewServer
) -> None:
    url = "data:image/png;base64," + base64.b64encode(file_of(photo(1280, 720), "PNG")).decode()
    source = await client.create("a red box", size="1280x720", input_reference={"image_url": url})
    await client.wait(source["id"])
    _, remix, _ = await client.ask("POST", f"/videos/{source['id']}/remix", json={"prompt": "a red box"})
    await client.ask("DELETE", f"/videos/{source['id']}")
    assert (await client.wait(remix["id"]))["status"] == "completed"


async def test_the_same_idempotency_key_gives_the_same_video(slow: Client) -> None:
    async def create(prompt: str, key: str) -> tuple[int, dict[str, object]]:
        status, body, _ = await slow.ask(
            "POST", "/videos", json={"prompt": prompt}, headers={"Idempotency-Key": key}
        )
        return status, body

    _, first = await create("a cat", "key-1")
    await create("a dog", "key-2")
    status, again = await create("a cat", "key-1")  # even with no room for another video
    assert (status, again["id"]) == (200, first["id"])
    status, refused = await create("a bird", "key-1")
    assert status == 400
    assert refused["error"]["code"] == "idempotency_key_reused"  # type: ignore[index]
    await slow.ask("DELETE", f"/videos/{first['id']}")
    status, fresh = await create("a bird", "key-1")
    assert status == 200
    assert fresh["id"] != first["id"]


async def test_an_idempotency_key_over_255_characters_is_refused(slow: Client) -> None:
    headers = {"Idempotency-Key": "k" * 256}
    status, body, _ = await slow.ask("POST", "/videos", json={"prompt": "x"}, headers=headers)
    assert (status, body["error"]["param"]) == (400, "Idempotency-Key")


async def test_two_creates_with_one_key_at_once_make_one_video(client: Client, server: PreviewServer) -> None:
    url = "data:image/png;base64," + base64.b64encode(file_of(photo(720, 1280), "PNG")).decode()
    body = {"prompt": "x", "input_reference": {"image_url": url}}
    replies = await asyncio.gather(
        *(client.ask("POST", "/videos", json=body, headers={"Idempotency-Key": "k"}) for _ in range(2))
    )
    assert {status for status, _, _ in replies} == {200}
    assert len({reply["id"] for _, reply, _ in replies}) == 1
    assert len(server.videos) == 1


async def test_a_key_is_asked_for_where_one_is_set(tmp_path: Path, session: aiohttp.ClientSession) -> None:
    async with PreviewServer(data_dir=tmp_path, api_key="right") as server:
        client = Client(server.base_url, session)
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "right"}):
            status, body, _ = await client.ask("GET", "/models", headers=headers)
            assert (status, body["error"]["code"]) == (401, "invalid_api_key")
        status, body, _ = await client.ask("GET", "/models", headers={"Authorization": "Bearer right"})
        assert status == 200


async def test_models_lists_the_preview_model(slow: Client) -> None:
    _, body, _ = await slow.ask("GET", "/models")
    assert body["object"] == "list"
    assert [model["id"] for model in body["data"]] == ["preview"]


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nothing", 404), ("PUT", "/videos", 405)])
async def test_other_routes_answer_in_the_shape_of_the_api(
    slow: Client, method: str, path: str, status: int
) -> None:
    answered, body, _ = await slow.ask(method, path)
    assert answered == status
    assert set(body["error"]) == {"message", "type", "param", "code"}
