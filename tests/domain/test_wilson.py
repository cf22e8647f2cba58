"""How sure a share is: against published figures, and at its ends."""

import pytest

from bot.domain.wilson import wilson


@pytest.mark.parametrize(
    ("successes", "votes", "low", "high"),
    [
        # Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_it_gives_the_published_intervals(successes: int, votes: int, low: float, high: float) -> None:
    assert wilson(successes, votes) == pytest.approx((low, high), abs=0.00006)


def test_all_and_none_are_mirror_images() -> None:
    low, high = wilson(0, 7)
    assert low == 0.0
    assert wilson(7, 7) == pytest.approx((1 - high, 1.0))


def test_more_votes_are_surer_and_halves_of_a_vote_count() -> None:
    few, many = wilson(3.5, 7), wilson(350, 700)
    assert few[0] < many[0] < 0.5 < many[1] < few[1]


def test_without_votes_anything_may_be_true() -> None:
    assert wilson(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize("successes", [-0.5, 5.5])
def test_no_share_is_refused(successes: float) -> None:
    with pytest.raises(ValueError, match="no share"):
        wilson(successes, 5)
