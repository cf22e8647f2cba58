"""Polls out of the list: it only ever says "still pending", and an end is seen one poll later at most."""

import asyncio
import json
from dataclasses import replace
from typing import Any

import httpx
import pytest

from bot.domain.remote import PollPace, RemoteStatus
from bot.providers.profile import load_profile
from bot.providers.rounds import ENOUGH, FRESH_S, IN_A_ROW, LATELY_S, REST_S, Rounds
from bot.providers.video_list import PAGE, VideoList
from bot.providers.videos_api import VideosApi
from tests.factories import make_remote, make_request
from tests.providers.wire import KEY, Wire

PACE = PollPace(first=5, longest=20)


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Server:
    """An API with a list; its renders end, and its list breaks or stands still, when a test says so."""

    def __init__(self) -> None:
        self.stages: dict[str, str] = {}
        self.listed: dict[str, str] | None = None
        self.broken = False
        self.gate: asyncio.Event | None = None
        self.in_flight = self.most_in_flight = 0
        self.lists = self.gets = self.limit = 0
        self.wire = _Held(self)

    def answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/v1/videos").removeprefix("/")
        if request.method == "POST":
            name = f"v{len(self.stages)}"
            self.stages[name] = "queued"
            return _json(_entry(name, "queued"))
        if path:
            self.gets += 1
            return _json(_entry(path, self.stages[path]))
        self.lists += 1
        if self.broken:
            return httpx.Response(500, json={})
        return self._page(request)

    def _page(self, request: httpx.Request) -> httpx.Response:
        stages = self.stages if self.listed is None else self.listed
        names = list(reversed(stages))
        after = request.url.params.get("after")
        start = names.index(after) + 1 if after else 0
        limit = int(request.url.params["limit"])
        self.limit = limit
        page = names[start : start + limit]
        entries = [_entry(name, stages[name]) for name in page]
        more = start + limit < len(names)
        return _json({"data": entries, "has_more": more, "last_id": page[-1] if page else None})


class _Held(Wire):
    """Lets the list wait at the server's gate."""

    def __init__(self, server: Server) -> None:
        super().__init__(server.answer)
        self._server = server

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path != "/v1/videos" or request.method != "GET":
            return await super().handle_async_request(request)
        server = self._server
        server.in_flight += 1
        server.most_in_flight = max(server.most_in_flight, server.in_flight)
        try:
            if server.gate is not None:
                await server.gate.wait()
            return await super().handle_async_request(request)
        finally:
            server.in_flight -= 1


def _entry(name: str, status: str) -> dict[str, Any]:
    return {"id": name, "object": "video", "status": status, "progress": 40, "created_at": 1_760_000_000}


def _json(data: object) -> httpx.Response:
    return httpx.Response(200, content=json.dumps(data), headers={"content-type": "application/json"})


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def rounds(server: Server, clock: Clock) -> Rounds:
    """Give rounds in which 20 renders have been accepted."""
    listing = VideoList(http=server.wire.http(), provider="test", path="/videos", secrets=(KEY,))
    rounds = Rounds(listing, PACE, clock=clock)
    accept(server, rounds, ENOUGH)
    return rounds


def accept(server: Server, rounds: Rounds, number: int, **fields: Any) -> None:
    for _ in range(number):
        name = f"v{len(server.stages)}"
        server.stages[name] = "in_progress"
        rounds.note(make_remote(id=name, **fields))


async def answered(rounds: Rounds, *names: str) -> list[bool]:
    return [await rounds.pending(name) is not None for name in names]


async def test_one_list_answers_for_all_with_their_progress(server: Server, rounds: Rounds) -> None:
    server.gate = asyncio.Event()
    polls = [asyncio.create_task(rounds.pending(name)) for name in server.stages]
    async with asyncio.timeout(60):
        while not server.in_flight:
            await asyncio.sleep(0)
    server.gate.set()
    videos = await asyncio.gather(*polls)
    assert [video and (video.id, video.status, video.progress) for video in videos] == [
        (name, RemoteStatus.RUNNING, 40) for name in server.stages
    ]
    assert (server.lists, server.most_in_flight) == (1, 1)


async def test_with_few_renders_each_is_asked_by_itself(server: Server, rounds: Rounds) -> None:
    rounds.note(make_remote(id="v0", status=RemoteStatus.DONE))
    assert await answered(rounds, *server.stages) == [False] * ENOUGH
    assert server.lists == 0


async def test_a_list_is_used_for_three_seconds(server: Server, rounds: Rounds, clock: Clock) -> None:
    await rounds.pending("v0")
    clock.now += FRESH_S
    assert await answered(rounds, "v1")
    assert server.lists == 1
    clock.now += 0.1
    assert await answered(rounds, "v2")
    assert server.lists == 2


@pytest.mark.parametrize("hint", [None, 1.0, 60.0])
async def test_an_end_is_seen_one_poll_later_at_most(
    hint: float | None, server: Server, rounds: Rounds, clock: Clock
) -> None:
    """The list may be a moment older than the end, never as old as the poll before."""
    accept(server, rounds, ENOUGH, poll_after=hint)
    interval = 0.9 * (PACE.first if hint is None else hint)
    believed = []
    for step in range(20):
        clock.now += FRESH_S + 1
        for name in server.stages:
            server.stages[name] = "in_progress"
            rounds.note(make_remote(id=name, poll_after=hint))
        assert await rounds.pending("v29"), "this reads the list"
        server.stages["v30"] = "completed"
        clock.now += step / 20 * interval
        believed.append(await rounds.pending("v30") is not None)
        clock.now += interval
        assert await rounds.pending("v30") is None, f"the list was {step / 20 * interval} s old"
    assert believed[0]
    assert not believed[-1]


async def test_a_list_that_stands_still_is_found_out_after_one_round(
    server: Server, rounds: Rounds, clock: Clock
) -> None:
    server.listed = dict(server.stages)
    server.stages["v3"] = "completed"
    believed = 0
    while await rounds.pending("v3") is not None:
        believed += 1
        clock.now += PACE.first
    assert believed == IN_A_ROW
    assert not await rounds.pending("v3"), "until the render itself has answered"
    rounds.note(make_remote(id="v3"))
    assert await rounds.pending("v3"), "then the next round begins"


async def test_the_round_is_counted_however_long_a_poll_interval_is(
    server: Server, rounds: Rounds, clock: Clock
) -> None:
    answers = []
    for _ in range(IN_A_ROW + 1):
        clock.now += LATELY_S - 1
        answers.append(all(await answered(rounds, *server.stages)))
    assert answers == [True] * IN_A_ROW + [False]


@pytest.mark.parametrize("stage", ["completed", "failed", "cancelled", "expired"])
async def test_an_end_in_the_list_is_asked_for(stage: str, server: Server, rounds: Rounds) -> None:
    server.stages["v7"] = stage
    assert await answered(rounds, "v6", "v7", "v8") == [True, False, True]


async def test_what_is_not_in_the_list_is_asked_for(server: Server, rounds: Rounds) -> None:
    server.listed = {name: stage for name, stage in server.stages.items() if name != "v7"}
    assert await answered(rounds, "v6", "v7", "v8") == [True, False, True]


async def test_what_was_ordered_elsewhere_is_asked_for_first(server: Server, rounds: Rounds) -> None:
    server.stages["of an earlier process"] = "in_progress"
    assert await rounds.pending("of an earlier process") is None
    rounds.note(make_remote(id="of an earlier process"))
    assert await rounds.pending("of an earlier process") is not None


async def test_all_pages_are_read_that_can_hold_our_renders(server: Server, rounds: Rounds) -> None:
    accept(server, rounds, 2 * PAGE)
    assert all(await answered(rounds, *server.stages))
    assert server.lists == 3
    assert server.limit == PAGE


async def test_a_list_longer_than_what_is_read_says_nothing_of_the_rest(
    server: Server, rounds: Rounds
) -> None:
    """Our renders stand on a page that is not read: they are neither pending nor ended, but asked for."""
    server.stages |= {f"of others {number}": "in_progress" for number in range(3 * PAGE)}
    assert await answered(rounds, "v0", "v1") == [False, False]
    assert server.lists == 1


async def test_a_list_that_fails_is_left_alone_for_a_while(
    server: Server, rounds: Rounds, clock: Clock
) -> None:
    server.broken = True
    assert not any(await asyncio.gather(*map(rounds.pending, server.stages)))
    tries = server.lists
    clock.now += REST_S - 1
    assert await answered(rounds, "v1") == [False]
    assert server.lists == tries
    server.broken = False
    clock.now += FRESH_S + 2
    assert await answered(rounds, "v1") == [True]


async def test_a_list_that_hangs_holds_no_poll_longer_than_a_poll_takes(server: Server) -> None:
    server.gate = asyncio.Event()
    listing = VideoList(http=server.wire.http(), provider="test", path="/videos")
    rounds = Rounds(listing, PollPace(first=0.05))
    accept(server, rounds, ENOUGH)
    async with asyncio.timeout(60):
        assert await asyncio.gather(*map(rounds.pending, server.stages)) == [None] * ENOUGH
    assert server.most_in_flight == 1


async def test_who_stops_waiting_leaves_the_list_to_the_others(server: Server, rounds: Rounds) -> None:
    server.gate = asyncio.Event()
    first, second = (asyncio.create_task(rounds.pending(name)) for name in ("v0", "v1"))
    async with asyncio.timeout(60):
        while not server.in_flight:
            await asyncio.sleep(0)
    first.cancel()
    server.gate.set()
    async with asyncio.timeout(60):
        assert await second is not None
    assert (first.cancelled(), server.most_in_flight) == (True, 1)


async def test_the_api_s_own_hint_goes_on_to_hold(server: Server, rounds: Rounds) -> None:
    rounds.note(make_remote(id="v0", poll_after=42.0))
    video = await rounds.pending("v0")
    assert video is not None
    assert video.poll_after == 42.0


@pytest.mark.parametrize(("profile", "by_list"), [("preview", True), ("vllm-omni", True), ("openai", False)])
async def test_the_profile_says_whether_the_list_is_believed(
    profile: str, by_list: bool, server: Server
) -> None:
    api = server.wire.api(profile)
    videos = [await ordered(api) for _ in range(ENOUGH)]
    polled = [await api.poll(name) for name in videos]
    assert {video.status for video in polled} == {RemoteStatus.QUEUED}
    assert (server.lists, server.gets) == ((1, 0) if by_list else (0, ENOUGH))


async def test_an_end_comes_from_the_render_s_own_route(server: Server) -> None:
    api = server.wire.api(replace(load_profile("vllm-omni"), pace=PACE))
    videos = [await ordered(api) for _ in range(ENOUGH + 1)]
    server.stages[videos[4]] = "completed"
    polled = [await api.poll(name) for name in videos]
    assert [video.id for video in polled if video.status is RemoteStatus.DONE] == [videos[4]]
    assert (server.lists, server.gets) == (1, 1)


async def ordered(api: VideosApi) -> str:
    return (await api.submit(make_request(), picture=None, key="k")).id
