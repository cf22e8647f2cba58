"""`/video` follows the configured models: which options there are, what is suggested, what is refused."""

from typing import Any

import pytest
from simcord import Env

from bot.client import Reelbot
from bot.domain.capabilities import Capabilities, Known, Option, Source, Support
from bot.domain.video import Size
from storage.jobs import SqlJobStore
from tests.cogs.conftest import Web
from tests.cogs.test_commands import Place
from tests.factories import make_capabilities
from tests.fakes import FakeMedia, FakeProvider

YES, NO = Known(Support.YES, Source.CARD), Known(Support.NO, Source.CARD)
EVERYTHING = dict.fromkeys(Option, YES)
NOTHING = dict.fromkeys(Option, NO)


def plain(**changes: Any) -> Capabilities:
    return make_capabilities(model="plain-1", label="Plain", options=NOTHING, **changes)


def rich(**changes: Any) -> Capabilities:
    known = {"sizes": (Size(1024, 1024), Size(1920, 1080)), "seconds": (5, 10), "default_seconds": 5}
    return make_capabilities(model="rich-2", label="Rich", options=EVERYTHING, **known | changes)


def two_cards() -> list[FakeProvider]:
    return [
        FakeProvider(name="first", models=[plain()]),
        FakeProvider(name="second", models=[rich()]),
        FakeProvider(name="gone", models=[make_capabilities(model="old", label="Old")], retired="2026-09-24"),
    ]


def only_plain() -> list[FakeProvider]:
    return [FakeProvider(models=[plain()])]


def hundred_models() -> list[FakeProvider]:
    models = [make_capabilities(model=f"model-{number}") for number in range(100)]
    return [FakeProvider(name="large", models=models)]


with_two_cards = pytest.mark.parametrize("providers", [two_cards], indirect=True)


@pytest.fixture
async def place(simcord_env: Env) -> Place:
    return Place(simcord_env)


async def option_names(bot: Reelbot, command: str = "video") -> list[str]:
    payload = {entry["name"]: entry for entry in await bot.command_payload()}
    return [option["name"] for option in payload[command]["options"]]


async def suggested(place: Place, option: str, typed: str = "", **filled: Any) -> list[Any]:
    choices = await place.alice.autocomplete(place.channel, "video", option, typed, **filled)
    return [(choice["name"], choice["value"]) for choice in choices]


@pytest.mark.parametrize("providers", [only_plain], indirect=True)
async def test_what_no_model_takes_is_no_option(simcord_env: Env, simcord_bot: Reelbot) -> None:
    assert await option_names(simcord_bot) == ["prompt", "size", "seconds", "style", "enhance"]
    names = {entry["name"] for entry in await simcord_bot.command_payload()}
    assert not names & {"animate", "Animate this picture"}


@with_two_cards
async def test_what_one_model_takes_is_an_option(simcord_env: Env, simcord_bot: Reelbot) -> None:
    assert {"model", "seed", "negative", "audio", "image", "image_url", "last_image"} <= set(
        await option_names(simcord_bot)
    )


@with_two_cards
async def test_models_are_suggested_by_their_names_and_retired_ones_are_not(place: Place) -> None:
    assert await suggested(place, "model") == [
        ("Plain · first", "first/plain-1"),
        ("Rich · second", "second/rich-2"),
    ]
    assert await suggested(place, "model", "RICH") == [("Rich · second", "second/rich-2")]
    assert await suggested(place, "model", "first") == [("Plain · first", "first/plain-1")]
    assert await suggested(place, "model", "none of them") == []


@with_two_cards
async def test_sizes_and_lengths_follow_the_chosen_model(place: Place) -> None:
    assert await suggested(place, "size") == [
        ("Wide (1280×720)", "1280x720"),
        ("Tall (720×1280)", "720x1280"),
    ]
    assert await suggested(place, "size", "wide", model="second/rich-2") == [
        ("Wide (1920×1080)", "1920x1080")
    ]
    assert await suggested(place, "size", "1024×", model="Rich") == [("Square (1024×1024)", "1024x1024")]
    assert await suggested(place, "seconds", model="second/rich-2") == [("5 seconds", 5), ("10 seconds", 10)]
    assert await suggested(place, "seconds", "1", model="second/rich-2") == [("10 seconds", 10)]
    assert await suggested(place, "size", model="half a na") == []


@pytest.mark.parametrize("providers", [hundred_models], indirect=True)
async def test_at_most_25_are_suggested_and_typing_finds_the_others(place: Place) -> None:
    assert len(await suggested(place, "model")) == 25
    assert await suggested(place, "model", "model-97") == [("model-97 · large", "large/model-97")]


@with_two_cards
async def test_every_option_reaches_the_job(place: Place, store: SqlJobStore, media: FakeMedia) -> None:
    media.picture = Size(1920, 1080)
    await place.alice.slash(
        place.channel,
        "video",
        prompt="a fox",
        model="Rich",
        size="1920x1080",
        seconds=10,
        seed=7,
        negative="snow",
        audio=False,
        image=("first.png", b"first"),
        last_image=("last.png", b"last"),
    )
    (job,) = await store.line()
    request = job.request
    assert (job.provider, request.model, str(request.size), request.seconds) == (
        *("second", "rich-2", "1920x1080", 10),
    )
    assert (request.seed, request.negative, request.audio) == (7, "snow", False)
    assert [data for data, _, _ in media.fits] == [b"first", b"last"]
    assert request.picture
    assert request.last_picture


@with_two_cards
@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"seed": 7}, "Plain does not take a seed"),
        ({"negative": "snow"}, "Plain does not take a negative prompt"),
        ({"audio": True}, "Plain does not take a choice of sound"),
        ({"image": ("p.png", b"x")}, "Plain does not take a picture"),
        ({"image_url": "https://x.y/p.png"}, "Plain does not take a picture"),
        ({"model": "Rich", "last_image": ("p.png", b"x")}, "needs a first one"),
        (
            {"model": "Rich", "image": ("p.png", b"x"), "image_url": "https://x.y/p.png"},
            "both a file and a link",
        ),
        ({"model": "nobody"}, "no model “nobody”"),
        ({"model": "gone/old"}, "takes no orders since 2026-09-24"),
        ({"size": "640x480"}, "The size 640x480 is not offered here. Choose one of: 1280x720, 720x1280."),
        ({"size": "broad"}, "The size broad is not offered"),
        ({"model": "Rich", "seconds": 8}, "8 seconds are not offered here. Choose one of: 5, 10."),
    ],
    ids=str,
)
async def test_what_the_chosen_model_does_not_take_is_refused_privately_at_once(
    place: Place, store: SqlJobStore, options: dict[str, Any], sentence: str
) -> None:
    result = await place.alice.slash(place.channel, "video", prompt="a fox", **options)
    assert result.ephemeral
    assert result.response is not None
    assert sentence in result.response.content
    assert await store.line() == []


@with_two_cards
@pytest.mark.parametrize(
    ("typed", "size"),
    [
        ("Tall", "720x1280"),
        ("wide (1280×720)", "1280x720"),
        (" 720×1280 ", "720x1280"),
        ("720X1280", "720x1280"),
    ],
)
async def test_a_size_may_be_typed_as_it_is_shown(
    place: Place, store: SqlJobStore, typed: str, size: str
) -> None:
    await place.alice.slash(place.channel, "video", prompt="a fox", size=typed)
    (job,) = await store.line()
    assert str(job.request.size) == size


@with_two_cards
async def test_a_picture_may_come_from_an_address(
    place: Place, store: SqlJobStore, media: FakeMedia, web: Web
) -> None:
    web.pictures["https://x.y/p.png"] = b"from the web"
    media.picture = Size(1024, 1024)
    await place.alice.slash(
        place.channel, "video", prompt="a fox", model="Rich", image_url="<https://x.y/p.png>"
    )
    (job,) = await store.line()
    assert str(job.request.size) == "1024x1024", "the picture decides"
    assert media.fits[0][0] == b"from the web"


@pytest.mark.parametrize("typed", ["http://x.y/p.png", "<ftp://x.y/p.png>", "no address"])
@with_two_cards
async def test_what_is_no_https_address_is_refused_at_once(
    place: Place, store: SqlJobStore, typed: str
) -> None:
    result = await place.alice.slash(place.channel, "video", prompt="a fox", model="Rich", image_url=typed)
    assert result.response is not None, "nothing public stood there before"
    assert result.response.ephemeral
    assert "it is no https:// link" in result.response.content
    assert await store.line() == []


@with_two_cards
async def test_an_address_without_a_picture_is_told_privately(place: Place, store: SqlJobStore) -> None:
    result = await place.alice.slash(
        place.channel, "video", prompt="a fox", model="Rich", image_url="https://x.y/none"
    )
    assert result.response is None, "the public thinking is gone"
    (answer,) = result.followups
    assert answer.ephemeral
    assert "could not download the picture" in answer.content
    assert await store.line() == []
