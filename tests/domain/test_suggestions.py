"""What is worth choosing, from how it was voted on."""

import pytest

from bot.domain.join import Join
from bot.domain.suggestions import (
    NONE,
    Hint,
    Standing,
    Standings,
    Trait,
    Voted,
    best_first,
    hint,
    standings,
)
from bot.domain.trends import TOO_FEW
from bot.domain.video import Size, VideoRequest

REQUEST = VideoRequest(prompt="a fox", size=Size(2, 2), seconds=8, model="one", style="anime")


def voted(votes: int, total: int, *, style: str | None = "anime", model: str = "house/one") -> Voted:
    return Voted(style=style, model=model, seconds=8, votes=votes, total=total)


def stands(percent: int, votes: int) -> Standing:
    return Standing(votes=votes, total=percent * votes)


def test_votes_add_up_by_each_choice() -> None:
    known = standings([voted(4, 400), voted(6, 100, model="house/two"), voted(30, 3000, style=None)])
    assert known.styles == {"anime": Standing(votes=10, total=500)}
    assert known.models == {
        "house/one": Standing(votes=34, total=3400),
        "house/two": Standing(votes=6, total=100),
    }
    assert known.seconds == {8: Standing(votes=40, total=3500)}
    assert known.styles["anime"].approval == 0.5
    assert known.styles["anime"].percent == 50


@pytest.mark.parametrize(("votes", "there"), [(TOO_FEW - 1, False), (TOO_FEW, True)])
def test_too_few_votes_say_nothing(votes: int, there: bool) -> None:
    assert ("anime" in standings([voted(votes, 100 * votes)]).styles) is there


def test_what_is_surely_liked_comes_first_and_the_rest_stays() -> None:
    known = {
        "sure": stands(90, 100),
        "new": stands(100, 5),
        "disliked": stands(20, 50),
        "even": stands(50, 50),
        "fair": stands(60, 200),
    }
    usual = ["a", "disliked", "fair", "b", "new", "even", "sure", "c"]
    assert best_first(usual, known.get) == ["sure", "new", "fair", "a", "disliked", "b", "even", "c"]
    assert known["new"].approval > known["sure"].approval > known["new"].lower
    assert best_first(usual, lambda _: None) == usual


def test_the_hint_is_about_the_look_else_the_model_else_the_length() -> None:
    style, model, length = stands(80, 10), stands(70, 20), stands(60, 30)
    whole = Standings(styles={"anime": style}, models={"house/one": model}, seconds={8: length})
    assert hint(REQUEST, "house/one", whole) == Hint(trait=Trait.STYLE, standing=style)
    without = Standings(styles={"noir": style}, models=whole.models, seconds=whole.seconds)
    assert hint(REQUEST, "house/one", without) == Hint(trait=Trait.MODEL, standing=model)
    assert hint(REQUEST, "house/two", without) == Hint(trait=Trait.SECONDS, standing=length)
    assert hint(REQUEST, "house/one", NONE) is None


def test_a_joined_video_has_no_hint() -> None:
    joined = VideoRequest(prompt="", size=Size(2, 2), seconds=8, join=Join(sources=("1", "2")))
    assert hint(joined, "house/", Standings(seconds={8: stands(60, 30)})) is None
