"""`/video` beyond a model's longest: when parts are offered, and what they are."""

from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest
from simcord import Env

from bot.client import Reelbot
from bot.domain.capabilities import Known, Option, Source, Support
from bot.domain.codes import Code
from bot.domain.errors import InvalidRequest
from bot.jobs.models import Models, Options
from cogs.services import services_of
from cogs.video._longer import Parts, longer_sketch, parts_needed
from storage.jobs import SqlJobStore
from storage.workspace import FileWorkspace
from tests.factories import make_capabilities
from tests.fakes import FakeCatalog, FakeProvider

BLIND = {Option.PICTURE: Known(Support.NO, Source.CARD)}
MODELS = Models(
    FakeCatalog(
        FakeProvider(
            models=[
                make_capabilities(),
                make_capabilities(model="blind", options=MappingProxyType(BLIND)),
                make_capabilities(model="eight", seconds=(8,)),
            ]
        )
    )
)


@pytest.mark.parametrize(
    ("model", "seconds", "lengths"),
    [
        ("preview", None, None),
        ("preview", 12, None),
        ("preview", 11, None),
        ("preview", 20, (12, 8)),
        ("preview", 120, (12,) * 10),
        ("eight", 20, (8, 8)),
        ("blind", 20, None),
    ],
)
def test_parts_are_needed_beyond_the_longest(
    model: str, seconds: int | None, lengths: tuple[int, ...] | None
) -> None:
    parts = parts_needed(MODELS, Options(prompt="a fox", seconds=seconds, model=f"preview/{model}"))
    assert (parts.lengths if parts else None) == lengths


def test_there_is_an_end_to_it() -> None:
    with pytest.raises(InvalidRequest) as refused:
        parts_needed(MODELS, Options(prompt="a fox", seconds=81, model="preview/eight"))
    assert (refused.value.code, refused.value.facts["most"]) == (Code.TOO_LONG_TO_JOIN, "80")


def test_every_part_has_the_same_words_and_the_first_the_picture() -> None:
    options = Options(prompt="a fox", seconds=20, seed=7, negative="people", style="noir", typed="fox")
    sketch = longer_sketch(options, Parts(asked=20, longest=12, lengths=(12, 8)), "pictures/1.given")
    assert [clip.picture for clip in sketch.clips] == ["pictures/1.given", None]
    assert (sketch.chained, sketch.joins, sketch.fade) == (True, True, False)
    same = {replace(clip, seconds=0, picture=None) for clip in sketch.clips}
    assert [(clip.prompt, clip.seed, clip.negative, clip.style, clip.typed) for clip in same] == [
        ("a fox", 7, "people", "noir", "fox")
    ]


class Place:
    """A server with a channel and a member."""

    def __init__(self, env: Env) -> None:
        guild = env.create_guild()
        self.channel = guild.create_text_channel("general")
        self.alice = guild.add_member(env.create_user("alice"))


@pytest.fixture
async def place(simcord_env: Env) -> Place:
    return Place(simcord_env)


async def ask(place: Place, **options: Any) -> str:
    result = await place.alice.slash(place.channel, "video", prompt="a fox", **options)
    assert result.ephemeral
    message = result.followups[0] if result.followups else result.response
    assert message is not None
    return str(message.content)


async def test_a_longer_video_is_proposed_and_nothing_is_ordered(place: Place, store: SqlJobStore) -> None:
    *lines, facts = (await ask(place, seconds=22)).splitlines()
    assert lines == [
        "🎞️ Longer video: a fox",
        (
            "📏 At most 12 s come in one piece here. So it is made in 2 parts of 12 + 8 s, each going on "
            "where the one before ends, and joined to one video of 20 s (nearest to 22 s)."
        ),
        "🧾 Still to be made: 2 clips, 20 s",
    ]
    assert facts.startswith("-# 1280×720 · 20 s in all · ")
    assert await store.line() == []


async def test_a_number_beyond_the_longest_is_suggested_with_its_parts(place: Place) -> None:
    async def offered(typed: str) -> list[tuple[str, int]]:
        found = await place.alice.autocomplete(place.channel, "video", "seconds", typed)
        return [(choice["name"], choice["value"]) for choice in found]

    assert await offered("20") == [("20 seconds, joined of 12 + 8", 20)]
    assert await offered("12") == [("12 seconds", 12)]
    assert await offered("500") == []
    assert await offered("long") == []


async def test_better_words_are_shown_before_they_are_paid(place: Place) -> None:
    text = await ask(place, seconds=20, enhance=True)
    assert text.startswith("🎞️ Longer video: a fox\n✍️ Sent in these words: ")
    assert len(text.splitlines()[1]) > 40


async def test_the_picture_is_kept_as_it_was_given(
    place: Place, simcord_bot: Reelbot, workspace: FileWorkspace
) -> None:
    await ask(place, seconds=20, image=("fox.png", b"a picture"))
    boards = services_of(simcord_bot).boards
    assert boards is not None
    [given] = workspace.path("pictures/1.given").parent.glob("*.given")
    assert given.read_bytes() == b"a picture"
    assert "cannot open this picture" in await ask(place, seconds=20, image=("fox.png", b"not a picture"))


async def test_what_a_longer_video_cannot_have_is_refused(place: Place) -> None:
    assert "up to 120 s can be joined" in await ask(place, seconds=200)
    pictures = {"image": ("a.png", b"a picture"), "last_image": ("b.png", b"a picture")}
    assert "20 seconds are not offered here" in await ask(place, seconds=20, **pictures)
