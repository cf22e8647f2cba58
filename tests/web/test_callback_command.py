"""`/callback` as Discord hands it over: who may, what is said, and that the secret is said once."""

import re
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any, cast

import discord
import pytest
from simcord import Env

from bot.client import Reelbot
from bot.domain.callback import check_address
from bot.domain.errors import Unavailable
from bot.jobs.callbacks import CallbackService
from cogs.services import Services
from cogs.texts import load_library
from storage.callbacks import SqlCallbackStore
from storage.database import Database, open_database
from storage.migrate import migrate
from storage.settings import SqlSettingsStore
from tests.fakes import FakeClock

URL = "https://example.org/hook"


class Way:
    """Answers every POST as it is told."""

    def __init__(self) -> None:
        self.answer: int | Exception = 204
        self.posts: list[tuple[str, bytes]] = []

    async def post(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> int:
        self.posts.append((url, body))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = await open_database(f"sqlite:///{tmp_path / 'reelbot.db'}")
    await migrate(database)
    yield database
    await database.close()


@pytest.fixture
def outbox(database: Database) -> SqlCallbackStore:
    return SqlCallbackStore(database)


@pytest.fixture
def way() -> Way:
    return Way()


@pytest.fixture
def simcord_bot(database: Database, outbox: SqlCallbackStore, way: Way) -> Reelbot:
    extensions = ("cogs.translation", "cogs.callback", "cogs.errors")
    client = Reelbot(extensions=extensions, notes=SqlSettingsStore(database))
    nothing: Any = cast("Any", None)  # these commands ask for nothing else
    client.services = Services(
        videos=nothing,
        decisions=nothing,
        ratings=nothing,
        announcer=nothing,
        library=load_library(),
        callbacks=CallbackService(store=outbox, post=way, clock=FakeClock()),
    )
    return client


class Place:
    """A server with a channel, a member who manages it, and one who was let at the command all the same."""

    def __init__(self, env: Env) -> None:
        self.guild = env.create_guild()
        self.channel = self.guild.create_text_channel("general")
        keepers = self.guild.create_role("keepers", permissions=discord.Permissions(manage_guild=True))
        self.keeper = self.guild.add_member(env.create_user("keeper"), roles=[keepers])
        self.alice = self.guild.add_member(env.create_user("alice"))

    async def say(self, command: str, **options: str) -> str:
        result = await self.keeper.slash(self.channel, f"callback {command}", **options)
        assert result.ephemeral
        assert result.response is not None
        return str(result.response.content)


@pytest.fixture
async def place(simcord_env: Env) -> Place:
    return Place(simcord_env)


async def test_the_secret_is_said_once(place: Place, outbox: SqlCallbackStore) -> None:
    said = await place.say("set", url=URL)
    callback = await outbox.get(place.guild.id)
    assert callback is not None
    assert callback.url == URL
    assert callback.secret in said
    assert callback.secret not in await place.say("test")
    again = re.search(r"whsec_[A-Za-z0-9+/=]+", await place.say("set", url=URL))
    assert again is not None
    assert again[0] != callback.secret


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://example.org/", "https://"),
        ("https://user:word@example.org/", "user name"),
        ("https://", "no host"),
    ],
)
async def test_a_wrong_address_is_refused_by_what_is_wrong(
    place: Place, outbox: SqlCallbackStore, url: str, words: str
) -> None:
    assert check_address(url) is not None
    assert words in await place.say("set", url=url)
    assert await outbox.get(place.guild.id) is None


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (204, "status 204"),
        (500, "status 500"),
        (Unavailable("no answer"), "does not answer"),
        (ValueError("it is not a public address"), "private network"),
    ],
)
async def test_a_test_says_what_came_of_it(
    place: Place, way: Way, answer: int | Exception, words: str
) -> None:
    assert "No address is set" in await place.say("test")
    await place.say("set", url=URL)
    way.answer = answer
    assert words in await place.say("test")
    [(url, body)] = way.posts
    assert url == URL
    assert b"callback.test" in body


async def test_off_is_off(place: Place, outbox: SqlCallbackStore) -> None:
    await place.say("set", url=URL)
    assert "Nobody is told" in await place.say("off")
    assert await outbox.get(place.guild.id) is None
    assert "No address is set" in await place.say("off")


async def test_members_do_not_see_the_command(place: Place) -> None:
    assert not any("callback" in name for name in place.alice.available_commands(place.channel))
    assert any("callback" in name for name in place.keeper.available_commands(place.channel))
