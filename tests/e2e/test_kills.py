"""The promise, as real processes: kill -9 and lost replies lose no video and buy none twice."""

from pathlib import Path

from tests.bench.kills import Storm, measure
from tests.bench.kills_bot import Haste

# No request is on its way for longer than this here, and a test has no minute before a list is believed.
STORM = Storm(kills=20, seed=20_261_121, haste=Haste(in_flight=3.0))


async def test_no_kill_loses_a_video_or_buys_or_posts_it_twice(tmp_path: Path) -> None:
    outcomes = await measure(tmp_path, STORM)
    wrong = [f"{kind}: {line}" for kind, outcome in outcomes.items() for line in outcome.tally.wrong]
    assert not wrong, "\n".join([f"{STORM}, logs in {tmp_path}", *wrong])
    assert sum(outcome.kills for outcome in outcomes.values()) == STORM.kills
    for kind, outcome in outcomes.items():
        assert outcome.settled, f"{kind}: not everything ended"
        assert outcome.deaths == 0, f"{kind}: a process ended by itself, logs in {tmp_path}"
        assert outcome.tally.jobs, f"{kind}: nobody got to ask for a video, {STORM}"
        assert outcome.held <= outcome.cap, f"{kind}: more renders at once than the API takes, {STORM}"
        if kind != "none":
            assert not outcome.tally.unsure, f"{kind}: could have been cleared up, {STORM}"
