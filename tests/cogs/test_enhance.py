"""Better words: both texts are shown, one is chosen, and only that one is ordered."""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from simcord import Env
from simcord.results import InteractionResult, ResponseMessage

from bot.client import Reelbot
from bot.domain.fit import Fit
from bot.domain.job import Job
from bot.domain.prompts.enhance import enhance
from bot.domain.video import Size
from bot.jobs.prompting import Prompting
from bot.ports_prompt import Written, WrittenScenes
from bot.providers.prompt_writer import SteadyWriter, build_writer
from cogs.services import services_of
from storage.database import Database
from storage.jobs import SqlJobStore
from tests.cogs.test_commands import Place
from tests.factories import NOW, make_capabilities
from tests.fakes import FakeClock, FakeMedia, FakeProvider
from tests.providers.sites import Handler, Site
from tests.providers.test_prompt_api import completion, failure

FOX = "A red fox runs"
BETTER = "A red fox with a bushy tail runs through a snowy forest at dawn, tracking shot."


@pytest.fixture
async def place(simcord_env: Env, media: FakeMedia) -> Place:
    media.picture = Size(1280, 720)
    return Place(simcord_env)


def dialog_of(result: InteractionResult) -> ResponseMessage:
    (dialog,) = [result.response] if result.response is not None else result.followups
    assert dialog.ephemeral
    return dialog


async def ask(place: Place, prompt: str = FOX, **options: Any) -> ResponseMessage:
    return dialog_of(await place.alice.slash(place.channel, "enhance", prompt=prompt, **options))


def labels(dialog: ResponseMessage) -> list[str]:
    (row,) = dialog.components
    return [button["label"] for button in row["components"]]


def texts(dialog: ResponseMessage) -> list[str | None]:
    return [embed.description for embed in dialog.embeds if not (embed.title or "").startswith("💡")]


async def edited(place: Place, dialog: ResponseMessage, words: str) -> InteractionResult:
    shown = await place.alice.click(dialog, label="✏️ Edit")
    assert shown.modal is not None
    (field,) = shown.modal["components"]
    return await place.alice.submit_modal(shown, {field["component"]["custom_id"]: words})


async def only_job(store: SqlJobStore) -> Job:
    (job,) = await store.line()
    return job


@pytest.mark.parametrize("prompt", [FOX, "一只红狐狸在雪地里奔跑"], ids=["English", "Chinese"])
async def test_both_texts_are_shown_privately_and_nothing_is_ordered(
    place: Place, store: SqlJobStore, prompt: str
) -> None:
    dialog = await ask(place, prompt)
    assert texts(dialog) == [prompt, enhance(prompt)]
    assert enhance(prompt).startswith(prompt)
    assert labels(dialog) == ["✨ Use it", "✏️ Edit", "Use mine", "✖ Cancel"]
    assert "Nothing is ordered until you choose" in dialog.content
    assert "from the built-in rules: " in dialog.content
    assert "1280×720 · 8 s" in dialog.content
    assert await store.line() == []


async def test_the_better_words_are_ordered_and_the_typed_ones_kept(
    place: Place, store: SqlJobStore, database: Database
) -> None:
    dialog = await ask(place, size="720x1280", seconds=4)
    pressed = await place.alice.click(dialog, label="✨ Use it")
    assert pressed.response is not None
    assert not pressed.response.ephemeral
    assert "Next in line" in pressed.response.content
    assert pressed.followups == [], "the hints stood in the dialog"
    job = await only_job(store)
    request = job.request
    assert (request.prompt, request.typed) == (enhance(FOX), FOX)
    assert (str(request.size), request.seconds) == ("720x1280", 4)
    assert (job.user_id, job.place.status_message_id) == (place.alice.id, pressed.response.id)
    assert await database.fetch_all("SELECT * FROM drafts") == []


async def test_ones_own_words_are_ordered_as_if_nobody_had_asked(place: Place, store: SqlJobStore) -> None:
    await place.alice.click(await ask(place), label="Use mine")
    request = (await only_job(store)).request
    assert (request.prompt, request.typed) == (FOX, None)


async def test_the_better_words_can_be_changed_again_and_again(place: Place, store: SqlJobStore) -> None:
    dialog = await ask(place)
    for words in ("A blue fox", "A  green\nfox"):
        shown = await place.alice.click(dialog, label="✏️ Edit")
        assert shown.modal is not None
        (field,) = shown.modal["components"]
        assert field["component"]["value"] == texts(dialog)[1]
        await place.alice.submit_modal(shown, {field["component"]["custom_id"]: words})
        assert texts(dialog) == [FOX, " ".join(words.split())]
    assert "built-in" not in dialog.content
    await place.alice.click(dialog, label="✨ Use it")
    request = (await only_job(store)).request
    assert (request.prompt, request.typed) == ("A green fox", FOX)


@pytest.mark.parametrize(
    "providers", [lambda: [FakeProvider(models=[make_capabilities(prompt_limit=400)])]], indirect=True
)
async def test_words_that_are_too_long_are_refused_and_the_dialog_stays(
    place: Place, store: SqlJobStore
) -> None:
    dialog = await ask(place)
    refused = await edited(place, dialog, "x" * 401)
    assert "400 fit" in refused.followups[0].content
    assert texts(dialog) == [FOX, enhance(FOX)]
    await place.alice.click(dialog, label="✨ Use it")
    assert (await only_job(store)).request.prompt == enhance(FOX)


@pytest.mark.parametrize(
    "providers", [lambda: [FakeProvider(models=[make_capabilities(prompt_limit=40)])]], indirect=True
)
async def test_better_words_that_the_model_cannot_take_are_not_offered(
    place: Place, store: SqlJobStore
) -> None:
    dialog = await ask(place)
    assert texts(dialog) == [FOX]
    assert "too long for this model" in dialog.content
    assert labels(dialog) == ["✏️ Edit", "Use mine", "✖ Cancel"]
    await edited(place, dialog, "A red fox runs at dawn")
    assert labels(dialog)[0] == "✨ Use it"
    await place.alice.click(dialog, label="✨ Use it")
    assert (await only_job(store)).request.prompt == "A red fox runs at dawn"


@pytest.mark.parametrize(
    "prompt", ["Ein roter Fuchs läuft durch den Schnee und die Sonne scheint", enhance(FOX)]
)
async def test_where_nothing_is_to_be_added_it_says_so(place: Place, store: SqlJobStore, prompt: str) -> None:
    dialog = await ask(place, prompt)
    assert "nothing to add" in dialog.content
    assert texts(dialog) == [prompt]
    await place.alice.click(dialog, label="Use mine")
    assert (await only_job(store)).request.prompt == prompt


async def test_cancel_orders_nothing_and_keeps_nothing(
    place: Place, store: SqlJobStore, database: Database, tmp_path: Path
) -> None:
    result = await place.alice.slash(
        place.channel, "video", prompt=FOX, enhance=True, image=("p.png", b"photo")
    )
    dialog = dialog_of(result)
    await place.alice.click(dialog, label="✖ Cancel")
    assert dialog.content == "Nothing was ordered."
    assert (dialog.embeds, dialog.components) == ([], [])
    assert await store.line() == []
    assert await database.fetch_all("SELECT * FROM drafts") == []
    assert list((tmp_path / "data" / "pictures").iterdir()) == []


async def test_the_prompt_is_checked_before_anybody_is_asked(
    place: Place, simcord_bot: Reelbot, store: SqlJobStore
) -> None:
    written = with_writer(simcord_bot, Scripted(BETTER))
    result = await place.alice.slash(place.channel, "enhance", prompt="x" * 5000)
    assert result.response is not None
    assert "5,000 characters" in result.response.content
    refused = await place.alice.slash(place.channel, "enhance", prompt=FOX, size="1x1")
    assert refused.response is not None
    assert "not offered" in refused.response.content
    assert written.asked == []


async def test_one_dialog_is_one_video(place: Place, store: SqlJobStore) -> None:
    dialog, other = await ask(place), await ask(place)
    use, _, mine, _ = dialog.components[0]["components"]
    await place.alice.click(dialog, label="✨ Use it")
    # The dialog is gone with the first press; its ids on another message stand for late second ones.
    for button in (use, mine):
        other._message.components[0]["components"][0]["custom_id"] = button["custom_id"]
        late = await place.alice.click(other, custom_id=button["custom_id"])
        assert "no longer open" in late.followups[0].content
    assert len(await store.line()) == 1


@pytest.mark.parametrize("label", ["✨ Use it", "✏️ Edit", "Use mine", "✖ Cancel"])
async def test_an_old_dialog_is_answered_in_words(
    place: Place, store: SqlJobStore, database: Database, label: str
) -> None:
    dialog = await ask(place)
    await database.execute("UPDATE drafts SET created_at = created_at - 90000000")
    pressed = await place.alice.click(dialog, label=label)
    answer = pressed.followups[0] if pressed.followups else pressed.response
    assert answer is not None
    assert "no longer open" in answer.content
    assert answer.ephemeral
    assert await store.line() == []


async def test_a_button_of_another_version_is_answered_in_words(place: Place) -> None:
    dialog = await ask(place)
    dialog._message.components[0]["components"][0]["custom_id"] = "reelbot-words:sing:1423"
    pressed = await place.alice.click(dialog, custom_id="reelbot-words:sing:1423")
    assert pressed.response is not None
    assert "no longer know this button" in pressed.response.content


async def test_an_order_that_is_refused_leaves_the_dialog_open(place: Place, store: SqlJobStore) -> None:
    dialog = await ask(place)
    for number in range(10):
        await place.alice.slash(place.channel, "video", prompt=f"fox {number}")
    refused = await place.alice.click(dialog, label="✨ Use it")
    assert "10 videos in line" in refused.followups[0].content
    first, *_ = await store.line()
    await place.alice.slash(place.channel, "cancel", id=first.short_id)
    await place.alice.click(dialog, label="✨ Use it")
    assert [job.request.typed for job in await store.line()].count(FOX) == 1


OPTIONS: dict[str, Any] = {
    "size": "1280x720",
    "seconds": 4,
    "seed": 7,
    "negative": "blur",
    "audio": False,
}


async def test_the_option_of_video_keeps_all_others(
    place: Place, store: SqlJobStore, media: FakeMedia
) -> None:
    result = await place.alice.slash(
        place.channel, "video", prompt=FOX, enhance=True, image=("p.png", b"photo"), **OPTIONS
    )
    assert await store.line() == []
    await place.alice.click(dialog_of(result), label="✨ Use it")
    request = (await only_job(store)).request
    assert (request.prompt, request.typed) == (enhance(FOX), FOX)
    assert (request.seconds, request.seed, request.negative, request.audio) == (4, 7, "blur", False)
    assert request.picture is not None
    assert media.fits == [(b"photo", Size(1280, 720), Fit.CROP)]


async def test_without_the_option_nobody_is_asked(place: Place, store: SqlJobStore) -> None:
    result = await place.alice.slash(place.channel, "video", prompt=FOX, enhance=False)
    assert result.response is not None
    assert (await only_job(store)).request.prompt == FOX


@pytest.mark.parametrize(("label", "typed"), [("✨ Use it", FOX), ("Use mine", None)])
async def test_a_picture_that_fits_badly_is_asked_about_after_the_words(
    place: Place, store: SqlJobStore, media: FakeMedia, database: Database, label: str, typed: str | None
) -> None:
    media.picture = Size(1000, 1000)
    result = await place.alice.slash(
        place.channel, "video", prompt=FOX, enhance=True, image=("p.png", b"square"), **OPTIONS
    )
    dialog = dialog_of(result)
    assert "Which words" in dialog.content
    ids = [button["custom_id"] for button in dialog.components[0]["components"]]
    question = dialog_of(await place.alice.click(dialog, label=label))
    assert "another shape" in question.content
    assert await store.line() == []
    other = await ask(place)
    for late in (ids[0], ids[2]):  # the dialog is gone; a second press of it asks nothing and orders nothing
        other._message.components[0]["components"][0]["custom_id"] = late
        assert "no longer open" in dialog_of(await place.alice.click(other, custom_id=late)).content
    await place.alice.click(other, label="✖ Cancel")
    media.fits.clear()
    await place.alice.click(question, label="2 · Bars")
    request = (await only_job(store)).request
    assert (request.prompt, request.typed) == (enhance(FOX) if typed else FOX, typed)
    assert (request.seed, request.negative) == (7, "blur")
    assert media.fits == [(b"square", Size(1280, 720), Fit.PAD)]
    assert await database.fetch_all("SELECT * FROM drafts") == []


@pytest.mark.parametrize("looks_back", [True], indirect=True)
async def test_what_was_made_before_is_offered_for_the_chosen_words(
    place: Place, store: SqlJobStore, database: Database
) -> None:
    await place.bob.slash(place.channel, "video", prompt=enhance(FOX))
    job = await only_job(store)
    stands = await place.bob.send(place.channel, "the video stands for it")
    await database.execute(
        "UPDATE jobs SET state = 'delivered', finished_at = :now, result_message_id = :message,"
        " result_channel_id = :channel",
        now=NOW,
        message=stands.id,
        channel=place.channel.id,
    )
    pressed = await place.alice.click(await ask(place), label="✨ Use it")
    (found,) = pressed.followups
    assert "made before" in found.content
    assert await store.line() == []
    await place.alice.click(found, label="🔁 Make it anew")
    anew = await only_job(store)
    assert (anew.id != job.id, anew.request.typed) == (True, FOX)


class Scripted:
    """A writer with one answer; remembers what it was asked."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.asked: list[str] = []

    async def enhance(self, text: str) -> Written:
        self.asked.append(text)
        return Written(text=self._text, offline=False)

    async def split(self, idea: str, count: int) -> WrittenScenes:
        raise NotImplementedError

    async def revise(self, prompt: str, weak: object, comment: str = "") -> Written:
        raise NotImplementedError


def with_writer(bot: Reelbot, writer: Any) -> Any:
    services = services_of(bot)
    assert services.drafts is not None
    prompting = Prompting(rewriter=writer, drafts=services.drafts, clock=FakeClock())
    bot.services = replace(services, prompts=prompting)
    return writer


@pytest.fixture
async def cleanup() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as stack:
        yield stack


async def served(cleanup: AsyncExitStack, handler: Handler) -> SteadyWriter:
    """Return a writer that asks a real server."""
    site = await cleanup.enter_async_context(Site(handler))
    writer = build_writer(base_url=f"{site.url}/v1", key=None, model="m-1")
    cleanup.push_async_callback(writer.aclose)
    return writer


async def test_a_language_model_writes(
    place: Place, simcord_bot: Reelbot, store: SqlJobStore, cleanup: AsyncExitStack
) -> None:
    with_writer(simcord_bot, await served(cleanup, completion(json.dumps({"prompt": BETTER}))))
    dialog = await ask(place)
    assert texts(dialog) == [FOX, BETTER]
    assert "from the language model." in dialog.content
    await place.alice.click(dialog, label="✨ Use it")
    request = (await only_job(store)).request
    assert (request.prompt, request.typed) == (BETTER, FOX)


@pytest.mark.parametrize(
    ("handler", "because"),
    [
        pytest.param(failure(500, message="boom"), "language model failed", id="500"),
        pytest.param(completion("{"), "something that is no prompt", id="nonsense"),
        pytest.param(completion("I'm sorry, but I can't help."), "did not want to write", id="refusal"),
        pytest.param(completion("A fox. " * 2858), "something that is no prompt", id="20,000 characters"),
        pytest.param(failure(401, message="no"), "refuses this bot's key", id="401"),
        pytest.param(failure(429, message="no"), "too much to do", id="429"),
    ],
)
async def test_where_the_model_fails_the_rules_write_and_it_says_why(
    place: Place,
    simcord_bot: Reelbot,
    store: SqlJobStore,
    cleanup: AsyncExitStack,
    handler: Handler,
    because: str,
) -> None:
    with_writer(simcord_bot, await served(cleanup, handler))
    dialog = await ask(place)
    assert texts(dialog) == [FOX, enhance(FOX)]
    assert "built-in rules looked at it, because the language model" in dialog.content
    assert because in dialog.content
    await place.alice.click(dialog, label="✨ Use it")
    assert (await only_job(store)).request.prompt == enhance(FOX)


async def test_the_dialog_stays_within_discords_limits(place: Place, simcord_bot: Reelbot) -> None:
    with_writer(simcord_bot, Scripted("_*`<" * 990))
    flaws = (
        "Elon Musk, Mickey Mouse, a wolf, a bear, a car, a truck walk, run, jump, fly at night in sunlight, "
    )
    dialog = await ask(place, (flaws + "*amazing*, cut to a beach. ") * 12)
    total = sum(len(embed) for embed in dialog.embeds)
    assert total <= 6000
    assert all(len(embed.description or "") <= 4096 for embed in dialog.embeds)
    assert len(dialog.content) <= 2000


async def test_hints_on_the_proposed_words_stand_in_the_dialog(place: Place) -> None:
    dialog = await ask(place, "A sunny street at night, cut to a beach with Elon Musk")
    (hints,) = [embed for embed in dialog.embeds if (embed.title or "").startswith("💡")]
    assert hints.description is not None
    assert "exclude each other" in hints.description
    assert "`/story`" in hints.description
    assert "“Elon Musk”" in hints.description
    assert "camera" not in hints.description, "the better words say it"
    await edited(place, dialog, "A fox in soft morning light, close-up")
    assert not [embed for embed in dialog.embeds if (embed.title or "").startswith("💡")]
