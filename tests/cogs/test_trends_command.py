"""`/trends`: who sees it, what it says, the menu, the picture's panels, the table."""

import csv
import io
from dataclasses import replace
from typing import Any

import pytest
from simcord import Env, InteractionResult

from bot.domain.bradley_terry import Strength
from bot.domain.chart import Bars, Chart, Course, Lines
from bot.domain.errors import CannotFit
from bot.domain.job import Job
from bot.domain.states import JobState
from bot.domain.themes import Theme
from bot.domain.trends import (
    DAY,
    MOST_BARS,
    CriterionShare,
    Dimension,
    Period,
    Share,
    TrendQuery,
    over_time,
)
from bot.jobs.trends import Trends
from cogs.texts import load_library
from cogs.trends.answer import mark_of
from cogs.trends.picture import ALT_TEXT, Names, alt_text, trends_chart
from cogs.trends.table import HEADER, trends_table
from storage.database import Database
from storage.jobs import SqlJobStore
from tests.cogs.test_commands import Place
from tests.factories import NOW, make_job, make_place, make_request
from tests.fakes import FakeMedia

TEXTS = load_library().texts("en-US")
NAMES = Names(server="Kinobude", member=None, model=lambda name: name.upper())


def share(dimension: Dimension, label: str | None, votes: int = 10, total: int = 800) -> Share:
    return Share(dimension=dimension, label=label, videos=votes, votes=votes, total=total)


def make_trends(*shares: Share, **changes: Any) -> Trends:
    days = [share(Dimension.DAY, str(NOW // DAY), 20, 1600)]
    plain = Trends(
        query=TrendQuery(guild_id=100),
        period=Period.WEEK,
        shares=[*days, *shares],
        course=over_time(days, since=Period.WEEK.since(NOW), now=NOW),
        criteria=[],
        themes=[],
        styles={},
        models={},
    )
    return replace(plain, **changes)


def panels(chart: Chart) -> dict[str, Bars | Course | Lines]:
    return {panel.title: panel for row in chart.rows for panel in row}


def drawn(*shares: Share, **changes: Any) -> dict[str, Bars | Course | Lines]:
    return panels(trends_chart(make_trends(*shares, **changes), NAMES, TEXTS))


# --- the picture and the table ------------------------------------------------------------------


def test_every_dimension_with_votes_is_a_panel_of_named_bars() -> None:
    found = drawn(
        share(Dimension.STYLE, "anime"),
        share(Dimension.STYLE, None, 3, 300),
        share(Dimension.MODEL, "house/m"),
        share(Dimension.SIZE, "1280x720"),
        share(Dimension.SECONDS, "8"),
        share(Dimension.ENHANCED, "yes"),
        share(Dimension.PICTURE, "no"),
    )
    assert list(found) == [
        *("Approval over time", "Style", "Model", "Size", "Length", "Prompt", "Begins with"),
    ]
    styles = found["Style"]
    assert isinstance(styles, Bars)
    assert [(bar.label, bar.note, bar.pale) for bar in styles.bars] == [
        ("Anime", "80 % · 10", False),
        ("no style", "100 % · 3", True),
    ]
    assert styles.bars[0].low is not None
    assert styles.bars[0].high is not None
    assert styles.bars[0].low < 0.8 < styles.bars[0].high
    labels = {title: panel.bars[0].label for title, panel in found.items() if isinstance(panel, Bars)}
    assert labels["Model"] == "HOUSE/M"
    assert (labels["Size"], labels["Length"]) == ("1280×720", "8 s")
    assert (labels["Prompt"], labels["Begins with"]) == ("enhanced", "words only")


def test_of_many_styles_the_best_are_shown_and_the_rest_counted() -> None:
    found = drawn(*(share(Dimension.STYLE, f"s{number}", 10, 10 * number) for number in range(20)))
    styles = found["Style"]
    assert isinstance(styles, Bars)
    assert (len(styles.bars), styles.more) == (MOST_BARS, "and 8 more")
    assert styles.bars[0].label == "s19"


def test_criteria_comparisons_and_words_have_panels_of_their_own() -> None:
    found = drawn(
        criteria=[
            CriterionShare(kind="detail", criterion="realism", people=4, total=12),
            CriterionShare(kind="refine", criterion="consistency", people=6, total=48),
            CriterionShare(kind="refine", criterion="of a version to come", people=6, total=48),
        ],
        styles={"anime": Strength(value=0.7, games=9), "": Strength(value=0.3, games=2)},
        themes=[Theme(text="hands", people=3), Theme(text="too dark")],
    )
    detail, refined = found["In detail, 1 to 5"], found["While refining, 1 to 10"]
    compared, words = found["Chosen blindly: style"], found["What people wrote"]
    assert isinstance(detail, Bars)
    assert isinstance(refined, Bars)
    assert isinstance(compared, Bars)
    assert isinstance(words, Lines)
    assert [(bar.label, bar.note, bar.pale) for bar in detail.bars] == [("Realism", "3.0 · 4", True)]
    assert (len(refined.bars), refined.most) == (1, 10)
    assert [bar.label for bar in compared.bars] == ["Anime", "no style"]
    assert words.lines == ("hands · 3 people", "too dark")


def test_whoever_cannot_see_it_reads_the_figures() -> None:
    shares = [share(Dimension.STYLE, f"style number {number}") for number in range(30)]
    chart = trends_chart(make_trends(share(Dimension.SIZE, "1280x720"), *shares), NAMES, TEXTS)
    text = alt_text(chart)
    assert text.startswith("Trends of Kinobude. Last 7 days · 20 votes on 20 videos.")
    assert "style number 0 80 % · 10" in text
    assert len(text) <= ALT_TEXT


def test_the_table_holds_every_figure_and_no_formula() -> None:
    trends = make_trends(
        share(Dimension.STYLE, "=1+1"),
        share(Dimension.STYLE, "@handle", 0, 0),
        share(Dimension.STYLE, "电影感"),
        criteria=[CriterionShare(kind="detail", criterion="realism", people=4, total=13)],
        themes=[Theme(text="-hands", people=3)],
        models={"house/m": Strength(value=0.5, games=4)},
    )
    data = trends_table(trends, NAMES, TEXTS)
    assert data.startswith(b"\xef\xbb\xbf"), "spreadsheets read UTF-8"
    header, *rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert tuple(header) == HEADER
    assert {len(row) for row in rows} == {len(HEADER)}
    assert ["style", "'=1+1", "10", "10", "80.0", "49.0", "94.3", "", ""] in rows
    assert ["style", "'@handle", "0", "0", "", "", "", "", ""] in rows
    assert ["criterion (detail)", "realism", "", "4", "", "", "", "3.25", "5"] in rows
    assert ["theme", "'-hands", "", "3", "", "", "", "", ""] in rows
    assert any(row[1] == "电影感" for row in rows)
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


# --- the command --------------------------------------------------------------------------------


@pytest.fixture
def place(simcord_env: Env) -> Place:
    return Place(simcord_env)


@pytest.fixture
async def rated(place: Place, store: SqlJobStore, database: Database) -> Job:
    """A video of Alice with two votes for and one against it."""
    job = await store.add(
        make_job(
            state=JobState.DELIVERED,
            user_id=place.alice.id,
            request=make_request(style="noir"),
            place=make_place(guild_id=place.guild.id, channel_id=place.channel.id),
        )
    )
    for person, value in enumerate((100, 100, 0)):
        await database.execute(
            "INSERT INTO votes (job_id, user_id, emoji, value, at, counts) "
            "VALUES (:job_id, :user_id, 'x', :value, 1, 1)",
            job_id=job.id,
            user_id=person,
            value=value,
        )
    return job


def only(result: InteractionResult) -> Any:
    (message,) = [answer for answer in (result.response, *result.followups) if answer is not None]
    return message


async def test_without_votes_a_sentence_says_how_to_begin(place: Place, media: FakeMedia) -> None:
    result = await place.bob.slash(place.channel, "trends")
    assert result.ephemeral
    message = only(result)
    assert "nobody has voted yet" in message.content
    assert message.attachments == []
    assert media.charts == []


@pytest.mark.usefixtures("rated")
async def test_the_answer_is_a_line_a_picture_and_a_table(place: Place, media: FakeMedia) -> None:
    result = await place.bob.slash(place.channel, "trends")
    assert result.ephemeral, "quiet unless asked otherwise"
    message = only(result)
    assert message.content == "📈 **Last 90 days** · 67 % approval from 3 votes"
    assert [file.filename for file in message.attachments] == ["trends.jpg", "trends.csv"]
    assert "67 %" in message.attachments[0].description
    (chart,) = media.charts
    assert place.guild.name in chart.title


@pytest.mark.usefixtures("rated")
async def test_it_is_shown_to_all_where_that_is_asked_for(place: Place) -> None:
    result = await place.bob.slash(place.channel, "trends", public=True)
    assert not result.ephemeral
    assert "67 %" in only(result).content


@pytest.mark.usefixtures("rated")
async def test_filters_narrow_it_down(place: Place, media: FakeMedia) -> None:
    mine = await place.bob.slash(place.channel, "trends", member=place.alice, period="7")
    assert f"Last 7 days · videos by <@{place.alice.id}>" in only(mine).content
    assert "alice" in media.charts[0].subtitle
    theirs = await place.bob.slash(place.channel, "trends", member=place.bob)
    assert "nobody has voted yet" in only(theirs).content
    model = await place.bob.slash(place.channel, "trends", model="preview/preview")
    assert "3 votes" in only(model).content
    unknown = await place.bob.slash(place.channel, "trends", model="no/such")
    assert "no/such" in only(unknown).content
    assert only(unknown).attachments == []


@pytest.mark.usefixtures("rated")
async def test_the_menu_changes_ones_own_answer(place: Place, media: FakeMedia) -> None:
    result = await place.bob.slash(place.channel, "trends", model="preview/preview")
    message = only(result)
    (row,) = message.components
    assert row["components"][0]["custom_id"] == f"reelbot-trends:0:{mark_of('preview/preview')}"
    before = len(media.charts)
    await place.bob.select(message.message, ["365"])
    assert len(media.charts) == before + 1
    assert media.charts[-1].subtitle.startswith("Last 365 days · preview ·")


@pytest.mark.usefixtures("rated")
async def test_a_public_answer_stays_and_who_presses_gets_an_own_one(place: Place) -> None:
    shown = only(await place.bob.slash(place.channel, "trends", public=True))
    before = shown.content
    pressed = await place.alice.select(shown.message, ["all"])
    assert pressed.ephemeral
    assert "All the time" in only(pressed).content
    assert shown.content == before


@pytest.mark.usefixtures("rated")
async def test_where_nothing_can_be_drawn_the_table_comes_alone(
    place: Place, media: FakeMedia, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(_chart: Chart) -> bytes:
        raise CannotFit("no memory")

    monkeypatch.setattr(media, "chart", fails)
    message = only(await place.bob.slash(place.channel, "trends"))
    assert "could not be drawn" in message.content
    assert [file.filename for file in message.attachments] == ["trends.csv"]
