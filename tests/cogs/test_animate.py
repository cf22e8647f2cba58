"""`/animate` and *Animate this picture*: `/video` that begins with a picture."""

import pytest
from simcord import Env

from bot.domain.capabilities import Known, Option, Source, Support
from storage.jobs import SqlJobStore
from tests.cogs.test_commands import Place
from tests.factories import make_capabilities
from tests.fakes import FakeMedia, FakeProvider

GENTLY = "The picture comes to life with gentle, natural movement"


def second_takes_pictures() -> list[FakeProvider]:
    no = Known(Support.NO, Source.CARD)
    blind = make_capabilities(model="blind", options={Option.PICTURE: no})
    return [FakeProvider(name="first", models=[blind]), FakeProvider(name="second")]


@pytest.fixture
async def place(simcord_env: Env) -> Place:
    return Place(simcord_env)


async def test_a_picture_alone_is_enough(place: Place, store: SqlJobStore, media: FakeMedia) -> None:
    result = await place.alice.slash(place.channel, "animate", image=("p.png", b"photo"))
    assert not result.ephemeral
    (job,) = await store.line()
    assert job.request.prompt == GENTLY
    assert job.request.picture
    assert media.fits[0][0] == b"photo"


async def test_the_words_may_be_given(place: Place, store: SqlJobStore) -> None:
    await place.alice.slash(place.channel, "animate", image=("p.png", b"photo"), prompt="it snows")
    (job,) = await store.line()
    assert job.request.prompt == "it snows"


@pytest.mark.parametrize("providers", [second_takes_pictures], indirect=True)
async def test_the_first_model_that_takes_pictures_is_asked(place: Place, store: SqlJobStore) -> None:
    await place.alice.slash(place.channel, "animate", image=("p.png", b"photo"))
    (job,) = await store.line()
    assert job.provider == "second"


@pytest.mark.parametrize(("typed", "prompt"), [("it snows", "it snows"), ("", GENTLY)])
async def test_a_message_with_a_picture_asks_for_the_words(
    place: Place, store: SqlJobStore, media: FakeMedia, typed: str, prompt: str
) -> None:
    message = await place.bob.send(
        place.channel, "look", attachments=[("notes.txt", b"words"), ("p.png", b"photo")]
    )
    shown = await place.alice.context_menu(place.channel, "Animate this picture", message)
    assert shown.modal is not None
    assert shown.modal["title"] == "Animate this picture"
    (field,) = shown.modal["components"]
    assert field["component"]["value"] == GENTLY
    result = await place.alice.submit_modal(shown, {field["component"]["custom_id"]: typed})
    assert not result.ephemeral
    (job,) = await store.line()
    assert (job.request.prompt, job.user_id) == (prompt, place.alice.id)
    assert media.fits[0][0] == b"photo"


async def test_a_message_without_a_picture_is_told(place: Place, store: SqlJobStore) -> None:
    message = await place.bob.send(place.channel, "only words")
    result = await place.alice.context_menu(place.channel, "Animate this picture", message)
    assert result.ephemeral
    assert result.response is not None
    assert result.response.content == "There is no picture attached to this message."
