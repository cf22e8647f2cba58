"""`/build`: a form of parts becomes a prompt, which goes through the same dialog."""

from typing import Any

import pytest
from simcord import Env
from simcord.results import InteractionResult

from bot.domain.prompts.check import check_prompt
from bot.domain.prompts.enhance import enhance
from cogs.builder import PART_TYPED
from storage.jobs import SqlJobStore
from tests.cogs.test_commands import Place
from tests.cogs.test_enhance import dialog_of, texts

ENGLISH = (
    "a red fox trots",
    "a snowy forest",
    "low angle, the camera follows",
    "soft morning light",
    "cinematic",
)
CHINESE = ("一只红狐狸小跑", "雪林里", "低角度跟拍", "清晨柔和的阳光", "电影风格")


@pytest.fixture
async def place(simcord_env: Env) -> Place:
    return Place(simcord_env)


async def built(place: Place, *parts: str) -> InteractionResult:
    shown = await place.alice.slash(place.channel, "build")
    fields = fields_of(shown)
    values = {field["component"]["custom_id"]: part for field, part in zip(fields, parts, strict=False)}
    return await place.alice.submit_modal(shown, values)


def fields_of(shown: InteractionResult) -> list[dict[str, Any]]:
    assert shown.modal is not None
    fields: list[dict[str, Any]] = shown.modal["components"]
    return fields


async def test_the_form_asks_for_every_part_with_an_example(place: Place) -> None:
    shown = await place.alice.slash(place.channel, "build")
    fields = fields_of(shown)
    assert [field["label"] for field in fields] == [
        *("Who or what, and what happens", "Where", "Camera and movement", "Light", "Style"),
    ]
    assert all(1 <= len(field["description"]) <= 100 and len(field["label"]) <= 45 for field in fields)
    assert [field["component"].get("required", True) for field in fields] == [True, *[False] * 4]


async def test_the_examples_make_a_prompt_without_a_flaw(place: Place) -> None:
    shown = await place.alice.slash(place.channel, "build")
    examples = [field["description"].removeprefix("Such as: ") for field in fields_of(shown)]
    dialog = dialog_of(await built(place, *examples))
    prompt = texts(dialog)[0]
    assert prompt is not None
    assert check_prompt(prompt) == ()
    assert "nothing to add" in dialog.content


@pytest.mark.parametrize(
    ("parts", "prompt"),
    [
        (
            ENGLISH,
            "A red fox trots, a snowy forest. Low angle, the camera follows. Soft morning light. Cinematic.",
        ),
        (CHINESE, "一只红狐狸小跑，雪林里。低角度跟拍。清晨柔和的阳光。电影风格。"),
        (("a red fox", "", "", "", ""), "A red fox."),
    ],
    ids=["English", "Chinese", "only what it is about"],
)
async def test_the_parts_become_a_prompt_that_can_be_ordered(
    place: Place, store: SqlJobStore, parts: tuple[str, ...], prompt: str
) -> None:
    dialog = dialog_of(await built(place, *parts))
    assert texts(dialog)[0] == prompt
    assert await store.line() == []
    await place.alice.click(dialog, label="Use mine")
    (job,) = await store.line()
    assert (job.request.prompt, job.request.typed, job.user_id) == (prompt, None, place.alice.id)


async def test_what_was_left_empty_is_filled_by_the_better_words(place: Place, store: SqlJobStore) -> None:
    dialog = dialog_of(await built(place, "a red fox runs through snow", "", "", "", ""))
    own, better = texts(dialog)
    assert own == "A red fox runs through snow."
    assert better == enhance(own)
    assert better != own
    await place.alice.click(dialog, label="✨ Use it")
    (job,) = await store.line()
    assert (job.request.prompt, job.request.typed) == (better, own)


async def test_the_longest_parts_fit(place: Place) -> None:
    dialog = dialog_of(await built(place, *["x" * PART_TYPED] * 5))
    assert "Which words" in dialog.content
