"""The contract of StyleStore, on every database."""

import pytest

from bot.domain.prompts.styles import StylePreset
from storage.database import Database
from storage.styles import SqlStyleStore

GUILD, OTHER = 81384788765712384, 5


@pytest.fixture
def kept(database: Database) -> SqlStyleStore:
    return SqlStyleStore(database)


def look(name: str, prompt: str = "Under water.", negative: str = "") -> StylePreset:
    return StylePreset(name=name, prompt=prompt, negative=negative)


async def test_looks_are_a_servers_own_and_in_order(kept: SqlStyleStore) -> None:
    assert await kept.own(GUILD) == []
    for preset in (look("水下"), look("deep-sea", negative="dry land"), look("attic")):
        assert await kept.put(GUILD, preset, limit=25)
    assert [preset.name for preset in await kept.own(GUILD)] == ["attic", "deep-sea", "水下"]
    assert (await kept.own(GUILD))[1] == look("deep-sea", negative="dry land")
    assert await kept.own(OTHER) == []


async def test_a_look_of_the_same_name_takes_its_place(kept: SqlStyleStore) -> None:
    await kept.put(GUILD, look("attic"), limit=1)
    assert await kept.put(GUILD, look("attic", "Dust in the light."), limit=1)
    assert await kept.own(GUILD) == [look("attic", "Dust in the light.")]


async def test_no_more_than_the_limit_are_kept(kept: SqlStyleStore) -> None:
    assert await kept.put(GUILD, look("a"), limit=2)
    assert await kept.put(GUILD, look("b"), limit=2)
    assert not await kept.put(GUILD, look("c"), limit=2)
    assert await kept.put(OTHER, look("c"), limit=2)
    assert [preset.name for preset in await kept.own(GUILD)] == ["a", "b"]


async def test_a_removed_look_is_gone_for_this_server_alone(kept: SqlStyleStore) -> None:
    await kept.put(GUILD, look("a"), limit=2)
    await kept.put(OTHER, look("a"), limit=2)
    assert await kept.remove(GUILD, "a")
    assert not await kept.remove(GUILD, "a")
    assert await kept.own(GUILD) == []
    assert await kept.own(OTHER) == [look("a")]
