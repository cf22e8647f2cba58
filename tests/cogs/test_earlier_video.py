"""What was made before is offered first, where the owner wants that."""

from typing import Any

import pytest
from simcord import Env
from simcord.results import InteractionResult

from bot.domain.job import Job
from bot.domain.video import Size
from storage.database import Database
from storage.jobs import SqlJobStore
from storage.workspace import FileWorkspace
from tests.cogs.test_commands import Place
from tests.factories import NOW
from tests.fakes import FakeMedia

ASKED: dict[str, Any] = {"prompt": "a fox", "size": "1280x720", "seconds": 4, "seed": 7, "audio": True}

pytestmark = pytest.mark.parametrize("looks_back", [True], indirect=True)


@pytest.fixture
async def place(simcord_env: Env) -> Place:
    return Place(simcord_env)


async def made_before(place: Place, store: SqlJobStore, database: Database, **options: Any) -> Job:
    """Have it asked for and delivered; its result message is one that really stands."""
    await place.bob.slash(place.channel, "video", **ASKED | options)
    (job,) = await store.line()
    result = await place.bob.send(place.channel, "the video stands for it")
    await database.execute(
        "UPDATE jobs SET state = 'delivered', finished_at = :now, result_message_id = :message,"
        " result_channel_id = :channel",
        now=NOW,
        message=result.id,
        channel=place.channel.id,
    )
    delivered = await store.get(job.id)
    assert delivered is not None
    return delivered


async def ask(place: Place, **options: Any) -> InteractionResult:
    return await place.alice.slash(place.channel, "video", **ASKED | options)


async def test_the_earlier_video_is_shown_privately_and_nothing_is_ordered(
    place: Place, store: SqlJobStore, database: Database
) -> None:
    job = await made_before(place, store, database)
    result = await ask(place)
    assert result.response is None, "the public thinking is gone"
    (answer,) = result.followups
    assert answer.ephemeral
    assert job.result is not None
    assert f"/{job.result.channel_id}/{job.result.message_id}" in answer.content
    assert await store.line() == []


async def test_it_can_be_made_anew(place: Place, store: SqlJobStore, database: Database) -> None:
    await made_before(place, store, database)
    (answer,) = (await ask(place)).followups
    pressed = await place.alice.click(answer, label="🔁 Make it anew")
    assert pressed.response is not None
    assert "Next in line" in pressed.response.content
    (job,) = await store.line()
    request = job.request
    assert (request.prompt, request.seconds, request.seed, request.audio) == ("a fox", 4, 7, True)
    assert job.user_id == place.alice.id


@pytest.mark.parametrize(
    "options",
    [
        {"prompt": "a cat"},
        {"size": "720x1280"},
        {"seconds": 8},
        {"seed": 8},
        {"audio": False},
        {"negative": "x"},
    ],
    ids=str,
)
async def test_anything_else_is_another_video(
    place: Place, store: SqlJobStore, database: Database, options: dict[str, Any]
) -> None:
    await made_before(place, store, database)
    assert (await ask(place, **options)).response is not None
    assert len(await store.line()) == 1


async def test_without_a_seed_only_one_without_a_seed_is_the_same(
    place: Place, store: SqlJobStore, database: Database
) -> None:
    await made_before(place, store, database)
    options = {name: value for name, value in ASKED.items() if name != "seed"}
    assert (await place.alice.slash(place.channel, "video", **options)).response is not None


@pytest.mark.parametrize("same", [True, False])
async def test_the_picture_counts(
    place: Place,
    store: SqlJobStore,
    database: Database,
    media: FakeMedia,
    workspace: FileWorkspace,
    same: bool,
) -> None:
    media.picture = Size(1280, 720)
    image = ("p.png", b"photo")
    job = await made_before(place, store, database, image=image)
    if not same:
        workspace.path(job.request.picture or "").write_bytes(b"another picture")
    assert ((await ask(place, image=image)).response is None) is same
    assert (await ask(place)).response is not None, "without the picture it is another video"


@pytest.mark.parametrize(
    "change",
    [
        "guild_id = 5",
        "provider = 'other'",
        "model = 'other'",
        "result_message_id = NULL",
        "result_message_id = 5",
        "still_file = 'fitted/x.jpg'",
        "venue = 'direct'",
        "state = 'failed'",
        "finished_at = 0",
    ],
)
async def test_what_cannot_be_looked_at_is_not_offered(
    place: Place, store: SqlJobStore, database: Database, change: str
) -> None:
    await made_before(place, store, database)
    await database.execute(f"UPDATE jobs SET {change}")
    assert (await ask(place)).response is not None
    assert len(await store.line()) == 1


async def test_a_channel_that_the_member_does_not_see_is_not_told_of(
    place: Place, store: SqlJobStore, database: Database
) -> None:
    await made_before(place, store, database)
    hidden = place.guild.create_text_channel("hidden")
    message = await place.bob.send(hidden, "the video stands for it")
    change = "UPDATE jobs SET result_channel_id = :channel, result_message_id = :message"
    await database.execute(change, channel=hidden.id, message=message.id)
    assert (await ask(place)).response is None, "while it can be seen"
    await database.execute(change, channel=5, message=message.id)
    assert (await ask(place)).response is not None
