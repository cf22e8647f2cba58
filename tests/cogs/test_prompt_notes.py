"""Hints: what they say, who sees them and how often."""

from dataclasses import replace
from typing import Any

import pytest
from simcord import Env
from simcord.results import InteractionResult, ResponseMessage

from bot.client import Reelbot
from bot.domain.prompts.check import NoteKind, PromptNote, check_prompt
from bot.jobs.prompting import QUIET, Prompting
from bot.providers.prompt_writer import SteadyWriter
from cogs.prompt_notes import note_text
from cogs.services import services_of
from cogs.texts import load_library
from storage.jobs import SqlJobStore
from tests.cogs.test_commands import Place
from tests.fakes import FakeClock

TEXTS = load_library().texts("en-US")


@pytest.fixture
async def place(simcord_env: Env) -> Place:
    return Place(simcord_env)


def hints_of(result: InteractionResult) -> list[str]:
    assert all(message.ephemeral for message in result.followups)
    return [line for message in result.followups for line in message.content.splitlines()]


def answer_of(result: InteractionResult) -> ResponseMessage:
    assert result.response is not None
    return result.response


@pytest.mark.parametrize("kind", NoteKind)
def test_every_kind_has_a_sentence_that_ends(kind: NoteKind) -> None:
    text = note_text(PromptNote(kind=kind, words=("one", "two")), TEXTS)
    assert 20 < len(text) < 200
    assert text[-1] in ".”"


@pytest.mark.parametrize(
    ("prompt", "kind", "says"),
    [
        ("A sunny street at night", NoteKind.CONTRADICTION, ("“night”", "“sunny”", "exclude each other")),
        ("阳光明媚的夜晚", NoteKind.CONTRADICTION, ("“夜晚”", "“阳光明媚”")),
        ("An amazing fox", NoteKind.VAGUE, ("“amazing”",)),
        ("A fox, then cut to a beach", NoteKind.SEVERAL_SCENES, ("“cut to”", "`/story`")),
        ("Elon Musk waves", NoteKind.REAL_PERSON, ("“Elon Musk”",)),
    ],
)
def test_a_hint_names_the_words(prompt: str, kind: NoteKind, says: tuple[str, ...]) -> None:
    notes = [note_text(note, TEXTS) for note in check_prompt(prompt) if note.kind is kind]
    assert len(notes) == 1
    for words in says:
        assert words in notes[0]


def test_words_are_shown_as_they_are_typed_and_not_all_of_them() -> None:
    text = note_text(PromptNote(kind=NoteKind.VAGUE, words=("**a**", "x" * 90, "c", "d", "e")), TEXTS)
    assert r"“\*\*a\*\*”" in text
    assert "x" * 41 not in text
    assert "“d”" in text
    assert "“e”" not in text


async def test_hints_follow_the_order_privately_and_two_at_most(place: Place, store: SqlJobStore) -> None:
    result = await place.alice.slash(place.channel, "video", prompt="An amazing sunny night, cut to a beach")
    assert result.response is not None
    assert "Next in line" in result.response.content
    assert len(await store.line()) == 1
    lines = hints_of(result)
    assert len(lines) == 2
    assert lines[0].startswith("-# 💡 Next time: ")
    assert lines[1].startswith("-# 💡 And: ")
    assert "exclude each other" in lines[0]
    assert "`/story`" in lines[1]


async def test_a_good_prompt_gets_none(place: Place) -> None:
    good = "A red fox trots through snow, low angle tracking shot, soft morning light"
    assert hints_of(await place.alice.slash(place.channel, "video", prompt=good)) == []


async def test_nobody_is_told_the_same_twice_within_an_hour(place: Place, simcord_bot: Reelbot) -> None:
    services, clock = services_of(simcord_bot), FakeClock()
    assert services.drafts is not None
    prompting = Prompting(rewriter=SteadyWriter(), drafts=services.drafts, clock=clock)
    simcord_bot.services = replace(services, prompts=prompting)

    async def told(member: Any = place.alice, prompt: str = "a fox") -> list[bool]:
        lines = hints_of(await member.slash(place.channel, "video", prompt=prompt))
        return ["camera" in line for line in lines]

    assert await told() == [True, False], "camera and light"
    assert await told() == []
    assert await told(prompt="an amazing fox") == [False], "this kind is new"
    assert await told(place.bob) == [True, False], "another member was told nothing"
    clock.advance(QUIET / 1000 - 1)
    assert await told() == []
    clock.advance(1)
    assert await told() == [True, False]


async def test_what_the_bot_put_in_itself_is_not_criticised(place: Place) -> None:
    result = await place.alice.slash(place.channel, "animate", image=("p.png", b"photo"))
    assert hints_of(result) == []
    typed = await place.alice.slash(place.channel, "animate", image=("p.png", b"photo"), prompt="it snows")
    assert len(hints_of(typed)) == 2


async def test_check_shows_every_note_and_orders_nothing(place: Place, store: SqlJobStore) -> None:
    prompt = "Elon Musk walks at night in bright sunlight, amazing, cut to a beach"
    result = await place.alice.slash(place.channel, "check", prompt=prompt)
    answer = answer_of(result)
    assert answer.ephemeral
    lines = answer.content.splitlines()
    assert len(lines) - 1 == len(check_prompt(prompt))
    assert all(line.startswith("• ") for line in lines[1:])
    assert await store.line() == []


@pytest.mark.parametrize(
    ("prompt", "sentence"),
    [
        ("A red fox trots through snow, low angle tracking shot, soft morning light", "Nothing stands out"),
        ("低角度跟拍，一只红狐狸在雪林中小跑，清晨柔和的阳光", "Nothing stands out"),
        ("  ", "prompt is empty"),
    ],
)
async def test_check_of_what_needs_no_note(place: Place, prompt: str, sentence: str) -> None:
    result = await place.alice.slash(place.channel, "check", prompt=prompt)
    answer = answer_of(result)
    assert answer.ephemeral
    assert sentence in answer.content
