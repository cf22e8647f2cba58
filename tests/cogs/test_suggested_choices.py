"""What members think of looks, models and lengths, seen while choosing; orders stay as they are."""

from dataclasses import replace

import pytest
from simcord import Env

from bot.client import Reelbot
from bot.domain.prompts.styles import StylePreset, presets
from bot.domain.suggestions import Hint, Standing, Standings, Trait
from bot.jobs.actor import Actor
from bot.jobs.lineage import Details
from bot.jobs.models import Models
from cogs.details import details_text
from cogs.services import services_of
from cogs.texts import load_library
from cogs.video._choices import (
    LONGEST,
    listed_styles,
    meant_style,
    model_choices,
    seconds_choices,
    style_choices,
    styles_choices,
)
from storage.database import Database
from storage.jobs import SqlJobStore
from tests.cogs.test_commands import Place
from tests.factories import make_capabilities, make_job, make_request
from tests.fakes import FakeCatalog, FakeProvider

TEXTS = load_library().texts("en-US")
KNOWN = Standings(
    styles={
        "film-noir": Standing(votes=37, total=2997),
        "anime": Standing(votes=5, total=500),
        "claymation": Standing(votes=9, total=100),
    },
    models={"preview/two": Standing(votes=8, total=700)},
    seconds={12: Standing(votes=10, total=1000), 4: Standing(votes=10, total=300)},
)


@pytest.fixture
async def place(simcord_env: Env) -> Place:
    return Place(simcord_env)


def two_models() -> list[FakeProvider]:
    return [FakeProvider(models=[make_capabilities(model=name) for name in ("one", "two", "three")])]


def test_what_is_liked_is_offered_first_and_marked() -> None:
    usual = [choice.value for choice in style_choices(presets(), "", TEXTS)]
    offered = style_choices(presets(), "", TEXTS, KNOWN)
    names = {choice.value: choice.name for choice in offered}
    assert [choice.value for choice in offered[:2]] == ["film-noir", "anime"], "five votes promise less"
    assert names["film-noir"] == "Film noir · 👍 81 % (37)"
    assert names["anime"] == "Anime · 👍 100 % (5)"
    assert names["claymation"] == "Claymation · 👍 11 % (9)", "what is disliked says so too"
    rest = [value for value in usual if value not in {"film-noir", "anime"}]
    assert [choice.value for choice in offered[2:]] == rest[: len(offered) - 2]
    assert sum("👍" in name for name in names.values()) == 3


def test_what_is_typed_still_chooses() -> None:
    assert [choice.value for choice in style_choices(presets(), "clay", TEXTS, KNOWN)] == ["claymation"]
    looks = {
        name: StylePreset(name=name, prompt="x") for name in ("no-film", "film-a", "film-noir", "film-b")
    }
    offered = [choice.value for choice in style_choices(looks, "film", TEXTS, KNOWN)]
    assert offered == ["film-noir", "film-a", "film-b", "no-film"]
    assert style_choices(looks, "sea", TEXTS, KNOWN) == []


def test_models_and_lengths_are_marked_too() -> None:
    models = Models(FakeCatalog(*two_models()))
    offered = model_choices(models, "", TEXTS, KNOWN)
    assert [choice.value for choice in offered] == ["preview/two", "preview/one", "preview/three"]
    assert offered[0].name.endswith(" · 👍 88 % (8)")
    lengths = seconds_choices(models, None, "", TEXTS, KNOWN)
    assert [(choice.value, choice.name) for choice in lengths] == [
        (12, "12 seconds · 👍 100 % (10)"),
        (4, "4 seconds · 👍 30 % (10)"),
        (8, "8 seconds"),
    ]


def test_a_long_name_leaves_room_for_its_mark() -> None:
    model = make_capabilities(model="two", label="狐" * 200)
    [choice] = model_choices(Models(FakeCatalog(FakeProvider(models=[model]))), "", TEXTS, KNOWN)
    assert len(choice.name) == LONGEST
    assert choice.name.endswith("… · 👍 88 % (8)")


def test_a_marked_name_that_is_typed_on_is_understood() -> None:
    [marked] = style_choices(presets(), "noir", TEXTS, KNOWN)
    assert meant_style(marked.name, TEXTS) == "film-noir"
    assert [choice.value for choice in style_choices(presets(), marked.name, TEXTS, KNOWN)] == ["film-noir"]
    [both] = styles_choices(presets(), f"{marked.name}, clay", TEXTS, KNOWN)
    assert (both.name, both.value) == ("Film noir, Claymation · 👍 11 % (9)", "film-noir, claymation")
    assert listed_styles(both.name, TEXTS) == ["film-noir", "claymation"]


@pytest.mark.parametrize(
    ("hint", "line"),
    [
        (
            Hint(trait=Trait.STYLE, standing=KNOWN.styles["film-noir"]),
            "Film noir rates 81 %, 37 votes",
        ),
        (Hint(trait=Trait.MODEL, standing=KNOWN.models["preview/two"]), "two rates 88 %, 8 votes"),
        (Hint(trait=Trait.SECONDS, standing=KNOWN.seconds[12]), "videos of 8 seconds rate 100 %, 10 votes"),
        (None, None),
    ],
    ids=["style", "model", "seconds", "none"],
)
def test_the_details_say_how_such_videos_rate(hint: Hint | None, line: str | None) -> None:
    job = make_job(request=make_request(style="film-noir", model="two", seconds=8))
    details = Details(job=job, parent=None, board=None, service=None, model=None, has_family=False, hint=hint)
    found = [text for text in details_text(details, TEXTS).splitlines() if text.startswith("**Here**")]
    assert found == ([] if line is None else [f"**Here** {line}"])


async def vote(database: Database, job_id: str, people: int, value: int = 100) -> None:
    for user_id in range(people):
        await database.execute(
            "INSERT INTO votes (job_id, user_id, emoji, value, at, counts) "
            "VALUES (:job_id, :user_id, 'x', :value, 1, 1)",
            job_id=job_id,
            user_id=user_id,
            value=value,
        )


async def count(bot: Reelbot, guild_id: int) -> None:
    """Have a server's votes counted, however long that takes."""
    suggestions = services_of(bot).suggestions
    assert suggestions is not None
    await suggestions.standings(guild_id, patience=60)


async def test_votes_change_what_is_offered_and_nothing_of_the_order(
    place: Place, store: SqlJobStore, database: Database, simcord_bot: Reelbot
) -> None:
    order = {"prompt": "a red fox", "style": "film-noir", "seconds": 8, "size": "1280x720"}
    await place.alice.slash(place.channel, "video", **order)
    [before] = await store.line()
    await database.execute("UPDATE jobs SET state = 'delivered'")
    await vote(database, before.id, 6)
    await count(simcord_bot, place.guild.id)
    offered = await place.alice.autocomplete(place.channel, "video", "style", "")
    assert offered[0] == {"name": "Film noir · 👍 100 % (6)", "value": "film-noir"}
    assert "👍" not in offered[1]["name"]
    [listed, *_] = await place.alice.autocomplete(place.channel, "styles", "styles", "anime, ")
    assert listed == {"name": "Anime, Film noir · 👍 100 % (6)", "value": "anime, film-noir"}
    [length, *_] = await place.alice.autocomplete(place.channel, "video", "seconds", "")
    assert length == {"name": "8 seconds · 👍 100 % (6)", "value": 8}
    services = services_of(simcord_bot)
    assert services.lineage is not None
    here, direct = (
        Actor(user_id=place.alice.id, guild_id=place.guild.id),
        Actor(user_id=place.alice.id, guild_id=None),
    )
    told = Hint(trait=Trait.STYLE, standing=Standing(votes=6, total=600))
    assert (await services.lineage.details(before.short_id, here)).hint == told
    assert (await services.lineage.details(before.short_id, direct)).hint is None
    await place.alice.slash(place.channel, "video", **order)
    [after] = await store.line()
    assert replace(after.request, seed=None) == replace(before.request, seed=None)
    await place.alice.slash(place.channel, "video", **{**order, "style": "Film noir · 👍 100 % (6)"})
    [_, typed] = await store.line()
    assert replace(typed.request, seed=None) == replace(before.request, seed=None)


async def test_other_servers_votes_are_not_told(
    simcord_env: Env, simcord_bot: Reelbot, place: Place, store: SqlJobStore, database: Database
) -> None:
    await place.alice.slash(place.channel, "video", prompt="a fox", style="film-noir")
    [job] = await store.line()
    await database.execute("UPDATE jobs SET state = 'delivered'")
    await vote(database, job.id, 6)
    other = simcord_env.create_guild()
    channel, stranger = other.create_text_channel("general"), other.add_member(simcord_env.create_user("eve"))
    await count(simcord_bot, other.id)
    offered = await stranger.autocomplete(channel, "video", "style", "")
    assert offered
    assert not [choice for choice in offered if "👍" in choice["name"]]
