"""`/stats` as Discord hands it over, and its words and picture."""

from dataclasses import replace

import discord
import pytest
from simcord import Env
from simcord.results import InteractionResult, ResponseMessage

from bot.domain.chart import Bars, Course
from bot.domain.errors import CannotFit
from bot.domain.states import JobState
from bot.domain.stats import Run, Stats, stats
from bot.domain.trends import DAY, MOST_BARS, Period
from bot.jobs.stats import Report
from cogs.stats._picture import figures_chart
from cogs.stats._words import ALT, alt_text, figures_text
from cogs.texts import load_library
from storage.database import Database
from tests.factories import NOW
from tests.fakes import FakeMedia

TEXTS = load_library().texts("en-US")
RUN = Run(model="a/b", user_id=7, created_at=NOW, state=JobState.DELIVERED, waited=12_000, took=100_000)
MESSAGE = 2000


def counted(*runs: Run, user_id: int = 7) -> Stats:
    return stats(runs, user_id=user_id, since=NOW - 2 * DAY, now=NOW)


class Place:
    """A server with a member who manages it and one who does not."""

    def __init__(self, env: Env) -> None:
        self.guild = env.create_guild()
        self.channel = self.guild.create_text_channel("general")
        keepers = self.guild.create_role("keepers", permissions=discord.Permissions(manage_guild=True))
        self.keeper = self.guild.add_member(env.create_user("keeper"), roles=[keepers])
        self.alice = self.guild.add_member(env.create_user("alice"))


@pytest.fixture
async def place(simcord_env: Env) -> Place:
    return Place(simcord_env)


def private(result: InteractionResult) -> ResponseMessage:
    answer = result.response or result.followups[-1]
    assert answer.ephemeral
    return answer


async def make_videos(place: Place, database: Database) -> None:
    for _ in range(2):
        await place.alice.slash(place.channel, "video", prompt="a fox")
    await place.keeper.slash(place.channel, "video", prompt="a fox")
    await database.execute(
        "UPDATE jobs SET state = 'delivered', started_at = created_at + 12000, "
        "finished_at = created_at + 90000"
    )


async def test_who_manages_the_server_sees_members_by_name(
    place: Place, database: Database, media: FakeMedia
) -> None:
    await make_videos(place, database)
    answer = private(await place.keeper.slash(place.channel, "stats"))
    assert "**Last 30 days** · this server" in answer.content
    assert "**3** videos asked for: 3 delivered." in answer.content
    assert "Success rate **100 %**, median wait **0:12**, median making time **1:18**." in answer.content
    assert "**You** one video, success rate 100 %, wait 0:12, making 1:18." in answer.content
    assert f"<@{place.alice.id}> 2 · 100 % · 0:12 · 1:18" in answer.content
    [chart] = media.charts
    members = chart.rows[-1][0]
    assert isinstance(members, Bars)
    assert [bar.label for bar in members.bars] == ["alice", "keeper"]
    [file] = answer.message.attachments
    assert file.filename == "stats.jpg"


async def test_a_member_sees_the_server_and_own_figures(
    place: Place, database: Database, media: FakeMedia
) -> None:
    await make_videos(place, database)
    answer = private(await place.alice.slash(place.channel, "stats", period="7"))
    assert "Last 7 days" in answer.content
    assert "**3** videos" in answer.content
    assert "**You** 2 videos, success rate 100 %" in answer.content
    assert "<@" not in answer.content
    [chart] = media.charts
    assert [len(row) for row in chart.rows] == [1, 2, 1]
    assert not [bar for bar in chart.rows[-1][0].bars if bar.label in {"alice", "keeper"}]  # type: ignore[union-attr]  # these are bars


async def test_nothing_was_asked_for(place: Place, media: FakeMedia) -> None:
    answer = private(await place.alice.slash(place.channel, "stats", period="all"))
    assert "No video was asked for in this time." in answer.content
    assert media.charts == []


async def test_without_a_picture_the_words_come_alone(
    place: Place, database: Database, media: FakeMedia, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> bytes:
        raise CannotFit("too slow")

    await make_videos(place, database)
    monkeypatch.setattr(media, "chart", fail)
    answer = private(await place.alice.slash(place.channel, "stats"))
    assert "**3** videos" in answer.content
    assert answer.message.attachments == []


def test_the_words_of_a_busy_server_fit_a_message() -> None:
    runs = [
        replace(RUN, user_id=2**63 - number, waited=99 * 3_600_000, took=99 * 3_600_000)
        for number in range(30)
        for _ in range(50)
    ]
    report = Report(stats=counted(*runs), cut=True)
    text = figures_text(report, Period.YEAR, TEXTS, in_server=True)
    assert len(text) <= MESSAGE
    assert "… and 20 more" in text
    assert "Counted are only the newest 50,000 videos." in text
    assert len(alt_text(report.stats, Period.YEAR, TEXTS)) <= ALT
    assert "*" not in alt_text(report.stats, Period.YEAR, TEXTS)


def test_only_what_there_is_is_counted_out() -> None:
    states = [JobState.FAILED, JobState.FAILED, JobState.CANCELLED, JobState.UNSURE]
    report = Report(stats=counted(*(replace(RUN, state=state, took=None) for state in states)), cut=False)
    text = figures_text(report, Period.WEEK, TEXTS, in_server=False)
    assert "**4** videos asked for: 2 failed, 1 cancelled, 1 under way." in text
    assert "our direct messages" in text
    assert "**You**" not in text, "there, all are"


def test_whose_data_was_deleted_is_nobody() -> None:
    report = Report(stats=counted(replace(RUN, user_id=0)), cut=False)
    text = figures_text(report, Period.WEEK, TEXTS, in_server=True)
    assert "someone who has left 1 · 100 %" in text
    assert "**You** none, success rate –, wait –, making –." in text


@pytest.mark.parametrize(
    ("failed", "percent"), [(0, "**100 %**"), (1, "**99 %**"), (1000, "**50 %**")], ids=str
)
def test_a_failure_is_never_rounded_away(failed: int, percent: str) -> None:
    runs = [RUN] * 1000 + [replace(RUN, state=JobState.FAILED, took=None)] * failed
    report = Report(stats=counted(*runs), cut=False)
    assert f"Success rate {percent}" in figures_text(report, Period.WEEK, TEXTS, in_server=True)


def test_the_picture_has_every_day_and_the_busiest_by_name() -> None:
    runs = [replace(RUN, model=f"a/{number}", user_id=number) for number in range(20)]
    runs.append(replace(RUN, model="a/3", user_id=3, created_at=NOW - DAY, waited=None))
    chart = figures_chart(
        counted(*runs), Period.WEEK, TEXTS, guild_id=None, models={"a/3": "Three"}, members={3: "@everyone"}
    )
    (success,), (wait, making), (models,), (members,) = chart.rows
    assert isinstance(success, Course)
    assert [point.volume for point in success.points] == [0, 1, 20]
    assert [point.value for point in success.points] == [None, 1.0, 1.0]
    assert [point.pale for point in success.points] == [True, True, False]
    assert isinstance(wait, Course)
    assert isinstance(making, Course)
    assert [point.value for point in wait.points] == [None, None, 12_000]
    assert [point.value for point in making.points] == [None, 100_000, 100_000]
    assert making.most == 100_000
    assert [name for _, name in making.ticks] == ["0:00", "0:50", "1:40"]
    for bars, name in ((models, "Three"), (members, "@everyone")):
        assert isinstance(bars, Bars)
        assert len(bars.bars) == MOST_BARS
        assert (bars.bars[0].label, bars.bars[0].value, bars.most) == (name, 2, 2)
        assert bars.bars[0].note.startswith("2 · 100 % · ")
        assert bars.more == "… and 8 more"
    assert models.bars[1].label == "a/0"  # type: ignore[union-attr]  # seen above
    assert members.bars[1].label == "someone who has left"  # type: ignore[union-attr]
