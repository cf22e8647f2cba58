"""Cards that are changed while the bot runs: files on the disk, and what the catalog says then."""

import asyncio
import logging
import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web

from bot.providers.card import Card
from bot.providers.cards import CardSource
from bot.providers.catalog import OpenCatalog, open_catalog
from bot.providers.profile import FOLDER
from bot.providers.reloading import Reloading
from tests.providers.sites import Site

ONE = '[[provider]]\nname = "one"\nbase_url = "https://one.example/v1"\n'
TWO = '[[provider]]\nname = "two"\nbase_url = "https://two.example/v1"\n'
SHORT = Card(name="default", base_url="https://short.example/v1")


class Owner:
    """Writes files as an owner does, each time with a new date, and looks at what became of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = datetime(2026, 11, 21, tzinfo=UTC)
        self.environment: dict[str, str] = {}
        self._written = 1_000_000_000
        self.write(ONE)
        self.source = CardSource(
            file=folder / "providers.toml", environment=self.variables, watched=(folder / ".env",)
        )

    def variables(self) -> Mapping[str, str]:
        return self.environment

    def write(self, text: str, name: str = "providers.toml") -> None:
        file = self.folder / name
        file.write_text(text, encoding="utf-8")
        self._written += 1
        os.utime(file, (self._written, self._written))

    def reloading(self, catalog: OpenCatalog) -> Reloading:
        return Reloading(catalog, self.source, now=lambda: self.now)


@pytest.fixture
def owner(tmp_path: Path) -> Owner:
    return Owner(tmp_path)


def names(catalog: OpenCatalog) -> list[str]:
    return [provider.name for provider in catalog.all() if provider.retired is None]


async def test_a_changed_file_is_taken_over(owner: Owner) -> None:
    async with open_catalog(owner.source.load()) as catalog:
        reloading = owner.reloading(catalog)
        await reloading.look()
        kept = catalog.get("one")
        owner.write(TWO + ONE)
        await reloading.look()
        assert names(catalog) == ["two", "one"]
        assert catalog.get("one") is kept


@pytest.mark.parametrize(
    "broken",
    ["[[provider]", "", '[[provider]]\nname = "one"\n', ONE + 'profile = "soar"\n', "\udcff"],
    ids=["no TOML", "empty", "key missing", "wrong value", "no UTF-8"],
)
async def test_a_broken_file_keeps_the_old_cards_and_is_told_once(
    owner: Owner, broken: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_catalog(owner.source.load()) as catalog:
        reloading = owner.reloading(catalog)
        await reloading.look()
        before = catalog.all()
        (owner.folder / "providers.toml").write_bytes(broken.encode("utf-8", "surrogateescape"))
        for _ in range(3):
            await reloading.look()
        warnings = [record.message for record in caplog.records if record.levelno >= logging.WARNING]
        assert len(warnings) == 1
        assert warnings[0].startswith("the video APIs stay as they were: ")
        assert "providers.toml" in warnings[0]
        assert catalog.all() == before
        owner.write(TWO)
        await reloading.look()
        assert names(catalog) == ["two"]


async def test_what_nobody_thought_of_keeps_the_old_cards_and_does_not_end_the_looking(
    owner: Owner, caplog: pytest.LogCaptureFixture
) -> None:
    def no_text() -> Mapping[str, str]:
        return {"TWO_KEY": b"\xff".decode("utf-8")}

    source = replace(owner.source, environment=no_text)
    async with open_catalog(owner.source.load()) as catalog:
        reloading = Reloading(catalog, source, now=lambda: owner.now)
        owner.write(ONE + TWO + 'key_env = "TWO_KEY"\n')
        for _ in range(3):
            await reloading.look()
        assert names(catalog) == ["one"]
    assert caplog.text.count("the video APIs stay as they were") == 1
    assert "UnicodeDecodeError" in caplog.text


async def test_a_file_that_is_gone_keeps_the_old_cards(
    owner: Owner, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_catalog(owner.source.load()) as catalog:
        reloading = owner.reloading(catalog)
        await reloading.look()
        (owner.folder / "providers.toml").unlink()
        await reloading.look()
        assert names(catalog) == ["one"]
    assert "cannot be read: No such file or directory." in caplog.text


async def test_a_key_that_is_set_later_is_found_later(owner: Owner) -> None:
    async with open_catalog(owner.source.load()) as catalog:
        reloading = owner.reloading(catalog)
        owner.write(ONE + TWO + 'key_env = "TWO_KEY"\n')
        await reloading.look()
        assert names(catalog) == ["one"]
        owner.environment["TWO_KEY"] = "sk-1"
        owner.write("TWO_KEY=sk-1", name=".env")
        await reloading.look()
        assert names(catalog) == ["one", "two"]


async def test_a_changed_profile_beside_the_cards_is_taken_over(owner: Owner) -> None:
    profile = (FOLDER / "preview.toml").read_text(encoding="utf-8")
    owner.write(profile, name="mine.toml")
    owner.write(ONE + 'profile = "mine.toml"\n')
    async with open_catalog(owner.source.load()) as catalog:
        reloading = owner.reloading(catalog)
        await reloading.look()
        assert catalog.default().slots == 2
        owner.write(profile.replace("slots = 2", "slots = 9"), name="mine.toml")
        await reloading.look()
        assert catalog.default().slots == 9


async def test_the_day_of_retirement_comes_without_a_change_of_the_file(owner: Owner) -> None:
    owner.write(ONE + "retired = 2026-11-22\n" + TWO)
    async with open_catalog(owner.source.load()) as catalog:
        reloading = owner.reloading(catalog)
        await reloading.look()
        assert names(catalog) == ["one", "two"]
        owner.now = datetime(2026, 11, 22, tzinfo=UTC)
        await reloading.look()
        assert names(catalog) == ["two"]


@pytest.mark.parametrize(
    ("text", "found"),
    [(ONE, ["one", "default"]), (ONE.replace("one", "default"), ["default"]), (None, ["default"])],
    ids=["both", "its name is taken", "no file"],
)
def test_the_short_settings_come_last_and_give_way(owner: Owner, text: str | None, found: list[str]) -> None:
    file = owner.folder / "providers.toml" if text is not None else None
    owner.write(text or "")
    cards = CardSource(file=file, short=SHORT).load()
    assert [card.name for card in cards] == found
    assert (SHORT in cards) is (len(found) > 1 or text is None)


async def test_it_looks_by_itself_and_asks_new_apis_what_they_take(owner: Owner) -> None:
    asked = asyncio.Event()

    async def answer(_: web.Request) -> web.StreamResponse:
        asked.set()
        return web.json_response({"data": [{"id": "m", "supported_durations": [7]}]})

    async with Site(answer) as site, open_catalog(owner.source.load()) as catalog, asyncio.timeout(60):
        running = asyncio.create_task(Reloading(catalog, owner.source, look_every=0.01).run())
        router = f'[[provider]]\nname = "router"\nbase_url = "{site.url}/v1"\nprofile = "openrouter"\n'
        owner.write(ONE + router + '[[provider.model]]\nname = "m"\n')
        await asked.wait()
        while (found := catalog.find("m")) is None or found[1].seconds != (7,):
            await asyncio.sleep(0.01)
        assert not running.done()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
