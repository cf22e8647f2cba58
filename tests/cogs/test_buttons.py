"""Which buttons a message has, and that pressing an old one is answered in words."""

import pytest
from simcord import Env

from bot.domain.codes import Code
from bot.domain.job import Failure, Job
from bot.domain.states import JobState
from cogs.buttons.button import JobButton
from cogs.buttons.presses import PRESSES
from cogs.buttons.verbs import Verb
from cogs.buttons.views import status_view
from cogs.texts import load_library
from storage.jobs import SqlJobStore
from tests.cogs.test_commands import Place
from tests.factories import make_job, make_request

S = JobState
TEXTS = load_library().texts("en-US")


def labels(job: Job) -> list[str | None]:
    view = status_view(job, TEXTS)
    if view is None:
        return []
    buttons = [item for item in view.children if isinstance(item, JobButton)]
    assert len(buttons) == len(view.children)
    assert view.timeout is None, "it would die with the process"
    return [button.item.label for button in buttons]


@pytest.mark.parametrize(
    ("job", "expected"),
    [
        ({"state": S.QUEUED}, ["✖ Cancel"]),
        ({"state": S.RENDERING}, ["✖ Cancel"]),
        ({"state": S.RENDERING, "cancel_requested": True}, []),
        ({"state": S.DELIVERING}, []),
        ({"state": S.DELIVERED}, []),
        ({"state": S.CANCELLED}, []),
        ({"state": S.UNSURE}, ["Try again anyway", "Give up"]),
        ({"state": S.FAILED, "failure": Failure(code=Code.PROVIDER_BUSY)}, ["🔁 Retry"]),
        ({"state": S.FAILED, "failure": Failure(code=Code.PROVIDER_FAILED), "remote_id": "v"}, ["🔁 Again"]),
        (
            {"state": S.FAILED, "failure": Failure(code=Code.RESULT_UNREADABLE), "remote_id": "v"},
            ["🔁 Retry"],
        ),
        (
            {
                "state": S.FAILED,
                "failure": Failure(code=Code.PROVIDER_FAILED),
                "remote_id": "v",
                "request": make_request(prompt=""),
            },
            [],
        ),
    ],
    ids=str,
)
def test_the_status_offers_what_makes_sense(job: dict[str, object], expected: list[str]) -> None:
    assert labels(make_job(**job)) == expected


@pytest.mark.parametrize("verb", sorted(Verb))
async def test_every_verb_fits_the_id_that_is_recognised(verb: Verb) -> None:
    assert verb in PRESSES
    assert JobButton(verb, "7F3K2", label="x").custom_id == f"reelbot:{verb}:7F3K2"


async def test_a_press_after_the_end_is_answered_in_words(simcord_env: Env, store: SqlJobStore) -> None:
    place = Place(simcord_env)
    started = await place.alice.slash(place.channel, "video", prompt="a fox")
    assert started.response is not None
    first = await place.alice.click(started.response.message, label="✖ Cancel")
    second = await place.alice.click(started.response.message, label="✖ Cancel")
    texts = [
        answer.content
        for result in (first, second)
        for answer in (result.response, *result.followups)
        if answer
    ]
    assert [text for text in texts if text.startswith("Cancelled")]
    assert [text for text in texts if "it has ended" in text]
    assert first.ephemeral
    assert second.ephemeral
