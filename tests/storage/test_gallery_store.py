"""Pages of videos on both databases: order, filters, words in any case, and the indexes behind them."""

import re
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.gallery import Gallery, Rating, Wish
from bot.domain.job import Job, JobId, Place, Venue, short_id
from bot.domain.states import JobState
from bot.domain.video import Size, VideoRequest
from storage.database import Database
from storage.gallery import SqlGalleryStore
from storage.jobs import SqlJobStore
from storage.migrate import load_migrations
from storage.queries import load_queries
from tests.storage.personal_rows import insert

ME, OTHER = 7, 8
GUILD = 100


def video(number: int, prompt: str = "a red fox", *, user_id: int = ME, **over: Any) -> Job:
    asked = {name: over.pop(name) for name in ("style", "model", "typed") if name in over}
    return replace(
        Job(
            id=JobId(str(number)),
            short_id=short_id(str(number)),
            provider="preview",
            user_id=user_id,
            place=Place(channel_id=5, status_message_id=6, guild_id=GUILD),
            request=VideoRequest(prompt=prompt, size=Size(1280, 720), seconds=8, **asked),
            created_at=1_000 * number,
            state=JobState.DELIVERED,
            result_message_id=9_000 + number,
        ),
        **over,
    )


def asking(wish: Wish | None = None, *, guild_id: int | None = GUILD, user_id: int = ME) -> Gallery:
    return Gallery(id="1", user_id=user_id, guild_id=guild_id, wish=wish or Wish(), created_at=5)


@pytest.fixture
def galleries(database: Database) -> SqlGalleryStore:
    return SqlGalleryStore(database)


@pytest.fixture
def found(galleries: SqlGalleryStore) -> Callable[..., Any]:
    """Return the prompts that a list shows."""

    async def look(wish: Wish | None = None, **over: Any) -> list[str]:
        gallery = asking(wish, **over)
        entries = await galleries.look(gallery, after=None, limit=50)
        return [entry.job.request.prompt for entry in entries if gallery.wish.fits(entry.job)]

    return look


async def vote(database: Database, job_id: str, user_id: int, value: int, *, counts: int = 1) -> None:
    await insert(
        database,
        "votes",
        job_id=job_id,
        user_id=user_id,
        emoji=f"e{value}",
        value=value,
        counts=counts,
    )


async def star(database: Database, job_id: str, user_id: int) -> None:
    await insert(database, "favourites", job_id=job_id, user_id=user_id)


async def test_pages_go_on_where_the_one_before_ended(galleries: SqlGalleryStore, store: SqlJobStore) -> None:
    for number in range(1, 8):
        await store.add(video(number, created_at=1_000 * (number // 2)))  # pairs of the same moment
    pages, after = [], None
    while page := await galleries.look(asking(), after=after, limit=3):
        pages.append([entry.job.id for entry in page])
        after = page[-1].job
    assert pages == [["7", "6", "5"], ["4", "3", "2"], ["1"]]


async def test_a_server_shows_what_stands_in_it_and_nothing_else(
    store: SqlJobStore, found: Callable[..., Any]
) -> None:
    elsewhere = Place(channel_id=5, status_message_id=6, guild_id=GUILD + 1)
    private = Place(channel_id=5, status_message_id=6, guild_id=None)
    for job in (
        video(1, "mine"),
        video(2, "another's", user_id=OTHER),
        video(3, "of another server", place=elsewhere),
        video(4, "in direct messages", place=private),
        video(5, "sent to me alone", venue=Venue.DIRECT),
        video(6, "failed", state=JobState.FAILED),
        video(7, "deleted", result_message_id=None),
    ):
        await store.add(job)
    assert await found() == ["another's", "mine"]
    assert await found(Wish(member_id=OTHER)) == ["another's"]
    own = ["sent to me alone", "in direct messages", "of another server", "mine"]
    assert await found(guild_id=None) == own, "one's own are all there"


@pytest.mark.parametrize(
    ("words", "prompts"),
    [
        ("FOX", ["A Fox in Snow", "fox_trot, 100% fun"]),
        ("狐狸", ["雪中的狐狸 FOX"]),
        ("雪中的狐狸 fox", ["雪中的狐狸 FOX"]),
        ("ÜBER", ["über die Straße"]),
        ("STRAßE", ["über die Straße"]),
        ("_", ["fox_trot, 100% fun"]),
        ("0%", ["fox_trot, 100% fun"]),
        ("!", ["Hi! there"]),
        ("typed", ["A Fox in Snow"]),
        ("' OR 1=1", []),
    ],
)
async def test_words_are_found_in_any_case_and_as_they_are(
    store: SqlJobStore, found: Callable[..., Any], words: str, prompts: list[str]
) -> None:
    if words == "FOX":
        prompts = ["雪中的狐狸 FOX", *prompts]
    await store.add(video(1, "Hi! there"))
    await store.add(video(2, "über die Straße"))
    await store.add(video(3, "fox_trot, 100% fun"))
    await store.add(video(4, "A Fox in Snow", typed="as I TYPED it"))
    await store.add(video(5, "雪中的狐狸 FOX"))
    assert sorted(await found(Wish(search=words))) == sorted(prompts)
    assert sorted(await found(Wish(search=words), guild_id=None)) == sorted(prompts)


async def test_filters_by_style_model_and_what_people_think(
    store: SqlJobStore, database: Database, found: Callable[..., Any]
) -> None:
    await store.add(video(1, "liked", style="cinematic", model="preview-2"))
    await store.add(video(2, "disliked", style="anime", model="preview-1"))
    await store.add(video(3, "in between"))
    await store.add(video(4, "not rated"))
    for job_id, values in {"1": (100, 75, 25), "2": (0, 25), "3": (50,)}.items():
        for person, value in enumerate(values):
            await vote(database, job_id, person, value)
    await vote(database, "4", 1, 100, counts=0)
    await star(database, "2", ME)
    await star(database, "3", OTHER)
    for guild_id in (GUILD, None):
        ask = {"guild_id": guild_id}
        assert await found(Wish(style="cinematic"), **ask) == ["liked"]
        assert await found(Wish(model="preview-1"), **ask) == ["disliked"]
        assert await found(Wish(model="preview/preview-1"), **ask) == ["disliked"]
        assert await found(Wish(model="other/preview-1"), **ask) == []
        assert await found(Wish(rating=Rating.LIKED), **ask) == ["liked"]
        assert await found(Wish(rating=Rating.DISLIKED), **ask) == ["disliked"]
        assert await found(Wish(rating=Rating.UNRATED), **ask) == ["not rated"]
        assert await found(Wish(rating=Rating.FAVOURITES), **ask) == ["disliked"]


async def test_an_entry_counts_votes_and_favourites(
    galleries: SqlGalleryStore, store: SqlJobStore, database: Database
) -> None:
    await store.add(video(1))
    await vote(database, "1", 1, 100)
    await vote(database, "1", 2, 25)
    await vote(database, "1", 2, 0, counts=0)
    for person in (1, 2, 3):
        await star(database, "1", person)
    [entry] = await galleries.look(asking(), after=None, limit=5)
    assert (entry.tally.people, entry.tally.total, entry.favourites) == (2, 125, 3)


async def test_a_list_comes_back_whole_and_goes_when_it_is_old(galleries: SqlGalleryStore) -> None:
    wish = Wish(search="狐狸 %", style="s", model="m", rating=Rating.LIKED, member_id=2**60)
    gallery = Gallery(id="12", user_id=2**61, guild_id=GUILD, wish=wish, created_at=5)
    await galleries.add(gallery)
    assert await galleries.get("12") == gallery
    further = gallery.going_on(0, "AAAAA").going_on(1, "BBBBB")
    await galleries.found(further)
    assert await galleries.get("12") == further
    plain = Gallery(id="13", user_id=1, guild_id=None, wish=Wish(), created_at=6)
    await galleries.add(plain)
    assert await galleries.get("13") == plain
    await galleries.drop(6)
    assert await galleries.get("12") is None
    assert await galleries.get("13") == plain


@pytest.mark.parametrize(("name", "index"), [("of_guild", "jobs_of_guild"), ("own", "jobs_by_author")])
def test_a_page_is_found_by_an_index_in_its_order(name: str, index: str) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute(load_queries("schema")["create_table"])
    for step in load_migrations():
        for statement in step.statements():
            connection.execute(statement)
    sql = load_queries("gallery")[name]
    values = dict.fromkeys(re.findall(r":(\w+)", sql), 1)
    plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", values)]
    connection.close()
    assert any(f"SEARCH jobs USING INDEX {index}" in line for line in plan), plan
    assert not [line for line in plan if "TEMP B-TREE" in line or line.startswith("SCAN")], plan
