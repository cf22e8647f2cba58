"""Who starts next, and when: the pure rule."""

import itertools
from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.domain.job import JobId
from bot.domain.line import Crowd, Length, Running, Turn, Waiting, forecast, typical

MINUTE = 60_000
NOW = 1_000 * MINUTE
USUAL = [Length(seconds=8, took=2 * MINUTE)] * 3


def waiting(name: str, **over: object) -> Waiting:
    """A job of the member that the first letter names."""
    job = Waiting(
        job_id=JobId(name),
        provider="p",
        server=1,
        user_id=ord(name[0]),
        priority=0,
        created_at=0,
        seconds=8,
        running_per_member=0,
        running_per_server=0,
    )
    return replace(job, **over)  # type: ignore[arg-type]  # the tests name fields


def running(name: str, minutes_ago: float = 0, **over: object) -> Running:
    job = Running(
        provider="p", server=1, user_id=ord(name[0]), started_at=NOW - int(minutes_ago * MINUTE), seconds=8
    )
    return replace(job, **over)  # type: ignore[arg-type]  # the tests name fields


def foresee(
    line: Sequence[Waiting],
    busy: Sequence[Running] = (),
    *,
    slots: int | None = 2,
    lengths: Sequence[Length] = USUAL,
    limit: int = 100,
) -> list[Turn]:
    crowd = Crowd()
    for job in busy:
        crowd.run(job.server, job.user_id)
        crowd.note_start(job.server, job.user_id, job.started_at)
    in_slots = {} if slots is None else {"p": slots}
    return forecast(line, busy, crowd, slots=in_slots, lengths={"p": lengths}, now=NOW, limit=limit)


def told(turns: Sequence[Turn]) -> list[tuple[str, float | None]]:
    return [(turn.job_id, None if turn.wait is None else turn.wait / MINUTE) for turn in turns]


def order(turns: Sequence[Turn]) -> str:
    return " ".join(turn.job_id for turn in turns)


def test_a_member_with_twenty_does_not_starve_one_with_two() -> None:
    busy = [running("A", 1), running("A", 1)]
    line = [waiting(f"A{n}", created_at=n) for n in range(20)]
    line += [waiting(f"B{n}", created_at=50 + n) for n in range(2)]
    turns = foresee(line, busy)
    assert order(turns).startswith("B0 A0 B1 A1 A2")
    assert [turn.place for turn in turns] == list(range(1, 23))


def test_servers_take_turns_where_members_are_equal() -> None:
    line = [waiting(f"{name}0", server=1, created_at=n) for n, name in enumerate("ABCDEF")]
    line += [waiting(f"{name}0", server=2, created_at=9) for name in "XY"]
    assert order(foresee(line, slots=1)) == "A0 X0 B0 Y0 C0 D0 E0 F0"
    assert order(foresee(line, slots=4)).startswith("A0 X0 B0 Y0")


def test_asking_on_two_servers_gains_nothing() -> None:
    line = [
        waiting("A0", server=1),
        waiting("A1", server=2, created_at=1),
        waiting("B0", server=1, created_at=2),
    ]
    assert order(foresee(line)) == "A0 B0 A1"


def test_priority_goes_before_everything() -> None:
    line = [waiting("A0"), waiting("B0"), waiting("A9", priority=1, created_at=99)]
    assert order(foresee(sorted(line, key=lambda job: -job.priority), [running("A")], slots=2)) == "A9 B0 A0"


@pytest.mark.parametrize(
    ("busy", "waits"),
    [
        ([], [0, 0, 2, 2, 4]),
        ([0.5], [0, 1.5, 2, 3.5, 4]),
        ([0.5, 1.5], [0.5, 1.5, 2.5, 3.5, 4.5]),
        ([9, 0], [0.2, 2, 2.2, 4, 4.2]),
    ],
    ids=["all free", "one busy", "both busy", "one is late: another tenth"],
)
def test_a_wait_counts_the_slots_that_get_free_before(busy: list[float], waits: list[float]) -> None:
    line = [waiting(f"{name}0", created_at=n) for n, name in enumerate("ABCDE")]
    turns = foresee(line, [running("Z", minutes_ago) for minutes_ago in busy])
    assert [turn.wait / MINUTE for turn in turns if turn.wait is not None] == waits


def test_who_is_at_a_limit_waits_for_one_of_his_own() -> None:
    line = [waiting(f"A{n}", created_at=n, running_per_member=1) for n in range(2)] + [
        waiting("B0", created_at=9)
    ]
    assert told(foresee(line, [running("A", 1)], slots=9)) == [("B0", 0), ("A0", 1), ("A1", 3)]
    line = [replace(job, running_per_member=0, running_per_server=1) for job in line]
    assert told(foresee(line, [running("Z", 0, server=2)], slots=9)) == [("A0", 0), ("B0", 2), ("A1", 4)]


def test_what_waits_for_a_person_gives_no_slot_back() -> None:
    line = [waiting("A0"), waiting("B0", created_at=1)]
    assert told(foresee(line, [running("Z", parked=True)])) == [("A0", 0), ("B0", 2)]
    assert told(foresee(line, [running("Z", parked=True), running("Y", parked=True)])) == [
        ("A0", None),
        ("B0", None),
    ]


@pytest.mark.parametrize(("slots", "lengths"), [(2, USUAL[:2]), (2, []), (None, USUAL)])
def test_without_experience_or_slots_there_is_an_order_but_no_wait(
    slots: int | None, lengths: list[Length]
) -> None:
    line = [waiting(f"{name}0", created_at=n) for n, name in enumerate("ABC")]
    assert told(foresee(line, slots=slots, lengths=lengths)) == [("A0", None), ("B0", None), ("C0", None)]


def test_places_count_per_provider_and_the_first_ones_are_told() -> None:
    line = [waiting(f"A{n}", created_at=n, provider="pq"[n % 2]) for n in range(6)]
    turns = foresee(line, slots=1, limit=4)
    assert sorted(turn.place for turn in turns) == [1, 1, 2, 3]


@pytest.mark.parametrize(
    ("tooks", "seconds", "expected"),
    [
        ([(8, 1), (8, 2)], 8, None),
        ([(8, 1), (8, 2), (8, 30)], 8, 2),
        ([(4, 1), (8, 2), (12, 30)], 8, 2),
        ([(8, 10), (8, 10), (8, 12), (4, 1), (4, 2), (4, 3)], 4, 2),
        ([(8, 10), (8, 10), (8, 12), (4, 1), (4, 2)], 4, 10),
    ],
    ids=["too few", "median", "of all lengths", "of this length", "too few of this length"],
)
def test_what_is_typical(tooks: list[tuple[int, int]], seconds: int, expected: int | None) -> None:
    lengths = [Length(seconds=length, took=took) for length, took in tooks]
    assert typical(lengths, seconds) == expected


def test_a_forecast_names_everyone_once() -> None:
    kinds = itertools.product("ABC", (0, 1), (1, 2))
    line = [
        waiting(f"{name}{n}", server=server, priority=-priority, running_per_member=1, created_at=n)
        for n, (name, priority, server) in enumerate(kinds)
    ]
    turns = foresee(line, [running("A"), running("B", parked=True)])
    assert sorted(turn.job_id for turn in turns) == sorted(job.job_id for job in line)
    waits = [turn.wait for turn in turns if turn.wait is not None]
    assert waits == sorted(waits)
