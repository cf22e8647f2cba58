"""Finding a render whose create was never answered: an empty list must be a proof."""

from dataclasses import replace
from typing import Any

import httpx
import pytest

from bot.domain.errors import OutcomeUnknown, Unavailable
from bot.domain.remote import RemoteVideo
from bot.providers.profile import load_profile
from bot.providers.video_list import PAGE, PAGES, SLACK
from tests.factories import NOW, make_request
from tests.providers.wire import PAGE as WEB_PAGE
from tests.providers.wire import Answer, Wire, answer

SINCE = NOW
SOON = NOW // 1000 + 5


def entry(name: str, **fields: Any) -> dict[str, Any]:
    mine = {
        "id": name,
        "object": "video",
        "status": "queued",
        "created_at": SOON,
        "prompt": "a red fox in snow",
        "size": "1280x720",
        "seconds": "8",
    }
    return mine | fields


def page(*entries: object, **fields: Any) -> httpx.Response:
    return answer(200, {"object": "list", "data": list(entries), **fields})


async def find(*answers: Answer) -> tuple[list[RemoteVideo], Wire]:
    wire = Wire(*answers)
    return await wire.api().find(make_request(), since=SINCE), wire


async def found(*answers: Answer) -> list[str]:
    return [video.id for video in (await find(*answers))[0]]


@pytest.mark.parametrize(
    ("fields", "matches"),
    [
        pytest.param({}, True, id="the same"),
        pytest.param({"prompt": " a red  fox in snow "}, True, id="other spaces"),
        pytest.param({"size": None, "seconds": None, "created_at": None}, True, id="prompt alone"),
        pytest.param({"seconds": 8.04}, True, id="a measured length"),
        pytest.param({"prompt": "a red fox"}, False, id="another prompt"),
        pytest.param({"size": "720x1280"}, False, id="another size"),
        pytest.param({"seconds": "4"}, False, id="another length"),
        pytest.param({"created_at": (NOW - SLACK) / 1000}, True, id="as old as the slack"),
        pytest.param({"created_at": (NOW - SLACK) / 1000 - 1}, False, id="older"),
    ],
)
async def test_a_render_matches_by_prompt_size_and_length(fields: dict[str, Any], matches: bool) -> None:
    assert await found(page(entry("v1", **fields), has_more=False)) == (["v1"] if matches else [])


async def test_two_matches_are_both_told() -> None:
    assert await found(page(entry("v1"), entry("v2"), has_more=False)) == ["v1", "v2"]


async def test_entries_that_are_no_renders_are_passed_over() -> None:
    assert await found(page("x", None, {"no": "id"}, entry("v1"), has_more=False)) == ["v1"]


async def test_a_bare_list_is_read_too() -> None:
    assert await found(answer(200, [entry("v1")])) == ["v1"]


async def test_a_query_in_the_route_or_of_the_profile_goes_along() -> None:
    usual = load_profile("preview")
    routes = replace(usual.routes, list="/videos?mine=1")
    wire = Wire(page(has_more=False))
    await wire.api(replace(usual, routes=routes, query={"version": "2"})).find(make_request(), since=SINCE)
    asked = dict(wire.requests[0].url.params)
    assert asked == {"mine": "1", "version": "2", "limit": str(PAGE), "order": "desc"}


async def test_pages_are_followed_by_the_last_id_until_there_are_no_more() -> None:
    videos, wire = await find(
        page(entry("v1", prompt="x"), has_more=True, last_id="v1"),
        page(entry("v2", prompt="x"), has_more=True),
        page(entry("v3"), has_more=False),
    )
    assert [video.id for video in videos] == ["v3"]
    assert [dict(request.url.params) for request in wire.requests] == [
        {"limit": str(PAGE), "order": "desc"},
        {"limit": str(PAGE), "order": "desc", "after": "v1"},
        {"limit": str(PAGE), "order": "desc", "after": "v2"},
    ]


OLD = {"created_at": SOON - 3600, "prompt": "x"}
OLDER = {"created_at": SOON - 7200, "prompt": "x"}


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param([page(has_more=True)], id="an empty page"),
        pytest.param([page(entry("v1", prompt="x"), has_more=False)], id="no more"),
        pytest.param([page(entry("v1", prompt="x"))], id="a short page of a list that does not say"),
        pytest.param([page(entry("v1", prompt="x"), entry("v2", **OLD), has_more=True)], id="older ones"),
        pytest.param([page(entry("v1", prompt="x"), has_more=True), page()], id="an empty second page"),
    ],
)
async def test_a_list_that_was_read_to_the_end_proves_that_nothing_was_bought(answers: list[Answer]) -> None:
    videos, wire = await find(*answers)
    assert videos == []
    assert len(wire.requests) == len(answers)


def numbered(request: httpx.Request) -> httpx.Response:
    """Give a page that no page before it was."""
    after = int(request.url.params.get("after", "0"))
    body = {"data": [entry(str(after + 1), prompt="x")], "has_more": True}
    return answer(200, body)


@pytest.mark.parametrize(
    ("answers", "requests"),
    [
        pytest.param([page(entry("v1", prompt="x"), has_more=True)], 2, id="the same page for ever"),
        pytest.param([page(*[entry(f"v{n}", prompt="x") for n in range(PAGE)])], 2, id="a full page"),
        pytest.param([page(entry("v1", **OLDER), entry("v2", **OLD), has_more=True)], 2, id="ascending"),
        pytest.param([numbered], PAGES, id="no end"),
    ],
)
async def test_a_list_without_an_end_proves_nothing(answers: list[Answer], requests: int) -> None:
    wire = Wire(*answers)
    with pytest.raises(OutcomeUnknown, match="has no end"):
        await wire.api().find(make_request(), since=SINCE)
    assert len(wire.requests) == requests


async def test_a_list_without_an_end_may_still_show_the_render() -> None:
    assert await found(page(entry("v1"), has_more=True)) == ["v1"]


async def test_a_list_without_prompts_proves_nothing_while_a_candidate_stands_in_it() -> None:
    with pytest.raises(OutcomeUnknown, match="has no prompts"):
        await found(page(entry("v1", prompt=None), has_more=False))
    assert await found(page(entry("v1", prompt=None, size="720x1280"), has_more=False)) == []


@pytest.mark.parametrize(
    "failure",
    [
        pytest.param(answer(400, {"detail": "no"}), id="400"),
        pytest.param(answer(401, {"error": {"message": "no"}}), id="401"),
        pytest.param(answer(404, {"detail": "Not Found"}), id="404"),
        pytest.param(answer(429, {}, retry_after="60"), id="429"),
        pytest.param(answer(500, {}), id="500"),
        pytest.param(WEB_PAGE, id="a page"),
        pytest.param(answer(200, {"data": {}}), id="no list"),
        pytest.param(httpx.ReadError("x"), id="a reset"),
        pytest.param(httpx.ConnectError("x"), id="refused"),
    ],
)
async def test_a_list_that_cannot_be_read_says_nothing_about_the_order(failure: Answer) -> None:
    with pytest.raises(Unavailable) as caught:
        await found(failure)
    assert type(caught.value) is Unavailable


@pytest.mark.parametrize(("limit", "expected"), [(10, ["v1", "v2", "v3"]), (2, ["v1", "v2"])])
async def test_the_latest_are_listed_whatever_they_are(limit: int, expected: list[str]) -> None:
    wire = Wire(
        page(entry("v1", prompt=None), entry("v2", status="failed"), has_more=True, last_id="v2"),
        page(entry("v3", prompt="x"), has_more=False),
    )
    videos = await wire.api().recent(limit)
    assert videos is not None
    assert [video.id for video in videos] == expected


async def test_a_list_that_cannot_be_read_is_no_empty_list() -> None:
    with pytest.raises(Unavailable):
        await Wire(answer(500, "<html>")).api().recent(5)
