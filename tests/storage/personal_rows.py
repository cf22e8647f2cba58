"""A person in every table that can know one, for tests of copying and deleting it all."""

import sqlite3
from dataclasses import replace

from bot.domain.board import Board, BoardId, BoardKind, BoardState, Clip, ClipPlan, ClipState
from bot.domain.codes import Code
from bot.domain.draft import Draft
from bot.domain.evaluation import Evaluation, EvaluationKind
from bot.domain.gallery import Gallery, Wish
from bot.domain.job import Failure, Job, JobId, Place, short_id
from bot.domain.join import Join
from bot.domain.origin import Origin, Relation
from bot.domain.states import JobState
from bot.domain.video import Size, Source, SourceUse, VideoRequest
from storage.boards import SqlBoardStore
from storage.database import Database, Value
from storage.drafts import SqlDraftStore
from storage.evaluations import SqlEvaluationStore
from storage.gallery import SqlGalleryStore
from storage.jobs import SqlJobStore
from storage.migrate import load_migrations
from storage.mydata import SqlPersonalStore
from storage.queries import load_queries

PERSON, OTHER = 770_000_000_000_000_001, 880_000_000_000_000_002
SECRET = "zebra"
"""Stands in every text of the person."""


def video(job_id: str, user_id: int = PERSON, *, secret: str = SECRET) -> Job:
    """Return a delivered video with something in every column that says something of its author."""
    return Job(
        id=JobId(job_id),
        short_id=short_id(job_id),
        provider="preview",
        user_id=user_id,
        place=Place(channel_id=5, status_message_id=6, guild_id=100),
        request=VideoRequest(
            prompt=f"a {secret} runs",
            size=Size(1280, 720),
            seconds=8,
            model="m",
            seed=12345,
            negative=f"no {secret}",
            style=secret,
            typed=f"{secret}!",
            picture=f"pictures/{job_id}.jpg",
            last_picture=f"pictures/{job_id}-last.jpg",
            source=Source(use=SourceUse.REMIX, remote_id=f"{secret}-1"),
            join=Join(sources=("1",), title=f"{secret} film"),
        ),
        created_at=1_000,
        started_at=2_000,
        finished_at=3_000,
        state=JobState.DELIVERED,
        remote_id="video_1",
        result_url=f"https://example.com/{secret}",
        result_file=f"originals/{job_id}.mp4",
        fitted_file=f"fitted/{job_id}.mp4",
        still_file=f"fitted/{job_id}.jpg",
        result_message_id=9_000 + int(job_id),
        failure=Failure(code=Code.PROVIDER_FAILED, facts={"reason": secret}),
        origin=Origin(parent="1", relation=Relation.REMIX, board="board", clip=1),
    )


async def fill(database: Database) -> None:
    """Put the person, and another one who says other words, into every table."""
    jobs, boards = SqlJobStore(database), SqlBoardStore(database)
    await jobs.add(video("1"))
    await jobs.add(replace(video("2"), place=Place(channel_id=7_777, status_message_id=8, guild_id=None)))
    await jobs.add(video("3", OTHER, secret="horse"))
    for job_id, note in (("1", f"refused: {SECRET}"), ("3", f"deleted, said {PERSON}")):
        await database.execute(
            "INSERT INTO job_events (job_id, number, at, from_state, to_state, note)"
            " VALUES (:job_id, 99, 1, NULL, 'delivered', :note)",
            job_id=job_id,
            note=note,
        )
    for user_id, word in ((PERSON, SECRET), (OTHER, "horse")):
        for job_id in ("1", "3"):
            await _opinions(database, user_id, job_id, word)
        await boards.add(_board(user_id, word))
        draft = Draft(
            id=JobId(f"d{user_id % 10}"),
            user_id=user_id,
            provider="preview",
            request=VideoRequest(
                prompt=word, size=Size(2, 2), seconds=4, picture=f"pictures/d{user_id % 10}.given"
            ),
            created_at=1,
        )
        await SqlDraftStore(database).add(draft)
        for member_id in (PERSON, OTHER):
            wish = Wish(search=word if user_id == PERSON else None, member_id=member_id)
            gallery = Gallery(
                id=f"{user_id}{member_id % 10}", user_id=user_id, guild_id=100, wish=wish, created_at=1
            )
            await SqlGalleryStore(database).add(gallery)
        await SqlPersonalStore(database).begin_export(
            user_id, f"pictures/e{user_id % 10}.given", now=5, before=0
        )
    await database.execute(
        "INSERT INTO pictures (name, base64, created_at) VALUES ('pictures/1.jpg', :data, 1)", data=SECRET
    )
    for number, message_id in ((1, None), (2, 4_444)):
        await insert(
            database,
            "postings",
            id=f"p{number}",
            channel_id=44,
            job_id="1",
            state="due",
            message_id=message_id,
        )


def schema() -> dict[str, dict[str, str]]:
    """Return the columns of every table that must have a value (their type), and the others ("")."""
    connection = sqlite3.connect(":memory:")
    connection.execute(load_queries("schema")["create_table"])
    for step in load_migrations():
        for statement in step.statements():
            connection.execute(statement)
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    tables = {
        name: {
            column: kind if needed else ""
            for _, column, kind, needed, *_ in connection.execute(f"PRAGMA table_info({name})")
        }
        for name in names
    }
    connection.close()
    return tables


async def insert(database: Database, table: str, **values: Value) -> None:
    """Write a row of which only these values matter; the others are empty or 1."""
    needed = {column: "" if kind == "TEXT" else 1 for column, kind in schema()[table].items() if kind}
    row = needed | values
    listed = ", ".join(f":{column}" for column in row)
    await database.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({listed})", **row)


async def _opinions(database: Database, user_id: int, job_id: str, word: str) -> None:
    key: dict[str, Value] = {"user_id": user_id, "job_id": job_id}
    await insert(database, "votes", **key, emoji="x", value=100, counts=1)
    await insert(database, "favourites", **key)
    await SqlEvaluationStore(database).put(
        Evaluation(
            job_id=JobId(job_id),
            user_id=user_id,
            kind=EvaluationKind.REFINE,
            scores={"narrative": 5},
            comment=f"better {word}",
            at=1,
        )
    )
    comparison = f"c{user_id % 10}{job_id}"
    await insert(database, "comparisons", id=comparison, user_id=user_id, left_job_id="1", right_job_id="3")
    await insert(database, "comparison_votes", comparison_id=comparison, **key)


def _board(user_id: int, word: str) -> Board:
    plan = ClipPlan(prompt=f"{word} clip", seconds=4, picture=f"pictures/b{user_id % 10}.jpg")
    return Board(
        id=BoardId(f"board{user_id % 10}"),
        short_id="",
        kind=BoardKind.STORY,
        state=BoardState.DONE,
        user_id=user_id,
        place=Place(channel_id=5, status_message_id=70, guild_id=100),
        locale="en-US",
        provider="preview",
        model="m",
        size="1280x720",
        title=word,
        note=word,
        created_at=1,
        clips=(Clip(position=1, plan=plan, state=ClipState.DONE),),
    )
