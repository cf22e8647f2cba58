"""A picture of another shape: the member sees three ways, chooses one, and only then something is ordered."""

from pathlib import Path

import pytest
from simcord import Env
from simcord.results import InteractionResult, ResponseMessage

from bot.domain.fit import Fit
from bot.domain.video import Size
from storage.database import Database
from storage.jobs import SqlJobStore
from tests.cogs.test_commands import Place
from tests.fakes import FakeMedia

SQUARE = Size(1000, 1000)


@pytest.fixture
async def place(simcord_env: Env, media: FakeMedia) -> Place:
    media.picture = SQUARE
    return Place(simcord_env)


async def ask(place: Place, **options: object) -> InteractionResult:
    return await place.alice.slash(
        place.channel, "video", prompt="a fox", size="1280x720", image=("p.png", b"square"), **options
    )


def question_of(result: InteractionResult) -> ResponseMessage:
    assert result.response is None, "the public thinking is gone"
    (question,) = result.followups
    assert question.ephemeral
    return question


def kept(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "data" / "pictures").iterdir())


async def test_three_pictures_and_four_buttons_are_shown_privately(
    place: Place, store: SqlJobStore, media: FakeMedia
) -> None:
    question = question_of(await ask(place))
    assert "Wide (1280×720)" in question.content
    assert [file.filename for file in question.attachments] == ["1-crop.jpg", "2-pad.jpg", "3-blur.jpg"]
    (row,) = question.components
    assert [button["label"] for button in row["components"]] == [
        *("1 · Crop", "2 · Bars", "3 · Blurred edges", "✖ Cancel"),
    ]
    assert [(size, fit) for _, size, fit in media.fits] == [(Size(384, 216), fit) for fit in Fit]
    assert await store.line() == [], "nothing is ordered yet"


@pytest.mark.parametrize(
    ("label", "fit"), [("1 · Crop", Fit.CROP), ("2 · Bars", Fit.PAD), ("3 · Blurred edges", Fit.BLUR)]
)
async def test_the_chosen_way_is_what_is_ordered(
    place: Place, store: SqlJobStore, media: FakeMedia, tmp_path: Path, label: str, fit: Fit
) -> None:
    question = question_of(await ask(place, seconds=4))
    media.fits.clear()
    pressed = await place.alice.click(question, label=label)
    assert pressed.response is not None
    assert not pressed.response.ephemeral
    assert "Next in line" in pressed.response.content
    (job,) = await store.line()
    assert media.fits == [(b"square", Size(1280, 720), fit)]
    assert (job.request.prompt, job.request.seconds, job.user_id) == ("a fox", 4, place.alice.id)
    assert job.place.status_message_id == pressed.response.id
    assert kept(tmp_path) == [f"{job.id}.jpg"], "what was given is not needed any more"


async def test_a_draft_is_ordered_once(place: Place, store: SqlJobStore, simcord_env: Env) -> None:
    question = question_of(await ask(place))
    custom_id = question.components[0]["components"][0]["custom_id"]
    other = question_of(await ask(place))
    await place.alice.click(question, label="1 · Crop")
    assert len(await store.line()) == 1
    # The question is gone with the first press; the same id on another message stands for a late second one.
    other._message.components[0]["components"][1]["custom_id"] = custom_id
    again = await place.alice.click(other, custom_id=custom_id)
    (answer,) = again.followups
    assert "no longer open" in answer.content
    assert answer.ephemeral
    assert len(await store.line()) == 1


async def test_cancel_orders_nothing_and_keeps_nothing(
    place: Place, store: SqlJobStore, database: Database, tmp_path: Path
) -> None:
    question = question_of(await ask(place))
    assert len(kept(tmp_path)) == 1
    await place.alice.click(question, label="✖ Cancel")
    assert await store.line() == []
    assert kept(tmp_path) == []
    assert await database.fetch_all("SELECT * FROM drafts") == []


async def test_an_old_draft_is_answered_in_words(
    place: Place, store: SqlJobStore, database: Database
) -> None:
    question = question_of(await ask(place))
    await database.execute("UPDATE drafts SET created_at = created_at - 90000000")
    pressed = await place.alice.click(question, label="1 · Crop")
    (answer,) = pressed.followups
    assert "no longer open" in answer.content
    assert await store.line() == []


async def test_a_draft_whose_order_is_refused_stays_open(place: Place, store: SqlJobStore) -> None:
    question = question_of(await ask(place))
    for number in range(10):
        await place.alice.slash(place.channel, "video", prompt=f"fox {number}")
    refused = await place.alice.click(question, label="1 · Crop")
    assert "10 videos in line" in refused.followups[0].content
    (first, *_) = await store.line()
    await place.alice.slash(place.channel, "cancel", id=first.short_id)
    await place.alice.click(question, label="2 · Bars")
    assert len(await store.line()) == 10


async def test_a_picture_that_nearly_fits_is_not_asked_about(
    place: Place, store: SqlJobStore, media: FakeMedia
) -> None:
    media.picture = Size(1200, 800)
    result = await ask(place)
    assert result.response is not None
    assert not result.ephemeral
    assert len(await store.line()) == 1


async def test_without_a_size_the_nearest_is_taken_and_a_panorama_is_still_asked_about(
    place: Place, media: FakeMedia
) -> None:
    media.picture = Size(4000, 1000)
    result = await place.alice.slash(place.channel, "video", prompt="a fox", image=("p.png", b"panorama"))
    assert "Wide (1280×720)" in question_of(result).content
