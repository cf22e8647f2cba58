"""Orders that go on from an earlier render: where they go, what they hold, and what a refusal means."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.domain.codes import Code
from bot.domain.errors import ConfigError, OutcomeUnknown, UnsupportedRequest
from bot.domain.remote import RemoteStatus, SubmitSafety
from bot.domain.video import Source, SourceUse
from bot.preview.server import PreviewServer
from bot.providers.profile import Profile, load_profile, parse_profile
from bot.providers.videos_api import VideosApi
from tests.factories import make_request
from tests.providers.sites import provider
from tests.providers.test_profile import DOCUMENT, SMALLEST
from tests.providers.test_videos_api_with_preview import finished
from tests.providers.wire import Wire, answer

REMIX = make_request(
    prompt="a blue fox", model="m", negative="rain", source=Source(use=SourceUse.REMIX, remote_id="video/1")
)
EXTEND = replace(REMIX, source=Source(use=SourceUse.EXTEND, remote_id="video/1"))
QUEUED = answer(json={"id": "video_2", "status": "queued"})


async def order(wire: Wire, profile: Profile | str, request: Any) -> tuple[str, dict[str, Any]]:
    """Order it and return where that went and what it held."""
    await wire.api(profile).submit(request, picture=None, key="job-1")
    (sent,) = wire.requests
    assert sent.method == "POST"
    return sent.url.raw_path.decode(), json.loads(sent.content)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("openai", "/v1/videos/video%2F1/remix"),
        ("azure", "/v1/videos/video%2F1/remix?api-version=preview"),
        ("newapi", "/v1/videos/video%2F1/remix"),
        ("preview", "/v1/videos/video%2F1/remix"),
    ],
)
async def test_a_remix_is_ordered_at_its_own_route_with_its_words_alone(name: str, path: str) -> None:
    assert await order(Wire(QUEUED), name, REMIX) == (path, {"prompt": "a blue fox"})


async def test_the_preview_may_be_given_another_seed() -> None:
    _, body = await order(Wire(QUEUED), "preview", replace(REMIX, seed=7))
    assert body == {"prompt": "a blue fox", "seed": 7}


async def test_an_extension_may_be_an_ordinary_order_that_names_the_earlier_one() -> None:
    path, body = await order(Wire(QUEUED), "openrouter", EXTEND)
    assert path == "/v1/videos"
    assert body["previous_job_id"] == "video/1"
    assert (body["prompt"], body["duration"], body["resolution"]) == ("a blue fox", 8, "720p")


async def test_the_earlier_one_may_stand_in_a_field_inside_another() -> None:
    profile = parse_profile(DOCUMENT, name="mine", file="mine.toml")
    wire = Wire(answer(json={"job": {"uuid": "video_2", "phase": "waiting"}}))
    path, body = await order(wire, profile, EXTEND)
    assert path == "/v1/jobs/longer?api-version=2"
    assert body == {"text": "a blue fox", "duration": "8", "video": {"id": "video/1"}}, "no `extra` either"


@pytest.mark.parametrize(
    ("name", "request_"), [("litellm", REMIX), ("preview", EXTEND), ("vllm-omni", REMIX)]
)
async def test_what_a_dialect_has_no_order_for_is_never_made_from_nothing(name: str, request_: Any) -> None:
    wire = Wire(QUEUED)
    with pytest.raises(UnsupportedRequest) as refused:
        await wire.api(name).submit(request_, picture=None, key="job-1")
    assert refused.value.code is Code.SOURCE_GONE
    assert not wire.requests, "nothing was sent"


def uses(api: VideosApi) -> frozenset[SourceUse]:
    return api.models[0].sources


@pytest.mark.parametrize(
    ("status", "remembered"), [(404, False), (410, False), (405, True), (501, True)], ids=str
)
async def test_a_refused_source_is_named_and_remembered_where_it_is_for_ever(
    status: int, remembered: bool
) -> None:
    wire = Wire(answer(status, json={"error": {"message": "no"}}))
    api = wire.api("openai")
    assert uses(api) == {SourceUse.REMIX}
    with pytest.raises(UnsupportedRequest) as refused:
        await api.submit(replace(REMIX, model=""), picture=None, key="job-1")
    assert refused.value.code is Code.SOURCE_GONE
    assert len(wire.requests) == 1
    assert uses(api) == (frozenset() if remembered else {SourceUse.REMIX})


async def test_an_unknown_field_means_that_the_model_extends_nothing() -> None:
    said = {"error": {"message": "previous_job_id is not supported by this model"}}
    api = Wire(answer(400, json=said)).api("openrouter")
    with pytest.raises(UnsupportedRequest) as refused:
        await api.submit(replace(EXTEND, model=""), picture=None, key="job-1")
    assert refused.value.code is Code.SOURCE_GONE
    assert not uses(api)


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (answer(400, json={"error": {"message": "prompt too long"}}), Code.PROVIDER_REFUSED),
        (answer(401, json={"error": {"message": "key"}}), Code.PROVIDER_AUTH),
        (answer(500, json={"error": {"message": "oops"}}), Code.CHARGE_UNKNOWN),
        (httpx.ReadTimeout("slow"), Code.CHARGE_UNKNOWN),
    ],
    ids=["the words", "the key", "an error there", "no answer"],
)
async def test_what_says_nothing_of_the_source_means_what_it_always_means(
    reply: httpx.Response | Exception, error: Code
) -> None:
    wire = Wire(reply)
    api = wire.api("openai")
    with pytest.raises(Exception) as caught:  # noqa: PT011 - its code is what counts
        await api.submit(replace(REMIX, model=""), picture=None, key="job-1")
    assert getattr(caught.value, "code", None) is error
    assert len(wire.requests) == 1, "one POST, whatever comes"
    assert uses(api) == {SourceUse.REMIX}


async def test_a_lost_order_is_found_by_its_words_whatever_size_and_length_it_has() -> None:
    listed = {
        "data": [
            {
                "id": "video_9",
                "status": "queued",
                "prompt": "a blue fox",
                "seconds": "20",
                "size": "640x360",
                "created_at": 2_000_000_000,
            }
        ],
        "has_more": False,
    }
    api = Wire(answer(json=listed)).api("azure")
    assert [video.id for video in await api.find(EXTEND, since=0)] == ["video_9"]
    assert await api.find(replace(EXTEND, prompt="other"), since=0) == []
    assert await api.find(replace(EXTEND, source=None), since=0) == []
    silent = {"data": [{**listed["data"][0], "prompt": None}], "has_more": False}  # type: ignore[index]  # a list
    with pytest.raises(OutcomeUnknown):
        await Wire(answer(json=silent)).api("azure").find(EXTEND, since=0)


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        (
            '[remix]\nroute = "/r"',
            'remix.video must name the field with the earlier id, or else route must hold "{id}".',
        ),
        ('[remix]\nroute = "/r/{id}"\nvideo = "v"', "remix.video must name"),
        ("[extend]", "extend.video must name"),
        ('[extend]\nroute = "r/{id}"', "extend.route is 'r/{id}'; it must start with \"/\"."),
        ('[extend]\nvideo = "a..b"', "extend.video is 'a..b'"),
        ('[extend]\nvideo = "v"\nfields = ["seed"]', "extend.fields has 'seed'; then fields.seed must name"),
        ('[extend]\nvideo = "v"\nfields = []', "extend.fields must be a list of names of fields."),
        (
            '[extend]\nvideo = "v"\nvideos = 1',
            "extend.videos is unknown; allowed here: route, fields,",
        ),
        ("extend = 1", "extend must be a table."),
    ],
    ids=str,
)
def test_a_wrong_table_is_named(table: str, problem: str) -> None:
    text = f"{table}\n{SMALLEST}" if "[" not in table else f"{SMALLEST}\n{table}"
    with pytest.raises(ConfigError) as caught:
        parse_profile(text, name="mine", file="mine.toml")
    assert str(caught.value).startswith(f"mine.toml: {problem}")


def test_fields_without_the_words_are_no_order() -> None:
    text = DOCUMENT.replace('fields = ["prompt", "seed"]', 'fields = ["seed"]')
    with pytest.raises(ConfigError, match=r'remix\.fields must hold "prompt"'):
        parse_profile(text, name="mine", file="mine.toml")


def test_a_synchronous_api_has_no_earlier_videos() -> None:
    text = SMALLEST.replace('poll = "/videos/{id}"\n', "") + '\n[extend]\nvideo = "v"'
    with pytest.raises(ConfigError, match=r"without routes\.poll"):
        parse_profile(text, name="mine", file="mine.toml")


async def test_the_preview_remixes_once_a_key_and_shows_which(tmp_path: Path) -> None:
    async with (
        PreviewServer(data_dir=tmp_path / "preview") as server,
        provider(server.base_url, profile=load_profile("preview")) as api,
    ):
        assert api.submit_safety is SubmitSafety.KEY
        first = await finished(api, await api.submit(make_request(seconds=4), picture=None, key="job-1"))
        source = Source(use=SourceUse.REMIX, remote_id=first.id)
        request = make_request(prompt="a blue fox", seconds=4, source=source)
        orders = [await api.submit(request, picture=None, key="job-2") for _ in range(2)]
        assert orders[0].id == orders[1].id != first.id
        other = await api.submit(replace(request, seed=3), picture=None, key="job-3")
        ends = [await finished(api, video) for video in (orders[0], other)]
        assert [end.status for end in ends] == [RemoteStatus.DONE] * 2
        videos, _ = await server.videos.page(after=None, limit=9, newest_first=False)
        assert [video.remixed_from for video in videos] == [None, first.id, first.id]
        assert videos[1].clip.seed == videos[0].clip.seed
        assert videos[2].clip.seed == 3
        with pytest.raises(UnsupportedRequest) as refused:
            await api.submit(replace(request, prompt="other words"), picture=None, key="job-2")
        assert refused.value.code is Code.PROVIDER_REFUSED
        gone = replace(request, source=Source(use=SourceUse.REMIX, remote_id="video_x"))
        with pytest.raises(UnsupportedRequest) as refused:
            await api.submit(gone, picture=None, key="job-4")
        assert refused.value.code is Code.SOURCE_GONE
