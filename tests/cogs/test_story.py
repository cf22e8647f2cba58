"""A story before it is started: its form, its proposal, what it refuses; and changing proposals at all."""

from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest
from simcord import Env

from bot.client import Reelbot
from bot.domain.board import Board, BoardId, BoardKind, BoardState, ClipPlan, ClipState, clips_of
from bot.domain.capabilities import Known, Option, Source, Support
from bot.domain.codes import Code
from bot.domain.errors import InvalidRequest, TooLate
from bot.domain.prompts.story import Scene
from bot.domain.states import JobState
from bot.jobs.boards import BoardService
from bot.jobs.sketch import Quote, Sketch, sketch_of
from bot.jobs.stories import asked_seconds, refused_scene, with_one_more, with_scenes, written
from bot.ports_prompt import WrittenScenes
from cogs.boards.text import Live, board_text
from cogs.services import services_of
from cogs.story._words import story_text
from cogs.texts import load_library
from storage.database import Database
from tests.factories import NOW, make_capabilities, make_job, make_place
from tests.fakes import FakeProvider

TEXTS = load_library().texts("en-US")
EMPTY = Sketch(kind=BoardKind.STORY, clips=(), model="preview/preview", size="1280x720")
MODEL = make_capabilities()


def make_story(*scenes: Scene, **changes: Any) -> Board:
    sketch = with_scenes(EMPTY, scenes, MODEL)
    board = Board(
        id=BoardId("1"),
        short_id="7F3K2",
        kind=BoardKind.STORY,
        user_id=42,
        provider="preview",
        model="preview",
        size="1280x720",
        created_at=NOW,
        clips=clips_of(sketch.clips),
        joins=True,
        note=sketch.note,
    )
    return replace(board, **changes)


def test_each_scene_gets_the_nearest_length_and_remembers_what_was_asked() -> None:
    board = make_story(Scene(prompt="a"), Scene(prompt="b", seconds=9), Scene(prompt="c", seconds=60))
    assert [clip.plan.seconds for clip in board.clips] == [8, 8, 12]
    assert asked_seconds(board) == [None, 9, 60]
    assert written(board) == "a 8s\nb 8s\nc 12s"
    more = with_one_more(board, Scene(prompt="d", seconds=1), MODEL)
    assert [plan.seconds for plan in more.clips] == [8, 8, 12, 4]
    assert asked_seconds(make_story(Scene(prompt="a"), note="")) == [None]


def test_the_proposal_says_what_is_not_as_asked_and_what_it_will_take() -> None:
    board = make_story(Scene(prompt="a *fox*"), Scene(prompt="b", seconds=9), Scene(prompt="c", seconds=60))
    quote = Quote(clips=3, seconds=28, price=Decimal("2.8"))
    lines = story_text(board, quote, MODEL, TEXTS).splitlines()
    assert lines == [
        "🎞️ A story in 3 scenes",
        r"`1` **8 s** · a \*fox\*",
        "`2` **8 s** · b",
        "`3` **12 s** · c",
        (
            "📏 This model makes 4, 8, 12 s, so the nearest were taken: "
            "scene 2 is 8 s instead of 9, scene 3 is 12 s instead of 60."
        ),
        "🧾 Still to be made: 3 clips, 28 s · about $2.80",
        "-# 1280×720 · 28 s in all · preview · 7F3K2",
    ]
    plain = story_text(make_story(Scene(prompt="a", seconds=4), title="The *fox*"), quote, None, TEXTS)
    assert r"🎞️ Story: The \*fox\*" in plain
    assert "instead of" not in plain


@pytest.mark.parametrize(
    ("split", "line"),
    [
        (
            WrittenScenes(scenes=("a",), offline=True),
            "✍️ Your idea in scenes, by the built-in rules. *Edit* changes whatever you like.",
        ),
        (
            WrittenScenes(scenes=("a",), offline=False),
            "✍️ Your idea in scenes. *Edit* changes whatever you like.",
        ),
        (
            WrittenScenes(scenes=("a",), offline=True, why=Code.PROMPT_API_BUSY),
            (
                "✍️ The built-in rules made these scenes, because: The language model that writes prompts has "
                "too much to do. Nothing was paid; try again in a minute. *Edit* changes whatever you like."
            ),
        ),
    ],
    ids=["rules", "model", "instead"],
)
def test_who_split_an_idea_is_told(split: WrittenScenes, line: str) -> None:
    board = make_story(Scene(prompt="a"))
    text = story_text(board, Quote(clips=1, seconds=8, price=None), MODEL, TEXTS, split=split)
    assert text.splitlines()[1] == line


def test_ten_long_scenes_full_of_markdown_fit_a_message() -> None:
    board = make_story(*[Scene(prompt="*_~`|<>" * 55, seconds=7)] * 10, title="*" * 100)
    split = WrittenScenes(scenes=("a",), offline=True, why=Code.PROMPT_API_AUTH)
    text = story_text(board, Quote(clips=10, seconds=80, price=Decimal(8)), MODEL, TEXTS, split=split)
    assert len(text) <= 2000
    assert text.splitlines()[-1].endswith("7F3K2"), "the id stands there whatever comes before"
    assert "`10` **8 s**" in text


def test_a_board_of_ten_clips_fits_a_message_whatever_became_of_them() -> None:
    board = make_story(*[Scene(prompt="*_~`|<>" * 55)] * 10, title="_" * 100)
    result = {"result_channel_id": 2**62, "result_message_id": 2**62}
    jobs = [make_job(id=number, state=JobState.DELIVERED, **result) for number in range(10)]
    done = [
        replace(clip, state=ClipState.DONE, job_id=job.id)
        for clip, job in zip(board.clips, jobs, strict=True)
    ]
    trouble = Code.NO_BEGINNING
    failed = [replace(clip, state=ClipState.FAILED, trouble=trouble) for clip in board.clips]
    for clips in (done, failed):
        now = replace(board, clips=tuple(clips), state=BoardState.RUNNING)
        live = Live(jobs={job.id: job for job in jobs})
        text = board_text(now, live, Quote(clips=0, seconds=0, price=None), TEXTS)
        assert len(text) <= 2000
        assert text.endswith("7F3K2")
    few = replace(board, clips=board.clips[:2])
    assert len(board_text(few, Live(), Quote(clips=2, seconds=16, price=None), TEXTS).splitlines()[1]) > 60


class Place:
    """A server with a channel and a member."""

    def __init__(self, env: Env, boards: BoardService) -> None:
        guild = env.create_guild()
        self.channel = guild.create_text_channel("general")
        self.alice = guild.add_member(env.create_user("alice"))
        self.boards = boards

    async def tell(self, scenes: str, title: str = "", **options: Any) -> Any:
        """Fill the form of `/story`."""
        shown = await self.alice.slash(self.channel, "story", **options)
        assert shown.modal is not None
        names = [part["component"]["custom_id"] for part in shown.modal["components"]]
        return await self.alice.submit_modal(shown, dict(zip(names, (scenes, title), strict=True)))


@pytest.fixture
async def place(simcord_env: Env, simcord_bot: Reelbot) -> Place:
    boards = services_of(simcord_bot).boards
    assert boards is not None
    return Place(simcord_env, boards)


def labels(result: Any) -> list[str]:
    message = result.followups[0] if result.followups else result.response
    return [button["label"] for row in message.components for button in row["components"]]


def text_of(result: Any) -> str:
    message = result.followups[0] if result.followups else result.response
    assert result.ephemeral or message.ephemeral
    return str(message.content)


async def test_a_proposal_has_the_buttons_that_make_sense(place: Place) -> None:
    assert labels(await place.tell("a fox\na hare")) == [
        "▶ Start",
        "✏️ Edit",
        "➕ Add a scene",
        "✖ Cancel",
        "🔗 Each scene continues the one before: off",
        "✂️ Cut",
    ]
    assert labels(await place.tell("a fox")) == ["▶ Start", "✏️ Edit", "➕ Add a scene", "✖ Cancel"]
    ten = await place.tell("\n".join(["a fox"] * 10), chained=True, fade=True)
    assert labels(ten) == [
        "▶ Start",
        "✏️ Edit",
        "✖ Cancel",
        "🔗 Each scene continues the one before: on",
        "🌫️ Cross-fade",
    ]


def blind() -> list[FakeProvider]:
    """A model that takes no pictures, and few words."""
    options = {Option.PICTURE: Known(Support.NO, Source.CARD)}
    model = make_capabilities(options=MappingProxyType(options), prompt_limit=20)
    return [FakeProvider(models=[model])]


@pytest.mark.parametrize("providers", [blind], indirect=True)
async def test_what_a_model_cannot_do_is_told_by_the_scene_and_not_offered(place: Place) -> None:
    refused = await place.tell("a fox\nfar too many words for this model 4s")
    assert "Scene 2: The prompt has 33 characters; 20 fit." in text_of(refused)
    assert "far too many words for this model 4s" in text_of(refused)
    assert not [label for label in labels(await place.tell("a fox\na hare")) if "continues" in label]
    chained = await place.alice.slash(place.channel, "story", chained=True)
    assert "does not take a picture" in text_of(chained)
    split = await place.alice.slash(place.channel, "story", idea="a fox runs across the wide field", scenes=2)
    assert text_of(split).startswith("Scene 1: The prompt has")


async def test_an_idea_without_words_is_refused(place: Place) -> None:
    assert "prompt is empty" in text_of(await place.alice.slash(place.channel, "story", idea="\u200b"))


class Chatty:
    """A language model that says far too much."""

    async def split(self, idea: str, count: int) -> WrittenScenes:
        scenes = [f"{number}. {idea} " + "and then\nsomething else happens " * 60 for number in range(count)]
        return WrittenScenes(scenes=tuple(scenes), offline=False)


async def test_scenes_of_a_language_model_fit_the_form_that_edits_them(
    place: Place, simcord_bot: Reelbot, monkeypatch: pytest.MonkeyPatch
) -> None:
    prompts = services_of(simcord_bot).prompts
    assert prompts is not None
    monkeypatch.setattr(prompts, "rewriter", Chatty())
    told = await place.alice.slash(place.channel, "story", idea="a fox runs", scenes=10)
    assert "Your idea in scenes. *Edit*" in text_of(told)
    assert "`9` **8 s** · a fox runs and then something" in text_of(told)
    assert told.response is not None
    shown = await place.alice.click(told.response.message, label="✏️ Edit")
    assert shown.modal is not None
    scenes = shown.modal["components"][0]["component"]["value"].splitlines()
    assert len(scenes) == 10
    assert all(scene.endswith("… 8s") for scene in scenes)
    assert len("\n".join(scenes)) <= 4000


async def test_a_proposal_is_changed_whole_and_once(place: Place, database: Database) -> None:
    boards = place.boards
    sketch = with_scenes(EMPTY, [Scene(prompt="a"), Scene(prompt="b"), Scene(prompt="c")], MODEL)
    board = await boards.propose(sketch, key=BoardId("9"), user_id=42, locale="en-US")
    smaller = replace(sketch_of(board), clips=(ClipPlan(prompt="z", seconds=4),), size="720x1280")
    changed = await boards.revise(board, smaller)
    assert changed == await boards.get(board.id)
    assert (changed.id, changed.short_id, changed.size) == (board.id, board.short_id, "720x1280")
    assert [clip.plan.prompt for clip in changed.clips] == ["z"]
    assert changed.joined is None, "one scene alone is not joined"
    with pytest.raises(TooLate, match="version 0"):
        await boards.revise(board, sketch)
    with pytest.raises(InvalidRequest, match="seconds-unknown"):
        await boards.revise(changed, replace(sketch, clips=(ClipPlan(prompt="a", seconds=5),)))
    again = await boards.revise(changed, sketch)
    assert again.joined is not None
    assert len(again.clips) == 3
    await boards.start(board.id, user_id=42, place=make_place(), locale="en-US")
    with pytest.raises(TooLate):
        await boards.revise(again, sketch)
    running = await boards.get(board.id)
    assert running is not None
    assert running.state is BoardState.RUNNING
    with pytest.raises(InvalidRequest, match="draft-gone"):
        await boards.revise(running, sketch)


def test_the_first_scene_that_is_refused_is_named(simcord_bot: Reelbot) -> None:
    models = services_of(simcord_bot).videos.models
    good = with_scenes(EMPTY, [Scene(prompt="a")], MODEL)
    assert refused_scene(models, good) is None
    refusal = refused_scene(models, with_scenes(EMPTY, [Scene(prompt="a"), Scene(prompt=" ")], MODEL))
    assert refusal is not None
    assert (refusal[0], refusal[1].code) == (2, Code.PROMPT_EMPTY)
