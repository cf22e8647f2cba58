import itertools
from typing import Any

import pytest

from bot.domain.codes import Code
from bot.domain.job import Failure, Venue
from bot.domain.progress import Progress
from bot.domain.states import TERMINAL, JobState
from cogs.status import as_typed, bar, clock_time, edit_interval, status_text
from cogs.texts import load_library
from tests.factories import NOW, make_job, make_request

TEXTS = load_library().texts("en-US")
S = JobState


def text_of(state: JobState, progress: Progress | None = None, **changes: object) -> str:
    job = make_job(state=state, **changes)
    return status_text(job, progress or Progress(), NOW + 67_000, TEXTS)


@pytest.mark.parametrize(
    ("state", "percent", "trouble", "cancelled"),
    list(itertools.product(JobState, (None, 0, 48, 100), (False, True), (False, True))),
)
def test_every_situation_has_words_that_fit(
    state: JobState, percent: int | None, trouble: bool, cancelled: bool
) -> None:
    ended = state in TERMINAL or state is S.UNSURE
    failure = Failure(code=Code.PROVIDER_BUSY) if ended or trouble else None
    progress = Progress(percent=percent, trouble=trouble, place=2)
    prompt = make_request(prompt="**" * 2000)
    text = text_of(state, progress, failure=failure, cancel_requested=cancelled, request=prompt)
    assert 0 < len(text) <= 2000
    assert "\n" in text


@pytest.mark.parametrize(
    ("state", "progress", "expected"),
    [
        (S.QUEUED, Progress(), "⏳ In line"),
        (S.QUEUED, Progress(place=1), "⏳ Next in line"),
        (S.QUEUED, Progress(place=3), "⏳ Number 3 in line"),
        (S.QUEUED, Progress(trouble=True, reason=Code.MODEL_UNKNOWN), "⏸️ Its video service is not set up"),
        (S.RENDERING, Progress(trouble=True, reason=Code.PROVIDER_AUTH), "⏸️ The video service refuses this"),
        (S.SUBMITTING, Progress(), "📨 Sending"),
        (S.RENDERING, Progress(), "🎨 Rendering · 1:07"),
        (S.RENDERING, Progress(percent=48), "▰▰▰▰▱▱▱▱▱▱  48 % · 1:07"),
        (S.FETCHING, Progress(), "📥 Downloading"),
        (S.FITTING, Progress(percent=50), "▰▰▰▰▰▱▱▱▱▱  50 %"),
        (S.DELIVERING, Progress(), "📤 Uploading"),
        (S.DELIVERED, Progress(), "✅ Done in 1:00: https://discord.com/channels/100/200/9"),
    ],
    ids=lambda value: str(value) if isinstance(value, JobState) else None,
)
def test_the_stage_tells_the_truth(state: JobState, progress: Progress, expected: str) -> None:
    assert expected in text_of(state, progress, finished_at=NOW + 60_000, result_message_id=9)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"still_file": "fitted/x.jpg"}, "too large for this place"),
        (
            {"venue": Venue.PARENT, "result_channel_id": 201},
            "in its channel: https://discord.com/channels/100/201/9",
        ),
        ({"venue": Venue.DIRECT, "result_channel_id": 202}, "went to the author's direct messages."),
        (
            {"venue": Venue.DIRECT, "result_channel_id": 202, "still_file": "fitted/x.jpg"},
            "went to the author's direct messages.",
        ),
    ],
)
def test_a_video_that_stands_elsewhere_is_said_to(changes: dict[str, Any], expected: str) -> None:
    job = make_job(state=S.DELIVERED, finished_at=NOW + 60_000, result_message_id=9, **changes)
    assert expected in status_text(job, Progress(), NOW, TEXTS)


@pytest.mark.parametrize("state", JobState)
def test_a_status_without_the_prompt_holds_nothing_that_was_typed(state: JobState) -> None:
    failure = Failure(code=Code.PROVIDER_BUSY)
    job = make_job(state=state, failure=failure, request=make_request(prompt="secretword"))
    assert "secretword" not in status_text(job, Progress(), NOW, TEXTS, prompt=False)


def test_the_facts_stand_below() -> None:
    job = make_job()
    last = text_of(S.QUEUED).splitlines()[-1]
    assert last == f"-# 1280×720 · 8 s · preview · {job.short_id}"


def test_a_cancel_says_whether_it_may_cost() -> None:
    assert "before anything was paid" in text_of(S.CANCELLED)
    assert "may charge" in text_of(S.CANCELLED, remote_id="v")


def test_a_failure_says_why() -> None:
    failure = Failure(code=Code.PROVIDER_MODERATED)
    assert text_of(S.FAILED, failure=failure).splitlines()[1].startswith("❌ The video service refused")


@pytest.mark.parametrize(
    "typed",
    [
        "@everyone",
        "**bold**",
        "[a](https://b.c)",
        "https://a.b",
        "`x`",
        "||s||",
    ],
)
def test_a_prompt_is_only_words(typed: str) -> None:
    assert typed not in as_typed(typed)


@pytest.mark.parametrize("typed", ["<@123>", "<@&5>", "<#7>", "<t:1:R>", "</video:1>", "<:a:1>"])
def test_a_prompt_names_nobody_and_nothing(typed: str) -> None:
    assert as_typed(typed).startswith("\\<")


@pytest.mark.parametrize(
    ("percent", "cells"),
    [(0, 0), (9, 0), (10, 1), (48, 4), (99, 9), (100, 10), (150, 10), (-5, 0)],
)
def test_the_bar_has_ten_cells_and_is_full_only_at_the_end(percent: int, cells: int) -> None:
    assert bar(percent) == "▰" * cells + "▱" * (10 - cells)


@pytest.mark.parametrize(
    ("ms", "written"), [(0, "0:00"), (999, "0:00"), (67_000, "1:07"), (3_723_000, "1:02:03"), (-5, "0:00")]
)
def test_a_length_of_time_is_written_as_on_a_clock(ms: int, written: str) -> None:
    assert clock_time(ms) == written


@pytest.mark.parametrize(
    ("minutes", "busy", "seconds"),
    [(0, 1, 2), (1, 1, 5), (5, 1, 15), (60, 1, 60), (0, 20, 24), (90, 20, 60)],
)
def test_edits_slow_down_with_age_and_company(minutes: float, busy: int, seconds: float) -> None:
    assert edit_interval(int(minutes * 60_000), busy) == pytest.approx(seconds)
