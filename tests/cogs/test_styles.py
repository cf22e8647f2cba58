"""`/styles` and `/style` as Discord hands them over."""

from typing import Any

import discord
import pytest
from simcord import Env
from simcord.results import InteractionResult, ResponseMessage

from bot.client import Reelbot
from bot.domain.board import BoardKind
from bot.domain.capabilities import Known, Option, Source, Support
from bot.domain.prompts.styles import StylePreset, presets
from bot.jobs.styles import OWN_STYLES, clean_name
from cogs.styles._menu import menu_options
from cogs.texts import load_library
from cogs.video._choices import style_choices, styles_choices
from storage.boards import SqlBoardStore
from storage.database import Database
from storage.jobs import SqlJobStore
from storage.styles import SqlStyleStore
from tests.factories import make_capabilities
from tests.fakes import FakeProvider

YES = Known(Support.YES, Source.CARD)
NO = Known(Support.NO, Source.CARD)
TEXTS = load_library().texts("en-US")
SEA = "Under the sea: everything floats."


def avoiding() -> list[FakeProvider]:
    options = {Option.NEGATIVE: YES, Option.SEED: YES}
    return [FakeProvider(models=[make_capabilities(options=options)])]


def not_avoiding() -> list[FakeProvider]:
    return [FakeProvider(models=[make_capabilities(options={Option.NEGATIVE: NO})])]


class Place:
    """A server with a member who manages it and one who does not, and another server."""

    def __init__(self, env: Env) -> None:
        self.guild = env.create_guild()
        self.channel = self.guild.create_text_channel("general")
        keepers = self.guild.create_role("keepers", permissions=discord.Permissions(manage_guild=True))
        self.keeper = self.guild.add_member(env.create_user("keeper"), roles=[keepers])
        self.alice = self.guild.add_member(env.create_user("alice"))
        other = env.create_guild()
        self.elsewhere = other.create_text_channel("general")
        self.stranger = other.add_member(env.create_user("stranger"))

    async def style(self, command: str, **options: str) -> str:
        result = await self.keeper.slash(self.channel, f"style {command}", **options)
        return private(result).content

    async def styles(self, **options: Any) -> ResponseMessage:
        return private(await self.alice.slash(self.channel, "styles", **options))


@pytest.fixture
async def place(simcord_env: Env) -> Place:
    return Place(simcord_env)


@pytest.fixture
def boards(database: Database) -> SqlBoardStore:
    return SqlBoardStore(database)


def private(result: InteractionResult) -> ResponseMessage:
    answer = result.response or result.followups[-1]
    assert answer.ephemeral
    return answer


def menu(message: ResponseMessage) -> dict[str, Any]:
    found: dict[str, Any] = message.components[0]["components"][0]
    return found


async def plans(message: ResponseMessage, boards: SqlBoardStore) -> list[Any]:
    """Return what the clips of a proposal show."""
    board = await boards.by_short_id(menu(message)["custom_id"].rpartition(":")[2])
    assert board is not None
    assert board.kind is BoardKind.STYLES
    return [clip.plan for clip in board.clips]


async def test_a_video_in_a_look(place: Place, store: SqlJobStore) -> None:
    await place.alice.slash(place.channel, "video", prompt="a fox", style="Film Noir")
    (job,) = await store.line()
    assert job.request.prompt.startswith("a fox. Classic film noir")
    assert (job.request.style, job.request.typed) == ("film-noir", "a fox")
    assert job.request.negative is None, "nobody knows whether the model takes it"


@pytest.mark.parametrize("providers", [avoiding], indirect=True)
async def test_what_a_look_must_not_slip_into_goes_along(place: Place, store: SqlJobStore) -> None:
    await place.alice.slash(place.channel, "video", prompt="a fox", style="anime", negative="rain")
    (job,) = await store.line()
    assert job.request.negative == f"rain, {presets()['anime'].negative}"
    await place.alice.slash(place.channel, "video", prompt="a fox", style="anime", negative="x" * 990)
    assert (await store.line())[1].request.negative == "x" * 990, "both together would be too long"


@pytest.mark.parametrize("providers", [not_avoiding], indirect=True)
async def test_a_model_without_negatives_gets_none(place: Place, store: SqlJobStore) -> None:
    await place.alice.slash(place.channel, "video", prompt="一只狐狸", style="anime")
    (job,) = await store.line()
    assert job.request.negative is None
    assert "日式动漫风格" in job.request.prompt


async def test_a_look_may_be_typed_by_its_label(place: Place, store: SqlJobStore) -> None:
    await place.alice.slash(place.channel, "video", prompt="a fox", style="vintage 8 MM")
    assert (await store.line())[0].request.style == "vintage-8mm"


async def test_a_look_alone_is_no_prompt(place: Place, store: SqlJobStore) -> None:
    result = await place.alice.slash(place.channel, "video", prompt="  ", style="anime")
    assert "prompt is empty" in private(result).content
    assert await store.line() == []


async def test_looks_are_chosen_from_a_menu_before_anything_can_start(
    place: Place, boards: SqlBoardStore, store: SqlJobStore
) -> None:
    asked = await place.styles(prompt="a fox")
    assert "Choose 2 to 6 looks" in asked.content
    offered = menu(asked)
    assert (offered["min_values"], offered["max_values"]) == (2, 6)
    assert [option["value"] for option in offered["options"]] == list(presets())
    assert offered["options"][0]["label"] == "Cinematic"
    assert [item["label"] for item in asked.components[1]["components"]] == ["✖ Cancel"]
    await place.alice.select(asked, ["anime", "claymation"])
    chosen = await plans(asked, boards)
    assert [plan.style for plan in chosen] == ["anime", "claymation"]
    assert [plan.typed for plan in chosen] == ["a fox", "a fox"]
    assert len({plan.seed for plan in chosen}) == 1, "one seed for all: the looks alone differ"
    assert chosen[0].seed is not None
    assert await store.line() == []


@pytest.mark.parametrize("providers", [avoiding], indirect=True)
async def test_another_choice_begins_from_what_was_typed(place: Place, boards: SqlBoardStore) -> None:
    asked = await place.styles(prompt="a fox", styles="anime, cinematic", negative="rain", seconds=4)
    first = await plans(asked, boards)
    assert first[0].negative == f"rain, {presets()['anime'].negative}"
    await place.alice.select(asked, ["film-noir", "time-lapse", "anime"])
    later = await plans(asked, boards)
    assert [plan.style for plan in later] == ["film-noir", "time-lapse", "anime"]
    assert later[2] == first[0]
    assert later[0].negative == f"rain, {presets()['film-noir'].negative}"


@pytest.mark.parametrize(
    ("styles", "sentence"),
    [
        ("anime", "Choose 2 to 6"),
        ("anime, Anime", "Choose 2 to 6"),
        (", ".join(list(presets())[:7]), "Choose 2 to 6"),
        ("anime, cubism", "no look “cubism”"),
    ],
    ids=["one", "twice the same", "seven", "unknown"],
)
async def test_a_list_that_is_none_is_refused(place: Place, styles: str, sentence: str) -> None:
    assert sentence in (await place.styles(prompt="a fox", styles=styles)).content


async def test_a_servers_look_is_offered_there_alone(
    place: Place, boards: SqlBoardStore, store: SqlJobStore
) -> None:
    assert "**deep-sea**" in await place.style("add", name=" Deep  Sea! ", prompt=SEA, negative="land")
    assert f"**deep-sea** · {SEA}" in await place.style("list")
    asked = await place.styles(prompt="a fox")
    assert [option["value"] for option in menu(asked)["options"]][:2] == ["deep-sea", "cinematic"]
    await place.alice.select(asked, ["deep-sea", "anime"])
    assert (await plans(asked, boards))[0].prompt == f"a fox. {SEA}"
    refused = await place.stranger.slash(place.elsewhere, "video", prompt="a fox", style="deep-sea")
    assert "no look “deep-sea”" in private(refused).content
    assert "**deep-sea**" in await place.style("remove", name="Deep Sea")
    assert "no look" in await place.style("remove", name="deep-sea")
    assert "no looks of its own" in await place.style("list")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"name": "!!!", "prompt": SEA}, "1 to 32 letters"),
        ({"name": "Film noir", "prompt": SEA}, "built-in"),
        ({"name": "sea", "prompt": "   "}, "1 to 500 characters"),
    ],
    ids=["no name", "built-in", "no text"],
)
async def test_a_look_that_is_none_is_refused(place: Place, options: dict[str, str], sentence: str) -> None:
    assert sentence in await place.style("add", **options)


async def test_a_server_has_so_many_looks_and_the_list_fits_a_message(
    place: Place, database: Database
) -> None:
    store = SqlStyleStore(database)
    for number in range(OWN_STYLES):
        preset = StylePreset(name=f"{number:02}-" + "x" * 29, prompt="*" * 500)
        await store.put(place.guild.id, preset, limit=OWN_STYLES)
    assert "25 looks of its own" in await place.style("add", name="sea", prompt=SEA)
    assert "is there" in await place.style("add", name="00-" + "x" * 29, prompt=SEA), "one may be changed"
    assert len(await place.style("list")) <= 2000
    asked = await place.styles(prompt="a fox")
    assert len(menu(asked)["options"]) == 25


async def test_only_those_who_manage_the_server_may(
    place: Place, database: Database, simcord_bot: Reelbot
) -> None:
    assert not any("style add" in name for name in place.alice.available_commands(place.channel))
    # A server may open the command to everybody; the bot still asks who manages it.
    [command] = [found for found in await simcord_bot.tree.fetch_commands() if found.name == "style"]
    place.guild.set_command_permissions(command, {place.alice: True})
    result = await place.alice.slash(place.channel, "style add", name="sea", prompt=SEA)
    assert "manage this server" in private(result).content
    assert await SqlStyleStore(database).own(place.guild.id) == []


def test_looks_are_suggested_by_name_and_label() -> None:
    found = [(choice.name, choice.value) for choice in style_choices(presets(), "film", TEXTS)]
    assert found == [("Film noir", "film-noir")]
    assert [c.value for c in style_choices(presets(), "8mm", TEXTS)] == ["vintage-8mm"]


def test_a_list_is_suggested_with_what_stands_there_already() -> None:
    found = [(c.name, c.value) for c in styles_choices(presets(), "anime, film", TEXTS)]
    assert found == [("Anime, Film noir", "anime, film-noir")]
    again = styles_choices(presets(), "Anime, 3D animation, Vintage 8 mm, pix", TEXTS)
    assert [c.value for c in again] == ["anime, animation, vintage-8mm, pixel-art"]
    assert all(c.value != "anime, anime" for c in styles_choices(presets(), "anime, ", TEXTS))
    long = ", ".join(list(presets())[:7])
    assert styles_choices(presets(), long + ", ", TEXTS) == []


def test_a_menu_holds_what_is_chosen_and_25_at_most() -> None:
    many = {f"own-{number}": StylePreset(name=f"own-{number}", prompt="x" * 500) for number in range(25)}
    options = menu_options({**many, **presets()}, ["anime"], TEXTS)
    assert len(options) == 25
    assert [option.value for option in options if option.default] == ["anime"]
    assert all(len(option.description or "") <= 100 for option in options)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Film Noir", "film-noir"),
        ("  deep__sea!!", "deep-sea"),
        ("水墨 2", "水墨-2"),
        ("ＡＮＩＭＥ", "anime"),
        ("हिन्दी", "हिन्दी"),
        ("a,b", "a-b"),
    ],
)
def test_names_are_cleaned(typed: str, name: str) -> None:
    assert clean_name(typed) == name
