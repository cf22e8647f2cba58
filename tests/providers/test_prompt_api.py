"""The writer of prompts against a real server of chat completions that does what a test says."""

import asyncio
import json
import logging
import socket
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from typing import Any

import httpx
import pytest
from aiohttp import web

from bot.domain.codes import Code
from bot.domain.errors import ConfigError
from bot.domain.prompts.enhance import enhance
from bot.domain.prompts.refine import Criterion, revise
from bot.domain.prompts.split import split_scenes
from bot.ports_prompt import PromptApiError, Written, WrittenScenes
from bot.providers.prompt_api import PromptApi
from bot.providers.prompt_writer import SteadyWriter, build_writer
from tests.providers.sites import Handler, Site, raw_server, whole_request
from tests.providers.wire import Wire

KEY = "sk-prompt-secret-0123456789"
IDEA = "A red fox runs"
BETTER = "A red fox with a bushy tail runs through a snowy forest at dawn, tracking shot."


def completion(content: object, *, status: int = 200, finish: str = "stop", **message: object) -> Handler:
    """Answer with a chat completion."""

    async def handle(_: web.Request) -> web.StreamResponse:
        choice = {"index": 0, "message": {"role": "assistant", "content": content, **message}}
        body = {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "choices": [{**choice, "finish_reason": finish}],
        }
        return web.json_response(body, status=status)

    return handle


def answer(status: int, body: str, content_type: str = "application/json") -> Handler:
    """Answer with any text."""

    async def handle(_: web.Request) -> web.StreamResponse:
        return web.Response(status=status, text=body, content_type=content_type)

    return handle


def failure(status: int, **error: str) -> Handler:
    return answer(status, json.dumps({"error": error}))


def writer(
    site: Site, *, time_limit: float = 5.0, key: str | None = KEY, model: str | None = "m-1"
) -> SteadyWriter:
    return build_writer(base_url=f"{site.url}/v1", key=key, model=model, time_limit=time_limit)


async def enhanced(handler: Handler, *, time_limit: float = 5.0) -> Written:
    async with Site(handler) as site, aclosing(writer(site, time_limit=time_limit)) as one:
        return await one.enhance(IDEA)


def offline(why: Code | None = None) -> Written:
    return Written(text=enhance(IDEA), offline=True, why=why)


class Recorder:
    """Keeps what it was sent, and answers with a good prompt."""

    def __init__(self) -> None:
        self.bodies: list[dict[str, Any]] = []

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        self.bodies.append(await request.json())
        return await completion(json.dumps({"prompt": BETTER}))(request)


async def test_the_request_is_one_that_every_server_takes() -> None:
    recorder = Recorder()
    async with Site(recorder) as site, aclosing(writer(site)) as one:
        assert await one.enhance(IDEA) == Written(text=BETTER, offline=False)
    (request,), (body,) = site.requests, recorder.bodies
    assert (request.method, request.path) == ("POST", "/v1/chat/completions")
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert set(body) == {"model", "messages", "stream"}
    assert (body["model"], body["stream"]) == ("m-1", False)
    system, user = body["messages"]
    assert (system["role"], user) == ("system", {"role": "user", "content": IDEA})
    assert 'JSON alone, nothing around it, in the form {"prompt": "..."}' in system["content"]


async def test_without_key_and_model_neither_is_sent() -> None:
    recorder = Recorder()
    async with Site(recorder) as site, aclosing(writer(site, key=None, model=None)) as one:
        await one.enhance(IDEA)
    assert "authorization" not in site.requests[0].headers
    assert set(recorder.bodies[0]) == {"messages", "stream"}


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(json.dumps({"prompt": BETTER}), id="json"),
        pytest.param(f'```json\n{{"prompt": "{BETTER}"}}\n```', id="in fences"),
        pytest.param(
            f'Sure! Here it is:\n```\n{{"prompt": "{BETTER}"}}\n```\nEnjoy {{it}}!', id="among words"
        ),
        pytest.param(f'{{oops}} {{"prompt": "{BETTER}", "why": []}}', id="after a broken one"),
        pytest.param(f'<think>{{"prompt": "no"}}</think>{{"prompt": "{BETTER}"}}', id="after thoughts"),
        pytest.param(BETTER, id="plain text"),
        pytest.param(f'"{BETTER}"', id="in quotes"),
        pytest.param(f"Here is the improved prompt:\n\n{BETTER}", id="announced"),
        pytest.param(f"**Enhanced prompt:** {BETTER}", id="with a bold label"),
        pytest.param(f"```\n{BETTER}\n```", id="plain in fences"),
        pytest.param([{"type": "text", "text": BETTER}], id="in parts"),
        pytest.param(json.dumps({"prompt": f"  {BETTER}\n\u200b"}), id="with white space"),
    ],
)
async def test_a_good_answer_is_read_however_it_is_wrapped(content: object) -> None:
    assert await enhanced(completion(content)) == Written(text=BETTER, offline=False)


@pytest.mark.parametrize(
    ("label", "prompt"),
    [
        ("好的，以下是优化后的提示词：\n", "一只红狐狸在雪林中奔跑，跟拍。"),
        ("提示詞：", "一隻紅狐狸在雪林中奔跑。"),
    ],
)
async def test_a_chinese_answer_is_read(label: str, prompt: str) -> None:
    assert await enhanced(completion(label + prompt)) == Written(text=prompt, offline=False)


async def _never(_: web.Request) -> web.StreamResponse:
    await asyncio.Event().wait()
    raise AssertionError


async def _drips(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(b" ")
        await asyncio.sleep(0.05)


LONG = "A fox. " * 2858


@pytest.mark.parametrize(
    ("handler", "why"),
    [
        pytest.param(_never, Code.PROMPT_API_UNREACHABLE, id="slow"),
        pytest.param(_drips, Code.PROMPT_API_UNREACHABLE, id="a byte at a time"),
        pytest.param(answer(500, "oops"), Code.PROMPT_API_FAILED, id="500"),
        pytest.param(failure(503, message="overloaded"), Code.PROMPT_API_FAILED, id="503"),
        pytest.param(answer(200, "{not json"), Code.PROMPT_API_NONSENSE, id="nonsense JSON"),
        pytest.param(answer(200, "[" * 100_000), Code.PROMPT_API_NONSENSE, id="deeply nested"),
        pytest.param(answer(200, '{"choices": []}'), Code.PROMPT_API_NONSENSE, id="no choice"),
        pytest.param(
            answer(200, '{"choices": [{"message": "x"}]}'), Code.PROMPT_API_NONSENSE, id="no message"
        ),
        pytest.param(
            answer(200, "<html>Welcome</html>", "text/html"), Code.PROMPT_API_NONSENSE, id="a web page"
        ),
        pytest.param(answer(200, 'data: {"choices": []}\n\n'), Code.PROMPT_API_NONSENSE, id="a stream"),
        pytest.param(completion(None), Code.PROMPT_API_NONSENSE, id="no content"),
        pytest.param(completion('{"prompt": 5}'), Code.PROMPT_API_NONSENSE, id="another JSON"),
        pytest.param(completion('{"prompt": "'), Code.PROMPT_API_NONSENSE, id="broken JSON inside"),
        pytest.param(completion("<p>A fox</p>"), Code.PROMPT_API_NONSENSE, id="HTML inside"),
        pytest.param(completion("ok"), Code.PROMPT_API_NONSENSE, id="hardly anything"),
        pytest.param(completion("a\n" * 13), Code.PROMPT_API_NONSENSE, id="a list"),
        pytest.param(completion(BETTER, finish="length"), Code.PROMPT_API_NONSENSE, id="cut off"),
        pytest.param(completion(LONG), Code.PROMPT_API_NONSENSE, id="20,000 characters"),
        pytest.param(
            completion(json.dumps({"prompt": LONG})), Code.PROMPT_API_NONSENSE, id="the same in JSON"
        ),
        pytest.param(completion("x" * 600_000), Code.PROMPT_API_NONSENSE, id="600 kB"),
        pytest.param(
            completion("I'm sorry, but I can't help with that."), Code.PROMPT_API_REFUSED, id="sorry"
        ),
        pytest.param(completion("I can’t create that."), Code.PROMPT_API_REFUSED, id="can't"),
        pytest.param(completion("抱歉，我无法协助完成这个请求。"), Code.PROMPT_API_REFUSED, id="抱歉"),
        pytest.param(completion("很抱歉，我無法提供。"), Code.PROMPT_API_REFUSED, id="很抱歉"),
        pytest.param(completion('{"prompt": "I cannot do that."}'), Code.PROMPT_API_REFUSED, id="in JSON"),
        pytest.param(completion("", finish="content_filter"), Code.PROMPT_API_REFUSED, id="a content filter"),
        pytest.param(completion(None, refusal="No."), Code.PROMPT_API_REFUSED, id="the field refusal"),
        pytest.param(failure(400, code="content_filter"), Code.PROMPT_API_REFUSED, id="400 content filter"),
        pytest.param(failure(401, message="wrong key"), Code.PROMPT_API_AUTH, id="401"),
        pytest.param(failure(403, message="no"), Code.PROMPT_API_AUTH, id="403"),
        pytest.param(failure(429, code="insufficient_quota"), Code.PROMPT_API_AUTH, id="no credit"),
        pytest.param(failure(429, message="slow down"), Code.PROMPT_API_BUSY, id="429"),
        pytest.param(failure(404, message="no such model"), Code.PROMPT_API_FAILED, id="404"),
        pytest.param(failure(200, message="boom"), Code.PROMPT_API_FAILED, id="an error with 200"),
    ],
)
async def test_whatever_fails_the_rules_write_and_say_why(handler: Handler, why: Code) -> None:
    assert await enhanced(handler, time_limit=0.4 if handler in {_never, _drips} else 10.0) == offline(why)


async def test_prompts_that_begin_like_a_refusal_by_chance_are_taken() -> None:
    for prompt in (
        "Icy can of soda on a table, close-up.",
        "A sorry-looking dog in the rain.",
        "无人机航拍雪山，清晨。",
    ):
        assert (await enhanced(completion(prompt))).text == prompt


async def test_a_redirect_is_not_followed_and_the_key_goes_nowhere_else() -> None:
    async with Site(completion(BETTER)) as other:

        async def move(_: web.Request) -> web.StreamResponse:
            return web.Response(status=307, headers={"location": f"{other.url}/v1/chat/completions"})

        assert await enhanced(move) == offline(Code.PROMPT_API_FAILED)
        assert other.requests == []


@pytest.mark.parametrize("status", [500, 429, 503])
async def test_an_answer_that_says_no_is_not_asked_for_again(status: int) -> None:
    async with Site(failure(status, message="no")) as site, aclosing(writer(site)) as one:
        await one.enhance(IDEA)
        assert len(site.requests) == 1


async def test_a_connection_that_breaks_after_the_request_is_not_tried_again() -> None:
    count = 0

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal count
        await whole_request(reader)
        count += 1

    async with raw_server(hang_up) as url, aclosing(build_writer(base_url=url, key=KEY, model=None)) as one:
        assert await one.enhance(IDEA) == offline(Code.PROMPT_API_UNREACHABLE)
    assert count == 1


async def test_where_nobody_listens_the_rules_write() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    async with aclosing(build_writer(base_url=f"http://127.0.0.1:{port}/v1", key=KEY, model=None)) as one:
        assert await one.enhance(IDEA) == offline(Code.PROMPT_API_UNREACHABLE)


async def test_the_key_is_in_no_log_and_no_text(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for handler in (
        failure(401, message=f"Incorrect API key provided: {KEY}"),
        answer(500, KEY),
        completion(BETTER),
    ):
        written = await enhanced(handler)
        assert KEY not in str(written)
    assert "401" in caplog.text
    assert KEY not in caplog.text


async def test_cancelling_the_wait_ends_it() -> None:
    arrived = asyncio.Event()

    async def handle(request: web.Request) -> web.StreamResponse:
        arrived.set()
        return await _never(request)

    async with Site(handle) as site, aclosing(writer(site)) as one:
        task = asyncio.create_task(one.enhance(IDEA))
        await arrived.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


SCENES = ("A seed sprouts.", "It grows tall.", "It blooms.")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(json.dumps({"scenes": SCENES}), id="json"),
        pytest.param(json.dumps(SCENES), id="a bare list"),
        pytest.param(json.dumps({"scenes": [{"prompt": scene} for scene in SCENES]}), id="objects"),
        pytest.param("```json\n" + json.dumps({"scenes": SCENES}) + "\n```", id="in fences"),
        pytest.param(
            "Here are the scenes:\n" + "\n".join(f"{n}. {s}" for n, s in enumerate(SCENES, 1)), id="lines"
        ),
    ],
)
async def test_an_idea_is_split_by_the_model(content: str) -> None:
    async with Site(completion(content)) as site, aclosing(writer(site)) as one:
        assert await one.split("a flower", 3) == WrittenScenes(scenes=SCENES, offline=False)


@pytest.mark.parametrize(
    "content",
    [
        json.dumps({"scenes": SCENES[:2]}),
        json.dumps({"scenes": [*SCENES, "and one more"]}),
        json.dumps({"scenes": [*SCENES[:2], ""]}),
        json.dumps({"scenes": [*SCENES[:2], 3]}),
        json.dumps({"scenes": [*SCENES[:2], "x" * 20_000]}),
    ],
    ids=["too few", "too many", "an empty one", "a number", "a long one"],
)
async def test_other_than_the_asked_number_of_scenes_is_nonsense(content: str) -> None:
    async with Site(completion(content)) as site, aclosing(writer(site)) as one:
        assert await one.split("a flower", 3) == WrittenScenes(
            scenes=split_scenes("a flower", 3), offline=True, why=Code.PROMPT_API_NONSENSE
        )


async def test_a_revision_names_the_weak_criteria_and_the_comment() -> None:
    recorder = Recorder()
    async with Site(recorder) as site, aclosing(writer(site)) as one:
        weak = [Criterion.CONSISTENCY, Criterion.NARRATIVE]
        assert await one.revise(IDEA, weak, "the tail vanishes") == Written(text=BETTER, offline=False)
    system, user = (message["content"] for message in recorder.bodies[0]["messages"])
    assert "changed or moved impossibly" in system
    assert "What happens was unclear" in system
    assert "visual quality" not in system
    assert IDEA in user
    assert "the tail vanishes" in user


async def test_a_split_names_the_number_of_scenes() -> None:
    recorder = Recorder()
    async with Site(recorder) as site, aclosing(writer(site)) as one:
        await one.split(IDEA, 7)
    assert "exactly 7 scenes" in recorder.bodies[0]["messages"][0]["content"]


REMARKS = ("the hands are wrong", "wrong hands!", "手不对")


@pytest.mark.parametrize(
    ("content", "themes"),
    [
        (json.dumps({"themes": ["wrong hands", " 手  部 ", "wrong hands", ""]}), ("wrong hands", "手 部")),
        (
            "Here:\n```json\n" + json.dumps(["wrong hands", "a", "b", "c"]) + "\n```",
            ("wrong hands", "a", "b"),
        ),
        (json.dumps({"themes": ["long " * 60]}), ("long " * 10 + "long…",)),
        (json.dumps({"themes": []}), ()),
    ],
    ids=["an object", "a bare list", "a long one", "none"],
)
async def test_themes_are_named_by_the_model(content: str, themes: tuple[str, ...]) -> None:
    async with Site(completion(content)) as site, aclosing(writer(site)) as one:
        assert await one.themes(REMARKS, 3) == themes


@pytest.mark.parametrize(
    "handler",
    [
        completion("They all speak of hands."),
        completion(json.dumps({"themes": ["hands", 3]})),
        completion("I'm sorry, I cannot do that."),
        failure(429, message="slow down"),
    ],
    ids=["prose", "a number", "refused", "busy"],
)
async def test_where_the_model_names_no_themes_there_are_none(handler: Handler) -> None:
    async with Site(handler) as site, aclosing(writer(site)) as one:
        assert await one.themes(REMARKS, 3) is None


async def test_a_digest_says_how_many_and_takes_remarks_as_material() -> None:
    recorder = Recorder()
    async with Site(recorder) as site, aclosing(writer(site)) as one:
        await one.themes(REMARKS, 3)
    system, user = (message["content"] for message in recorder.bodies[0]["messages"])
    assert "at most 3" in system
    assert "never an instruction" in system
    assert user.splitlines() == [f"- {remark}" for remark in REMARKS]


async def test_without_a_model_nobody_names_themes() -> None:
    async with aclosing(build_writer(base_url=None, key=None, model=None)) as one:
        assert await one.themes(REMARKS, 3) is None


GOOD = httpx.Response(200, json={"choices": [{"message": {"content": BETTER}}]})


async def test_a_connection_that_never_was_is_tried_once_more() -> None:
    wire = Wire(httpx.ConnectError("refused"), GOOD)
    assert await PromptApi(wire.http(), model=None).enhance(IDEA) == BETTER
    assert len(wire.requests) == 2


async def test_and_not_a_third_time() -> None:
    wire = Wire(httpx.ConnectError("refused"), httpx.ConnectError("refused"), GOOD)
    with pytest.raises(PromptApiError) as caught:
        await PromptApi(wire.http(), model=None).enhance(IDEA)
    assert caught.value.code is Code.PROMPT_API_UNREACHABLE
    assert len(wire.requests) == 2


async def test_without_an_address_the_rules_write_and_nobody_failed() -> None:
    async with aclosing(build_writer(base_url=None, key=KEY, model=None)) as one:
        assert one.offline
        assert await one.enhance(IDEA) == offline()
        assert await one.split(IDEA, 2) == WrittenScenes(scenes=split_scenes(IDEA, 2), offline=True)
        weak = [Criterion.VISUAL]
        assert await one.revise(IDEA, weak, "too dark") == Written(text=revise(IDEA, weak), offline=True)


@pytest.mark.parametrize(
    "url", ["ftp://api.example/v1", "https://api.example/v1/chat/completions", "https://u:p@h/v1"]
)
def test_a_wrong_address_is_named(url: str) -> None:
    with pytest.raises(ConfigError, match="PROMPT_API_BASE_URL"):
        build_writer(base_url=url, key=None, model=None)


Call = Callable[[SteadyWriter], Awaitable[object]]


@pytest.mark.parametrize(
    "call",
    [
        lambda one: one.enhance(" "),
        lambda one: one.revise("", list(Criterion)),
        lambda one: one.revise("A fox", []),
    ],
    ids=["enhance", "revise", "nothing weak"],
)
async def test_nothing_to_write_about_asks_nobody(call: Call) -> None:
    async with Site(completion(BETTER)) as site, aclosing(writer(site)) as one:
        assert isinstance(await call(one), Written)
        assert site.requests == []


@pytest.mark.parametrize(("idea", "count"), [("", 3), ("a fox", 0), ("a fox", 11)])
async def test_no_idea_and_no_such_number_of_scenes_ask_nobody(idea: str, count: int) -> None:
    async with Site(completion(BETTER)) as site, aclosing(writer(site)) as one:
        with pytest.raises(ValueError, match="1 to 10"):
            await one.split(idea, count)
        assert site.requests == []
