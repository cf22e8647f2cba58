"""The contract of SettingsStore, on every database."""

import pytest

from bot.domain.settings import GuildSettings
from bot.ports import SettingsStore
from storage.database import Database
from storage.settings import SqlSettingsStore


@pytest.fixture
def kept(database: Database) -> SettingsStore:
    return SqlSettingsStore(database)


@pytest.mark.parametrize("guild", [None, 81384788765712384], ids=["direct messages", "a server"])
async def test_settings_hold_from_the_defaults_to_the_last_change(
    guild: int | None, kept: SettingsStore
) -> None:
    assert await kept.guild(guild) == GuildSettings(guild_id=guild)
    for limit in (3, 0):
        chosen = GuildSettings(
            guild_id=guild,
            running_per_member=limit,
            running_per_server=limit + 1,
            waiting_per_member=limit + 2,
            waiting_per_server=limit + 3,
        )
        await kept.save_guild(chosen)
        assert await kept.guild(guild) == chosen
    assert await kept.guild(5) == GuildSettings(guild_id=5)


async def test_a_note_holds_its_last_value(kept: SettingsStore) -> None:
    assert await kept.note("commands") is None
    await kept.save_note("commands", "a")
    await kept.save_note("commands", "b")
    await kept.save_note("other", "c")
    assert await kept.note("commands") == "b"
