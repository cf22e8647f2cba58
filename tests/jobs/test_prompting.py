"""What is kept between the proposal of better words and the choice."""

import pytest

from bot.domain.codes import Code
from bot.domain.errors import InvalidRequest
from bot.domain.fit import Fit
from bot.domain.job import Job, JobId
from bot.domain.prompts.check import NoteKind
from bot.domain.video import Source, SourceUse
from bot.jobs.drafts import Drafts
from bot.jobs.models import Options
from bot.jobs.prompting import QUIET, Prompting
from bot.providers.prompt_writer import SteadyWriter
from storage.drafts import SqlDraftStore
from tests.factories import make_capabilities, make_place
from tests.fakes import FakeProvider
from tests.jobs.conftest import World
from tests.jobs.test_drafts import drafts_of

KEY = JobId("1423")
STYLED = Options(
    prompt="A red fox runs, anime style",
    typed="A red fox runs",
    style="anime",
    source=Source(use=SourceUse.REMIX, remote_id="video_1"),
)


def prompting_of(world: World, drafts: Drafts | None = None) -> Prompting:
    return Prompting(rewriter=SteadyWriter(), drafts=drafts or drafts_of(world), clock=world.clock)


async def accepted(drafts: Drafts, *, enhanced: bool, message: int = 300) -> Job:
    place = make_place(status_message_id=message)
    return await drafts.accept(KEY, Fit.CROP, user_id=42, place=place, locale="en-US", enhanced=enhanced)


async def test_a_style_and_a_source_go_along_with_either_text(world: World) -> None:
    world.provider = FakeProvider(models=(make_capabilities(sources=frozenset(SourceUse)),))
    for enhanced in (True, False):
        drafts = drafts_of(world)
        proposal = await prompting_of(world, drafts).propose(STYLED, key=KEY, user_id=42)
        kept = await drafts_of(world).read(KEY, user_id=42, enhanced=enhanced)
        assert kept.options.prompt == (proposal.draft.enhanced if enhanced else STYLED.prompt)
        assert (kept.options.typed, kept.options.style) == ("A red fox runs", "anime")
        assert kept.options.source == STYLED.source
        await drafts.drop(KEY, user_id=42)


async def test_of_two_processes_one_orders(world: World) -> None:
    one, other = drafts_of(world), drafts_of(world)
    await prompting_of(world, one).propose(Options(prompt="A red fox runs"), key=KEY, user_id=42)
    draft = await one.look(KEY, user_id=42)
    job = await accepted(one, enhanced=True)
    await SqlDraftStore(world.database).add(draft)  # as after a kill right behind the commit
    with pytest.raises(InvalidRequest) as refused:
        await accepted(other, enhanced=False, message=301)
    assert refused.value.code is Code.DRAFT_GONE
    assert [found.id for found in await world.store.line()] == [job.id]


@pytest.mark.parametrize("user_id", [42, 43])
async def test_only_the_author_changes_the_words(world: World, user_id: int) -> None:
    drafts = drafts_of(world)
    prompting = prompting_of(world, drafts)
    before = (await prompting.propose(Options(prompt="A red fox runs"), key=KEY, user_id=42)).draft
    if user_id != before.user_id:
        with pytest.raises(InvalidRequest) as refused:
            await prompting.reword(KEY, "A blue fox", user_id=user_id, asks_fit=False)
        assert refused.value.code is Code.DRAFT_GONE
        assert await drafts.look(KEY, user_id=42) == before
        return
    proposal = await prompting.reword(KEY, " A blue\nfox ", user_id=user_id, asks_fit=True)
    assert (proposal.draft.enhanced, proposal.written, proposal.asks_fit) == ("A blue fox", None, True)
    assert {note.kind for note in proposal.notes} == {NoteKind.NO_CAMERA, NoteKind.NO_LIGHT}
    assert await drafts_of(world).look(KEY, user_id=42) == proposal.draft


@pytest.mark.parametrize(("text", "code"), [(" ", Code.PROMPT_EMPTY), ("x" * 4001, Code.PROMPT_TOO_LONG)])
async def test_words_that_cannot_be_ordered_are_not_kept(world: World, text: str, code: Code) -> None:
    drafts = drafts_of(world)
    prompting = prompting_of(world, drafts)
    before = (await prompting.propose(Options(prompt="A red fox runs"), key=KEY, user_id=42)).draft
    with pytest.raises(InvalidRequest) as refused:
        await prompting.reword(KEY, text, user_id=42, asks_fit=False)
    assert refused.value.code is code
    assert await drafts.look(KEY, user_id=42) == before


async def test_old_hints_are_forgotten_where_there_are_many(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.jobs.prompting.REMEMBERED", 4)
    prompting = prompting_of(world)
    for user_id in (1, 2, 3):
        assert await prompting.hints("a fox", picture=False, user_id=user_id)
    assert await prompting.hints("a fox", picture=False, user_id=1) == ()
    world.clock.advance(QUIET / 1000)
    assert await prompting.hints("a fox", picture=False, user_id=4)
    assert {user_id for user_id, _ in prompting._told} == {4}


async def test_the_gravest_hints_come_first_and_the_rest_another_time(world: World) -> None:
    prompting, prompt = prompting_of(world), "An amazing sunny night, cut to a beach"
    kinds = [
        [note.kind for note in await prompting.hints(prompt, picture=True, user_id=42)] for _ in range(4)
    ]
    assert kinds == [
        [NoteKind.CONTRADICTION, NoteKind.SEVERAL_SCENES],
        [NoteKind.VAGUE, NoteKind.NO_CAMERA],
        [NoteKind.FACE],
        [],
    ]
