import itertools

import pytest

from bot.domain.progress import Progress
from bot.domain.states import JobState
from cogs.status import status_text
from cogs.texts import load_library
from cogs.waits import wait_facts
from tests.factories import NOW, make_job

TEXTS = load_library().texts("en-US")
SECOND, MINUTE, HOUR = 1_000, 60_000, 3_600_000


@pytest.mark.parametrize(
    ("milliseconds", "words"),
    [
        (-5, "a few seconds"),
        (19 * SECOND, "a few seconds"),
        (20 * SECOND, "about 1 min"),
        (89 * SECOND, "about 1 min"),
        (91 * SECOND, "about 2 min"),
        (10 * MINUTE, "about 10 min"),
        (12 * MINUTE, "about 10 min"),
        (13 * MINUTE, "about 15 min"),
        (57 * MINUTE, "about 55 min"),
        (58 * MINUTE, "about 1 h"),
        (100 * MINUTE, "about 2 h"),
        (30 * HOUR, "about 30 h"),
    ],
)
def test_a_wait_is_told_in_round_words(milliseconds: int, words: str) -> None:
    assert TEXTS("wait", **wait_facts(milliseconds)) == words


def test_words_change_seldom() -> None:
    """A guess that ticks would cost an edit each time."""
    told = [TEXTS("wait", **wait_facts(ms)) for ms in range(0, 2 * HOUR, SECOND)]
    changes = sum(before != after for before, after in itertools.pairwise(told))
    assert changes <= 25


@pytest.mark.parametrize(
    ("progress", "line"),
    [
        (Progress(place=3, wait=4 * MINUTE), "⏳ Number 3 in line · about 4 min"),
        (Progress(place=1, wait=0), "⏳ Next in line · a few seconds"),
        (Progress(place=3), "⏳ Number 3 in line"),
        (Progress(), "⏳ In line"),
    ],
)
def test_the_status_says_when_it_starts(progress: Progress, line: str) -> None:
    assert status_text(make_job(state=JobState.QUEUED), progress, NOW, TEXTS).splitlines()[1] == line
