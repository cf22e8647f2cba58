"""Drafts in both databases."""

import json
from dataclasses import replace

import pytest

from bot.domain.draft import Draft
from bot.domain.job import JobId
from bot.domain.video import Source, SourceUse
from storage.database import Database
from storage.drafts import SqlDraftStore
from storage.originals import SqlOriginalStore
from tests.factories import NOW, make_request


@pytest.fixture
def drafts(database: Database) -> SqlDraftStore:
    return SqlDraftStore(database)


def make_draft(draft_id: str = "1423", *, at: int = NOW, **changes: object) -> Draft:
    return Draft(
        id=JobId(draft_id), user_id=42, provider="second", request=make_request(**changes), created_at=at
    )


@pytest.mark.parametrize(
    "draft",
    [
        make_draft(picture="pictures/1423.given"),
        make_draft(
            prompt='a "fox", 狐 \U0001f98a',
            picture="pictures/1423.given",
            last_picture="pictures/1423-last.given",
            seed=7,
            negative="snow",
            audio=False,
            style="anime",
            typed="a fox",
            source=Source(use=SourceUse.REMIX, remote_id="video_1"),
        ),
        replace(make_draft(prompt="a fox"), enhanced='a "red" fox, 狐'),
    ],
    ids=["plain", "everything", "enhanced"],
)
async def test_what_is_kept_comes_back(drafts: SqlDraftStore, draft: Draft) -> None:
    await drafts.add(draft)
    assert await drafts.get(draft.id) == draft


async def test_the_first_of_an_id_stays(drafts: SqlDraftStore) -> None:
    first = make_draft(prompt="first")
    await drafts.add(first)
    await drafts.add(make_draft(prompt="second"))
    assert await drafts.get(first.id) == first


async def test_other_words_are_kept_and_the_pictures_stay(drafts: SqlDraftStore) -> None:
    draft = make_draft(picture="pictures/1423.given")
    await drafts.add(draft)
    await drafts.change(replace(draft, enhanced="better"))
    assert await drafts.get(draft.id) == replace(draft, enhanced="better")


async def test_a_draft_that_is_gone_gets_no_other_words(drafts: SqlDraftStore) -> None:
    await drafts.change(make_draft())
    assert await drafts.get(JobId("1423")) is None


async def test_drafts_of_earlier_versions_are_read(drafts: SqlDraftStore, database: Database) -> None:
    draft = make_draft(seed=7)
    await drafts.add(draft)
    [row] = await database.fetch_all("SELECT request FROM drafts")
    asked = json.loads(row["request"])
    for later in ("style", "typed", "source", "enhanced"):
        del asked[later]
    await database.execute("UPDATE drafts SET request = :request", request=json.dumps(asked))
    assert await drafts.get(draft.id) == draft


async def test_what_is_removed_is_gone_and_nobody_minds_a_second_time(drafts: SqlDraftStore) -> None:
    await drafts.add(make_draft())
    for _ in range(2):
        await drafts.remove(JobId("1423"))
    assert await drafts.get(JobId("1423")) is None


async def test_drafts_of_before_a_moment_are_dropped(drafts: SqlDraftStore, database: Database) -> None:
    await drafts.add(make_draft("1", at=NOW - 1, picture="pictures/1.given"))
    await drafts.add(make_draft("2", at=NOW, picture="pictures/2.given"))
    originals = SqlOriginalStore(database)
    await originals.drop_drafts(NOW)
    assert await drafts.get(JobId("1")) is None
    assert await originals.kept_names() == {"pictures/2.given"}
