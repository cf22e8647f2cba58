"""What a refinement shows: its message at every stage, buttons and forms, the words before they are paid."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from simcord import Env

from bot.client import Reelbot
from bot.domain.board import Board, BoardId, BoardKind, BoardState, Clip, ClipPlan, ClipState
from bot.domain.job import JobId
from bot.domain.prompts.refine import Criterion, Scores
from bot.domain.refinement import Judge, Loop, Verdict, Writer, closed, rated, revised
from bot.domain.states import JobState
from bot.jobs.sketch import Quote
from cogs.boards.text import Live, board_text
from cogs.boards.views import board_view
from cogs.refining.button import RoundButton, RoundVerb
from cogs.refining.cog import FORMS, PRESSES
from cogs.refining.forms import FORM_ID, rating_form, words_form
from cogs.refining.showing import words_embeds
from cogs.refining.words import score_text
from cogs.texts import load_library
from storage.boards import SqlBoardStore
from storage.database import Database
from storage.jobs import SqlJobStore
from tests.cogs.test_commands import Place
from tests.factories import NOW, make_job, make_place

TEXTS = load_library().texts("en-US")
JOB = make_job(id="9-1-1", state=JobState.DELIVERED, result_message_id=901, result_file="x.mp4")
QUOTE = Quote(clips=3, seconds=24, price=Decimal("2.4"))
NOTHING = Quote(clips=0, seconds=0, price=Decimal(0))


def verdict(*four: int, votes: int = 1) -> Verdict:
    names = ("visual", "adherence", "consistency", "narrative")
    return Verdict.of([Scores(**dict(zip(names, four, strict=True)))] * votes)


def make_loop(clip: ClipState = ClipState.DONE, judge: Judge = Judge.AUTHOR, **changes: Any) -> Board:
    plan = ClipPlan(prompt="a *fox*", seconds=8)
    board = Board(
        id=BoardId("9"),
        short_id="7F3K2",
        kind=BoardKind.REFINEMENT,
        user_id=42,
        provider="preview",
        model="preview",
        size="1280x720",
        created_at=NOW,
        clips=(Clip(position=1, plan=plan, state=clip, attempt=1, job_id=JobId("9-1-1")),),
        state=BoardState.RUNNING,
        place=make_place(),
        note=Loop(judge=judge).note,
    )
    return replace(board, **changes)


def text_of(board: Board, quote: Quote = QUOTE, **options: Any) -> list[str]:
    return board_text(board, Live(jobs={JOB.id: JOB}), quote, TEXTS, **options).splitlines()


def labels(board: Board) -> list[str]:
    view = board_view(board, TEXTS)
    return [] if view is None else [button["label"] for button in view.to_components()[0]["components"]]


PROPOSED = make_loop(ClipState.PLANNED, state=BoardState.PROPOSED)
ROUND_2 = rated(make_loop(), 1, verdict(4, 8, 6, 7))
WORDS = revised(ROUND_2, "a fox runs", [Criterion.VISUAL], Writer.RULES)


@pytest.mark.parametrize(
    ("board", "quote", "lines", "buttons"),
    [
        (
            PROPOSED,
            Quote(clips=4, seconds=32, price=Decimal("3.2")),
            [
                "⭐ You rate each round. At 8 of 10 it is done.",
                "🧾 One round: 8 s · about $0.80",
                "🧾 At most 4 rounds: 32 s · about $3.20",
            ],
            None,
        ),
        (
            PROPOSED,
            Quote(clips=4, seconds=32, price=None),
            ["🧾 One round: 8 s", "🧾 At most 4 rounds: 32 s"],
            None,
        ),
        (
            make_loop(ClipState.RUNNING),
            QUOTE,
            ["🎨 Round 1 of at most 4 is in work", "🧾 Still possible: 3 rounds, 24 s · about $2.40"],
            ["⏹️ Stop here"],
        ),
        (
            make_loop(),
            QUOTE,
            ["`1` ✅ the words as they are · https://", "⭐ How good is round 1? Its author rates it."],
            ["⭐ Rate round 1", "⏹️ Stop here"],
        ),
        (
            make_loop(judge=Judge.CHANNEL),
            QUOTE,
            ["⭐ How good is round 1? Everybody here may rate it."],
            ["⭐ Rate round 1", "⏹️ Stop here"],
        ),
        (
            rated(make_loop(judge=Judge.CHANNEL), 1, verdict(4, 8, 6, 7, votes=3)),
            QUOTE,
            ["⭐ Round 1: 6.25 of 10 by 3 ratings so far. Its author closes the vote with *Go on*."],
            ["⭐ Rate round 1", "▶ Go on", "⏹️ Stop here"],
        ),
        (
            ROUND_2,
            QUOTE,
            ["`1` ✅ the words as they are · ⭐ 6.25 · https://", "⭐ Round 1: 6.25 of 10. *Go on* shows"],
            ["⭐ Rate round 1", "▶ Go on", "⏹️ Stop here"],
        ),
        (
            WORDS,
            QUOTE,
            ["✏️ The words for round 2 wait for their author. Nothing is ordered yet."],
            ["⭐ Rate round 1", "✏️ Words of round 2", "⏹️ Stop here"],
        ),
        (
            make_loop(ClipState.FAILED),
            QUOTE,
            ["⏸️ Round 1 could not be made: make it anew, change its words, or stop here."],
            ["🔁 Redo", "✏️ Change", "⏹️ Stop here"],
        ),
        (
            replace(closed(rated(make_loop(), 1, verdict(8, 8, 8, 8))), state=BoardState.DONE),
            NOTHING,
            ["✅ Good enough. 🏆 The best is round 1 with 8 of 10: https://"],
            [],
        ),
        (
            replace(closed(make_loop()), state=BoardState.DONE),
            NOTHING,
            ["✅ Stopped after 1 round that nobody has rated."],
            [],
        ),
        (
            replace(closed(make_loop(ClipState.FAILED)), state=BoardState.DONE),
            NOTHING,
            ["🚫 Ended without a video."],
            [],
        ),
    ],
    ids=[
        *("proposed", "no price", "in work", "to rate", "to vote", "votes", "rated", "words", "failed"),
        *("good", "unrated", "nothing"),
    ],
)
async def test_every_stage_says_what_it_waits_for(
    board: Board, quote: Quote, lines: list[str], buttons: list[str] | None
) -> None:
    shown = text_of(board, quote)
    assert shown[0] == r"🔧 Refining: a \*fox\*"
    for line in lines:
        assert [found for found in shown if found.startswith(line)], shown
    if buttons is not None:
        assert labels(board) == buttons


@pytest.mark.parametrize("board", [PROPOSED, make_loop(), ROUND_2, WORDS], ids=str)
def test_without_what_was_typed_nothing_of_it_is_there(board: Board) -> None:
    assert "fox" not in "\n".join(text_of(board, prompt=False))


def test_a_later_round_says_what_its_words_were_changed_for() -> None:
    second = Clip(position=2, plan=ClipPlan(prompt="b", seconds=8), state=ClipState.RUNNING)
    board = replace(ROUND_2, clips=(*ROUND_2.clips, second))
    assert "`2` ⏳ for visual quality, consistency · in line" in text_of(board)


@pytest.mark.parametrize(("score", "shown"), [(5.0, "5"), (6.25, "6.25"), (7.5, "7.5"), (10 / 3, "3.33")])
def test_scores_are_short(score: float, shown: str) -> None:
    assert score_text(score) == shown


def test_the_buttons_ids_are_recognised_and_lead_somewhere() -> None:
    assert set(PRESSES) == set(RoundVerb)
    for verb in RoundVerb:
        button = RoundButton(verb, "7F3K2", 12, label="x")
        assert button.custom_id == f"reelbot-round:{verb}:7F3K2:12"
        assert button.template.fullmatch(button.custom_id)


async def test_the_forms_fit_discord_and_are_recognised_after_a_restart() -> None:
    revision = Loop.of(WORDS).revision
    assert revision is not None
    long = replace(revision, prompt="x" * 5000)
    for form in (rating_form(WORDS, 1, None, TEXTS), words_form(WORDS, long, TEXTS)):
        payload: Any = form.to_dict()
        found = FORM_ID.fullmatch(payload["custom_id"])
        assert found is not None
        assert found["verb"] in FORMS
        assert len(payload["title"]) <= 45
        assert 1 <= len(payload["components"]) <= 5
        for part in payload["components"]:
            assert len(part["label"]) <= 45
            assert len(part.get("description") or "") <= 100
            assert len(part["component"].get("value") or "") <= 4000


@pytest.mark.parametrize("typed", ["a fox", "_" * 1299, "*" * 5000, "word " * 900], ids=len)
def test_both_texts_fit_and_show_where_they_differ(typed: str) -> None:
    board = make_loop()
    board = board.with_clip(replace(board.clips[0], plan=ClipPlan(prompt=typed, seconds=8)))
    board = revised(board, f"{typed}. Sharp focus.", [Criterion.VISUAL], Writer.RULES)
    revision = Loop.of(board).revision
    assert revision is not None
    before, after = words_embeds(board, revision, TEXTS)
    assert "Sharp focus" in (after.description or "")
    assert "Sharp focus" not in (before.description or "")
    assert len(before) + len(after) <= 6000


async def test_the_command_offers_the_judges_by_name(simcord_bot: Reelbot, simcord_env: Env) -> None:
    command = simcord_bot.tree.get_command("refine")
    assert command is not None
    options = {option["name"]: option for option in command.to_dict(simcord_bot.tree)["options"]}
    assert list(options) == ["prompt", "rounds", "judge", "size", "seconds"]
    assert [choice["value"] for choice in options["judge"]["choices"]] == ["me", "channel"]
    assert (options["rounds"]["min_value"], options["rounds"]["max_value"]) == (2, 6)


async def test_an_empty_prompt_is_refused_privately(simcord_env: Env) -> None:
    place = Place(simcord_env)
    result = await place.alice.slash(place.channel, "refine", prompt="  ")
    assert result.ephemeral
    answers = [answer.content for answer in (result.response, *result.followups) if answer]
    assert "prompt is empty" in answers[-1]


async def test_a_rating_is_asked_for_kept_and_asked_for_again(
    simcord_env: Env, database: Database, store: SqlJobStore
) -> None:
    place, boards = Place(simcord_env), SqlBoardStore(database)
    proposed = await place.alice.slash(place.channel, "refine", prompt="a fox", seconds=4)
    assert proposed.ephemeral
    assert await store.line() == []
    (row,) = await database.fetch_all("SELECT id FROM boards")
    shown = (proposed.response, *proposed.followups)[-1]
    assert shown is not None
    started = await place.alice.click(shown, label="▶ Start")
    assert started.response is not None
    board = await boards.get(BoardId(row["id"]))
    assert board is not None
    await store.add(JOB)
    done = replace(board.clips[0], state=ClipState.DONE, job_id=JOB.id, attempt=1)
    board = await boards.change(board, board.with_clip(done))
    rate = f"reelbot-round:rate:{board.short_id}:1"
    message = started.response
    message._message.components[0]["components"][0]["custom_id"] = rate
    refused = await place.bob.click(message, custom_id=rate)
    assert refused.response is not None
    assert "Only the author rates" in refused.response.content

    form = await place.alice.click(message, custom_id=rate)
    four: dict[str, Any] = {criterion.value: ["6"] for criterion in Criterion}
    told = await place.alice.submit_modal(form, four | {"comment": "more light"})
    answers = [answer.content for answer in (told.response, *told.followups) if answer]
    assert "**6** of 10" in answers[-1]
    now = await boards.get(board.id)
    assert now is not None
    assert Loop.of(now).verdicts[1].overall == 6
    assert await store.line() == [], "nothing is ordered"
    again = await place.alice.click(message, custom_id=rate)
    assert "more light" in str(again.modal)
