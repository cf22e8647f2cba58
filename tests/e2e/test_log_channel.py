"""The owners' log channel beside the members' own."""

import pytest

from tests.actor import Message, short_id_of
from tests.e2e.conftest import Stage


async def test_owners_read_why_a_render_failed_and_nothing_of_moderated_prompts(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = (await stage.owner.call("POST", "channels", {"name": "bot-log"}))["id"]
    await stage.stop_bot()
    monkeypatch.setenv("DISCORD_LOG_CHANNEL_ID", room)
    await stage.start_bot()
    moderated = await stage.owner.video("something [[moderated]]", seconds=4)
    await stage.owner.until(moderated["id"], lambda message: "❌" in message["content"])
    failed = await stage.owner.video("something [[fail]]", seconds=4)
    failed = await stage.owner.until(failed["id"], lambda message: "❌" in message["content"])
    short = next(line for line in failed["content"].splitlines() if line.startswith("-# 1280"))

    async def look() -> Message | None:
        found = await stage.owner.messages(room)
        return found[0] if found else None

    told = await stage.owner.eventually(look, lambda: "the report")
    assert f"**{short_id_of({'content': short})}** failed (provider-failed)" in told["content"]
    assert "rendering" in told["content"]
    assert told["mentions"] == []
    assert len(await stage.owner.messages(room)) == 1
