"""Blind comparisons: who may be compared with whom, which is A, and what differs."""

from dataclasses import replace

import pytest

from bot.domain.comparison import ComparisonId, Facet, Side, Votes, akin, differing, may_be_compared, sides
from bot.domain.job import Job, JobId, Venue
from bot.domain.origin import Origin, Relation
from bot.domain.states import JobState
from tests.factories import NOW, make_job, make_place, make_request

ONE, TWO = JobId("1"), JobId("2")


def made(number: int, **changes: object) -> Job:
    values: dict[str, object] = {"state": JobState.DELIVERED, "result_message_id": 900 + number}
    return make_job(id=str(number), created_at=NOW + number, **(values | changes))


def test_the_sides_are_shuffled_and_the_same_for_the_same_comparison() -> None:
    seen = [sides(ComparisonId(str(number)), ONE, TWO) for number in range(200)]
    assert seen == [sides(ComparisonId(str(number)), ONE, TWO) for number in range(200)]
    assert 60 < seen.count((ONE, TWO)) < 140
    assert set(seen) == {(ONE, TWO), (TWO, ONE)}


def test_the_winner_has_more_votes() -> None:
    assert Votes(a=2, b=1).winner is Side.A
    assert Votes(a=2, b=3).winner is Side.B
    assert Votes(a=2, b=2).winner is None
    assert Votes().winner is None


@pytest.mark.parametrize(
    ("changes", "may"),
    [
        ({}, True),
        ({"state": JobState.RENDERING}, False),
        ({"result_message_id": None}, False),
        ({"venue": Venue.DIRECT}, False),
        ({"venue": Venue.PARENT}, True),
        ({"place": make_place(guild_id=999)}, False),
    ],
    ids=["here", "not ready", "deleted", "a direct message", "the parent channel", "another server"],
)
def test_only_what_stands_on_the_server_may_be_compared(changes: dict[str, object], may: bool) -> None:
    assert may_be_compared(made(1, **changes), guild_id=100) is may


def test_other_takes_come_first_and_other_moments_last() -> None:
    def of(number: int, parent: int | None, relation: Relation | None, board: str | None = None) -> Job:
        origin = Origin(parent=None if parent is None else str(parent), relation=relation, board=board)
        return made(number, origin=origin)

    asked = of(10, 5, Relation.VARIATION, "board")
    take, later_take = of(11, 5, Relation.VARIATION, "board"), of(14, 5, Relation.VARIATION, "board")
    brother, father, son = of(12, 5, Relation.REMIX), of(5, None, None), of(13, 10, Relation.AGAIN)
    scene = of(9, 10, Relation.CONTINUATION)
    family = [scene, son, father, brother, later_take, asked, take]
    assert akin(asked, family) == [take, later_take, brother, son, father, scene]


def test_what_differs_is_told_apart() -> None:
    job = made(1, request=make_request(seed=5))
    assert differing(job, made(2, request=job.request)) == []
    other = replace(job.request, prompt="a hare", style="noir", seed=6, seconds=4)
    assert differing(job, made(2, request=other)) == [
        Facet.PROMPT,
        Facet.STYLE,
        Facet.SECONDS,
        Facet.SEED,
    ]
    assert differing(job, made(2, request=job.request, provider="other")) == [Facet.MODEL]


def test_the_words_of_a_style_are_no_difference_beside_its_name() -> None:
    job = made(1, request=make_request(prompt="a fox"))
    noir = make_request(prompt="a fox, film noir", typed="a fox", style="noir")
    assert differing(job, made(2, request=noir)) == [Facet.STYLE]
    assert differing(job, made(2, request=replace(noir, style=None))) == [Facet.PROMPT]
