"""`/compare` as Discord hands it over: what is suggested, begun and refused, and what its messages say."""

import asyncio
from dataclasses import replace
from typing import Any

import discord
import pytest
from simcord import ChannelHandle, Env
from simcord.results import InteractionResult

from bot.client import Reelbot
from bot.domain.comparison import Comparison, ComparisonId, Votes
from bot.domain.job import Job
from bot.domain.job import Place as DomainPlace
from bot.domain.origin import NEW, Origin, Relation
from bot.domain.states import JobState
from bot.jobs.comparison_runner import ComparisonPorts, ComparisonRunner
from cogs.buttons.verbs import Verb
from cogs.buttons.views import details_view
from cogs.comparison.messages import ComparisonMessages
from cogs.comparison.views import end_view, open_view
from cogs.comparison.words import End, end_text, open_text, withdrawn_text
from cogs.texts import load_library
from cogs.withdrawing import withdraw
from storage.comparisons import SqlComparisonStore
from storage.database import Database
from storage.jobs import SqlJobStore
from storage.workspace import FileWorkspace
from tests.cogs.test_commands import Place
from tests.factories import NOW, make_job, make_place, make_request
from tests.fakes import FakeClock, FakeMedia

TEXTS = load_library().texts("en-US")


@pytest.fixture
async def place(simcord_env: Env) -> Place:
    return Place(simcord_env)


@pytest.fixture
def comparisons(database: Database) -> SqlComparisonStore:
    return SqlComparisonStore(database)


def told(result: InteractionResult) -> str:
    """Return the private answer, after which nothing public is left."""
    [answer] = [result.response] if result.response is not None else result.followups
    assert answer.ephemeral
    return answer.content


async def video(
    store: SqlJobStore,
    place: Place,
    number: int,
    channel: ChannelHandle | None = None,
    *,
    stands: DomainPlace | None = None,
    origin: Origin = NEW,
) -> Job:
    here = make_place(guild_id=place.guild.id, channel_id=(channel or place.channel).id)
    return await store.add(
        make_job(
            id=str(number),
            created_at=NOW + number,
            state=JobState.DELIVERED,
            user_id=place.alice.id,
            place=stands or here,
            origin=origin,
            result_message_id=700 + number,
            request=make_request(prompt=f"fox {number}"),
        )
    )


async def begun(
    place: Place, comparisons: SqlComparisonStore, **options: object
) -> tuple[InteractionResult, Comparison]:
    result = await place.alice.slash(place.channel, "compare", **options)
    [comparison] = await comparisons.due(NOW)
    return result, comparison


async def test_two_videos_are_kept_and_their_message_says_that_they_come(
    place: Place, store: SqlJobStore, comparisons: SqlComparisonStore
) -> None:
    first, second = await video(store, place, 1), await video(store, place, 2)
    options = {"first": first.short_id, "second": f"#{second.short_id.lower()}", "votes": 3, "hours": 2}
    result, comparison = await begun(place, comparisons, **options)
    assert result.response is not None
    assert not result.ephemeral
    assert "getting the two videos ready" in result.response.content
    assert comparison.place.status_message_id == result.response.id
    assert {comparison.left, comparison.right} == {first.id, second.id}
    assert (comparison.enough, comparison.ends_at) == (3, NOW + 2 * 3_600_000)


async def test_without_a_second_one_a_relative_is_taken(
    place: Place, store: SqlJobStore, comparisons: SqlComparisonStore
) -> None:
    first = await video(store, place, 1)
    alone = await place.alice.slash(place.channel, "compare", first=first.short_id)
    assert "has no relative" in told(alone)
    child = await video(store, place, 2, origin=Origin(parent="1", relation=Relation.AGAIN))
    await video(store, place, 3)
    _, comparison = await begun(place, comparisons, first=child.short_id)
    assert {comparison.left, comparison.right} == {"1", "2"}


@pytest.mark.parametrize("restricted_here", [False, True], ids=["elsewhere", "among adults"])
async def test_a_video_for_adults_stays_among_adults(
    simcord_bot: Reelbot,
    place: Place,
    store: SqlJobStore,
    comparisons: SqlComparisonStore,
    restricted_here: bool,
) -> None:
    adults = place.guild.create_text_channel("adults")
    for_adults(simcord_bot, adults)
    if restricted_here:
        for_adults(simcord_bot, place.channel)
    first, second = await video(store, place, 1), await video(store, place, 2, adults)
    offered = await place.alice.autocomplete(place.channel, "compare", "first", "")
    result = await place.alice.slash(place.channel, "compare", first=first.short_id, second=second.short_id)
    if restricted_here:
        assert {choice["value"] for choice in offered} == {first.short_id, second.short_id}
        assert len(await comparisons.due(NOW)) == 1
    else:
        assert {choice["value"] for choice in offered} == {first.short_id}
        assert "may not be shown here" in told(result)
        assert await comparisons.due(NOW) == []


def for_adults(client: Reelbot, handle: ChannelHandle) -> None:
    """Mark a channel in the bot's cache: simcord knows no such channels."""
    channel = client.get_channel(handle.id)
    assert isinstance(channel, discord.TextChannel)
    channel.nsfw = True


@pytest.mark.parametrize("gone", [False, True], ids=["not theirs to see", "gone"])
async def test_what_a_member_cannot_see_stays_where_it_is(
    place: Place, store: SqlJobStore, gone: bool
) -> None:
    nobody: Any = {place.guild.default_role: discord.PermissionOverwrite(view_channel=False)}
    hidden = place.guild.create_text_channel("hidden", overwrites=nobody)
    first, second = await video(store, place, 1), await video(store, place, 2, hidden)
    if gone:
        elsewhere = make_place(guild_id=place.guild.id, channel_id=12345)
        second = await video(store, place, 3, stands=elsewhere)
    offered = await place.alice.autocomplete(place.channel, "compare", "first", "")
    assert [choice["value"] for choice in offered] == [first.short_id]
    result = await place.alice.slash(place.channel, "compare", first=first.short_id, second=second.short_id)
    assert "may not be shown here" in told(result)


async def test_suggestions_are_by_id_or_words_and_the_family_comes_first(
    place: Place, store: SqlJobStore
) -> None:
    await video(store, place, 1)
    await video(store, place, 2, origin=Origin(parent="1", relation=Relation.AGAIN))
    newest = await video(store, place, 3)
    names = [c["name"] for c in await place.bob.autocomplete(place.channel, "compare", "first", "FOX")]
    assert [name.rpartition("· ")[2] for name in names] == ["fox 3", "fox 2", "fox 1"]
    by_id = await place.bob.autocomplete(place.channel, "compare", "first", newest.short_id.lower())
    assert [choice["value"] for choice in by_id] == [newest.short_id]


async def test_votes_are_private_and_the_last_one_ends_it(
    simcord_bot: Reelbot,
    place: Place,
    store: SqlJobStore,
    comparisons: SqlComparisonStore,
    media: FakeMedia,
    workspace: FileWorkspace,
) -> None:
    first, second = await video(store, place, 1), await video(store, place, 2)
    for job in (first, second):
        name = f"originals/V-{job.id}.mp4"
        await asyncio.to_thread(workspace.path(name).write_bytes, b"a video")
        await store.save(job, replace(job, result_file=name))
    result, comparison = await begun(
        place, comparisons, first=first.short_id, second=second.short_id, votes=2
    )
    announcer = ComparisonMessages(client=simcord_bot, library=load_library())
    runner = ComparisonRunner(
        ComparisonPorts(
            store=comparisons,
            jobs=store,
            announcer=announcer,
            media=media,
            workspace=workspace,
            clock=FakeClock(),
        ),
        exclusive=True,
    )
    await runner.advance(comparison.id)
    assert result.response is not None
    message = result.response.message
    shown = await message.fetch()
    assert [attachment.filename for attachment in shown.attachments] == ["A.mp4", "B.mp4"]
    chosen = told(await place.alice.click(message, label="👍 B is better"))
    assert "You chose **B**" in chosen
    assert "<t:" in chosen
    assert "Only the person who began" in told(await place.bob.click(message, label="🏁 End now"))
    assert "last vote" in told(await place.bob.click(message, label="👍 A is better"))
    assert "is over" in told(await place.alice.click(message, label="👍 A is better"))
    await runner.advance(comparison.id)
    ended = await message.fetch()
    assert ended.content.startswith("🤝 A tie: 1 to 1.")
    assert [attachment.filename for attachment in ended.attachments] == ["A.mp4", "B.mp4"]
    assert await withdraw(simcord_bot, first), "what happens when its author deletes it"
    await runner.advance(comparison.id)
    gone = await message.fetch()
    assert (gone.attachments, gone.components) == ([], [])


def job(number: int, **changes: object) -> Job:
    values: dict[str, object] = {
        "id": str(number),
        "short_id": f"F0X0{number}",
        "state": JobState.DELIVERED,
        "result_message_id": 900 + number,
        "user_id": 42 + number,
    }
    return make_job(**(values | changes))


LINKS = [f"https://discord.com/channels/100/200/{900 + number}" for number in range(3)]


def test_the_end_says_what_differs_in_one_line_each() -> None:
    plain = job(1, request=make_request(prompt="a fox", seed=5))
    noir = job(2, request=make_request(prompt="a fox, noir", typed="a fox", style="film-noir", seed=6))
    assert end_text(End(left=plain, right=noir, votes=Votes(a=1, b=4)), TEXTS).splitlines() == [
        "🏆 **B** is better, says the vote: 4 to 1.",
        "> a fox",
        f"**A** was [F0X01]({LINKS[1]}) by <@43> · 1 vote · no style · seed 5",
        f"**B** was [F0X02]({LINKS[2]}) by <@44> · 4 votes · style Film noir · seed 6",
    ]


def test_the_end_says_both_prompts_where_they_differ_and_shows_them_as_typed() -> None:
    left = job(1, request=make_request(prompt="a **fox** @everyone", model="a", seconds=4))
    right = job(2, request=make_request(prompt="a hare", model="b", size=make_request().size, seconds=8))
    text = end_text(End(left=left, right=right, votes=Votes(a=2, b=2)), TEXTS)
    assert text.splitlines()[0] == "🤝 A tie: 2 to 2."
    assert r"> a \*\*fox\*\* @" in text
    assert "@everyone" not in text
    assert "> a hare" in text
    assert "· a · 4 s" in text
    refused = end_text(End(left=left, right=right, votes=Votes()), TEXTS, prompt=False)
    assert "hare" not in refused
    assert refused.startswith("🆚 Nobody has voted.")


def test_the_end_of_two_that_were_asked_for_alike_says_so() -> None:
    end = End(left=job(1), right=job(2), votes=Votes(a=2))
    assert end_text(end, TEXTS).endswith("Both were asked for alike.")


def test_of_a_deleted_video_only_the_vote_is_told() -> None:
    text = withdrawn_text(Votes(a=2, b=1), TEXTS)
    assert text.startswith("🏆 **A** is better, says the vote: 2 to 1.\n")
    assert "deleted" in text


def comparison_of(left: Job, right: Job) -> Comparison:
    return Comparison(
        id=ComparisonId("900"),
        place=make_place(),
        user_id=42,
        left=left.id,
        right=right.id,
        enough=5,
        ends_at=NOW,
        created_at=NOW,
        due_at=NOW,
    )


async def test_nothing_tells_which_is_which_before_the_end() -> None:
    one, other = job(1), job(2)
    comparison = comparison_of(one, other)
    shown = open_text(comparison, TEXTS), str(open_view(comparison, TEXTS).to_components())
    swapped = comparison_of(other, one)
    assert shown == (open_text(swapped, TEXTS), str(open_view(swapped, TEXTS).to_components()))
    assert "reelbot-compare:a:900" in shown[1]


async def test_after_the_end_there_are_the_details() -> None:
    view = end_view(End(left=job(1), right=job(2), votes=Votes()), TEXTS)
    [row] = view.to_components()
    assert [button["custom_id"] for button in row["components"]] == [
        "reelbot:details:F0X01",
        "reelbot:details:F0X02",
    ]


async def test_details_offer_a_comparison_where_there_is_a_family_on_a_server() -> None:
    def verbs(of: Job) -> list[str]:
        rows = details_view(of, TEXTS, family=True).to_components()
        return [button["custom_id"].split(":")[1] for row in rows for button in row["components"]]

    assert Verb.COMPARE in verbs(job(1))
    assert Verb.COMPARE not in verbs(job(1, place=make_place(guild_id=None)))
    assert Verb.COMPARE not in verbs(job(1, result_message_id=None))
