"""Strengths from who was chosen over whom: held against what is known of the model."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.bradley_terry import DRAWN, strengths

NAMES = st.sampled_from("abcdef")
WINS = st.dictionaries(st.tuples(NAMES, NAMES), st.integers(0, 1000), max_size=20)


def skill(value: float) -> float:
    return math.log(value / (1 - value))


def test_without_games_there_is_nobody() -> None:
    assert strengths({}) == {}
    assert strengths({("a", "a"): 5, ("a", "b"): 0}) == {}


def test_two_that_met_once_are_as_the_sum_says() -> None:
    """By hand: the gain of one is the loss of the other, so the average of both stays 1/2."""
    found = strengths({("a", "b"): 1})
    lead = 2 * skill(found["a"].value)
    assert found["a"].value + found["b"].value == pytest.approx(1)
    # As many as it has won, those of games that are not there included, are what its strength promises.
    expected = 1 / (1 + math.exp(-lead)) + 2 * DRAWN / (1 + math.exp(-lead / 2))
    assert expected == pytest.approx(1 + DRAWN)


def test_the_odds_of_two_that_met_often_are_those_of_their_games() -> None:
    found = strengths({("a", "b"): 30_000, ("b", "a"): 10_000})
    assert skill(found["a"].value) - skill(found["b"].value) == pytest.approx(math.log(3), abs=0.001)
    assert found["a"].games == found["b"].games == 40_000


def test_the_order_goes_through_those_who_never_met() -> None:
    found = strengths({("a", "b"): 8, ("b", "a"): 4, ("b", "c"): 8, ("c", "b"): 4})
    assert found["a"].value > found["b"].value > found["c"].value
    assert found["b"].value == pytest.approx(0.5)


@pytest.mark.parametrize("games", [1, 100, 10_000_000])
def test_a_perfect_record_is_good_and_not_infinite(games: int) -> None:
    found = strengths({("a", "b"): games})
    assert 0.5 < found["a"].value < 1
    assert 0 < found["b"].value < 0.5


def test_more_games_of_a_perfect_record_say_more() -> None:
    assert strengths({("a", "b"): 9})["a"].value > strengths({("a", "b"): 2})["a"].value


def test_two_groups_that_never_met_are_as_each_would_be_alone() -> None:
    together = strengths({("a", "b"): 5, ("c", "d"): 2, ("d", "c"): 2})
    assert together["a"].value == pytest.approx(strengths({("a", "b"): 5})["a"].value)
    assert together["c"].value == pytest.approx(0.5)


def test_one_game_between_two_groups_of_many_games_is_enough() -> None:
    """Where simple iteration crawls: what joins both is a millionth of what they play among themselves."""
    found = strengths({("a", "b"): 1_000_000, ("b", "c"): 1, ("c", "d"): 1_000_000})
    assert found["a"].value > found["b"].value
    assert found["c"].value > found["d"].value


@given(WINS)
def test_it_is_the_most_likely_answer(wins: dict[tuple[str, str], int]) -> None:
    """There the wins of each are just as many as its strength makes one expect."""
    found = strengths(wins)
    met = {pair: count for pair, count in wins.items() if count and pair[0] != pair[1]}
    assert set(found) == {name for pair in met for name in pair}
    for name, strength in found.items():
        assert 0 < strength.value < 1
        won = sum(count for (winner, _), count in met.items() if winner == name)
        expected = 2 * DRAWN * strength.value
        for pair, count in met.items():
            if name in pair:
                other = found[pair[0] if pair[1] == name else pair[1]]
                lead = skill(strength.value) - skill(other.value)
                expected += count / (1 + math.exp(-lead))
        assert won + DRAWN == pytest.approx(expected, rel=1e-4, abs=1e-4)
        assert strength.games == sum(count for pair, count in met.items() if name in pair)


@given(WINS)
def test_turned_round_everybody_is_as_bad_as_good_before(wins: dict[tuple[str, str], int]) -> None:
    found = strengths(wins)
    turned = strengths({(loser, winner): count for (winner, loser), count in wins.items()})
    for name, strength in found.items():
        assert turned[name].value == pytest.approx(1 - strength.value, abs=1e-6)
