"""*Rate*: the form, what is kept of it, and that it can be changed."""

import pytest
from simcord import Env, InteractionResult

from bot.domain.evaluation import Aspect, EvaluationKind
from bot.domain.job import Job
from bot.domain.states import JobState
from cogs.buttons.views import result_view
from cogs.rating_form import FORM_ID, rating_form
from cogs.texts import load_library
from storage.database import Database
from storage.evaluations import SqlEvaluationStore
from storage.jobs import SqlJobStore
from tests.cogs.test_commands import Place
from tests.factories import make_job, make_place

TEXTS = load_library().texts("en-US")
RADIO_GROUP = 21
SCORES = {"visual-quality": "5", "realism": "2", "usefulness": "4"}


@pytest.fixture
def place(simcord_env: Env) -> Place:
    return Place(simcord_env)


@pytest.fixture
async def job(place: Place, store: SqlJobStore) -> Job:
    return await store.add(
        make_job(
            state=JobState.DELIVERED,
            result_message_id=901,
            result_file="x.mp4",
            user_id=place.alice.id,
            place=make_place(guild_id=place.guild.id, channel_id=place.channel.id),
        )
    )


async def pressed(place: Place, job: Job) -> InteractionResult:
    shown = await place.bob.slash(place.channel, "show", id=job.short_id)
    assert shown.response is not None
    return await place.bob.click(shown.response.message, label="📝 Rate")


def said(result: InteractionResult) -> str:
    return "\n".join(answer.content for answer in (result.response, *result.followups) if answer)


async def test_what_is_sent_is_kept_and_stands_in_the_form_the_next_time(
    place: Place, job: Job, database: Database
) -> None:
    asked = await pressed(place, job)
    assert asked.modal is not None
    assert FORM_ID.fullmatch(asked.modal["custom_id"])
    told = await place.bob.submit_modal(asked, {**SCORES, "comment": "the hands"})
    assert told.ephemeral
    assert f"Your rating of **{job.short_id}** is kept" in said(told)
    (kept,) = await SqlEvaluationStore(database).of_job(job.id, EvaluationKind.DETAIL)
    assert (kept.user_id, kept.comment) == (place.bob.id, "the hands")
    assert kept.scores == {name: int(score) for name, score in SCORES.items()}

    again = await pressed(place, job)
    assert again.modal is not None
    fields = [row["component"] for row in again.modal["components"]]
    chosen = {
        field["custom_id"]: option["value"]
        for field in fields
        if field["type"] == RADIO_GROUP
        for option in field["options"]
        if option.get("default")
    }
    assert chosen == SCORES
    assert fields[-1]["value"] == "the hands"
    await place.bob.submit_modal(again, {**SCORES, "realism": "1", "comment": ""})
    (kept,) = await SqlEvaluationStore(database).of_job(job.id, EvaluationKind.DETAIL)
    assert (kept.scores["realism"], kept.comment) == (1, "")


async def test_the_form_has_three_scales_of_five_and_room_for_words(job: Job) -> None:
    form = rating_form(job, None, TEXTS).to_dict()
    fields = [row["component"] for row in form["components"]]
    assert [field["custom_id"] for field in fields] == [*Aspect, "comment"]
    for field in fields[:3]:
        assert field["type"] == RADIO_GROUP
        assert [option["value"] for option in field["options"]] == ["5", "4", "3", "2", "1"]
        assert not any(option.get("default") for option in field["options"])
    assert fields[3]["required"] is False
    for row in form["components"]:
        assert len(row["label"]) <= 45
        assert len(row["description"]) <= 100


async def test_a_form_of_a_video_that_is_gone_is_refused_in_words(
    place: Place, job: Job, database: Database
) -> None:
    asked = await pressed(place, job)
    await database.execute("DELETE FROM jobs")
    told = await place.bob.submit_modal(asked, {**SCORES, "comment": ""})
    assert f"I know no video {job.short_id} here" in said(told)


def test_the_button_stands_beside_details_and_only_where_there_is_a_video() -> None:
    for result, there in ((901, True), (None, False)):
        job = make_job(state=JobState.DELIVERED, result_message_id=result)
        ids = [part.custom_id for part in result_view(job, TEXTS).children]  # type: ignore[attr-defined]
        assert (f"reelbot:rate:{job.short_id}" in ids) is there
