"""Lengths that add up to what a model cannot make at once."""

import itertools

import pytest

from bot.domain.lengths import MOST_PARTS, nearest_length, parts_of


@pytest.mark.parametrize(
    ("wished", "offered", "nearest"),
    [(8, (4, 8, 12), 8), (9, (4, 8, 12), 8), (10, (4, 8, 12), 8), (11, (4, 8, 12), 12), (99, (5,), 5)],
)
def test_the_nearest_length(wished: int, offered: tuple[int, ...], nearest: int) -> None:
    assert nearest_length(wished, offered) == nearest


@pytest.mark.parametrize(
    ("wished", "offered", "parts"),
    [
        (20, (4, 8, 12), (12, 8)),
        (16, (4, 8, 12), (8, 8)),
        (24, (4, 8, 12), (12, 12)),
        (28, (4, 8, 12), (12, 8, 8)),
        (22, (4, 8, 12), (12, 8)),
        (23, (4, 8, 12), (12, 12)),
        (13, (4, 8, 12), (8, 8)),
        (9, (8,), (8, 8)),
        (12, (5, 10), (10, 5)),
        (120, (4, 8, 12), (12,) * 10),
        (121, (4, 8, 12), ()),
        (100, (1, 60), (60,) + (1,) * 9),
        (30, (5, 6, 7, 8, 9, 10), (10, 10, 10)),
        (31, (5, 6, 7, 8, 9, 10), (8, 8, 8, 7)),
    ],
)
def test_parts_that_add_up_best(wished: int, offered: tuple[int, ...], parts: tuple[int, ...]) -> None:
    assert parts_of(wished, offered) == parts


@pytest.mark.parametrize("offered", [(4, 8, 12), (5, 10), (8,), (3, 7), (6, 9, 14)])
def test_no_sum_of_so_many_parts_is_nearer(offered: tuple[int, ...]) -> None:
    sums = {
        sum(parts)
        for count in range(2, MOST_PARTS + 1)
        for parts in itertools.combinations_with_replacement(offered, count)
    }
    for wished in range(max(offered) + 1, MOST_PARTS * max(offered) + 1):
        allowed = [total for total in sums if max(offered) < total <= wished + min(offered)]
        parts = parts_of(wished, offered)
        assert 2 <= len(parts) <= MOST_PARTS
        assert abs(sum(parts) - wished) == min(abs(total - wished) for total in allowed)
