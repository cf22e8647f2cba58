"""Which of the emoji that a person holds is the vote: by example, and against a list of what was done."""

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from bot.domain.ratings import BEST, STARS, THUMBS, RatingStyle, Scale, Tally, plain
from bot.domain.votes import NORMAL, SUPER, Held, Vote, counting, given, recounted, taken_back


@pytest.mark.parametrize(
    ("emoji", "value"),
    [
        ("👍", BEST),
        ("👎", 0),
        ("👍🏽", BEST),
        ("👎🏿", 0),
        ("👍\ufe0f", BEST),
        ("❤️", None),
        ("", None),
        ("<:up:1>", None),
        ("5️⃣", None),
    ],
)
def test_an_emoji_is_a_vote_or_nothing(emoji: str, value: int | None) -> None:
    assert Scale().value(emoji) == value


def test_stars_are_worth_a_quarter_each() -> None:
    stars = Scale(style=RatingStyle.STARS, values=STARS)
    assert [stars.value(f"{number}\ufe0f\u20e3") for number in range(1, 6)] == [0, 25, 50, 75, 100]
    assert stars.value("3\u20e3") == 50, "without the mark that some clients leave out"
    assert stars.value("👍") is None


def test_an_emoji_of_a_server_is_its_id_whatever_its_name() -> None:
    scale = Scale(style=RatingStyle.OWN, values={"<:yes:123456789012345678>": 80, "😴": 0})
    assert scale.value("<a:of_course:123456789012345678>") == 80
    assert scale.value("<:yes:999999999999999999>") is None


@pytest.mark.parametrize(
    ("tally", "approval"),
    [
        (Tally(), None),
        (Tally(people=4, total=300), 0.75),
        (Tally(people=1, total=0), 0.0),
        (Tally(people=3, total=300), 1.0),
    ],
)
def test_approval_is_the_mean_vote(tally: Tally, approval: float | None) -> None:
    assert tally.approval == approval


Step = tuple[bool, str, int]
STEPS = st.lists(
    st.tuples(st.booleans(), st.sampled_from(["👍", "👎", "❤"]), st.sampled_from([NORMAL, SUPER]))
)


@for_all(steps=STEPS, clock=st.lists(st.integers(0, 50), min_size=1))
def test_the_vote_is_what_was_given_last_and_is_still_held(steps: list[Step], clock: list[int]) -> None:
    """The clock may stand still and jump back."""
    held: Held = {}
    order: list[str] = []
    kinds: dict[str, set[int]] = {}
    for number, (gives, emoji, kind) in enumerate(steps):
        if gives:
            held = given(held, emoji, value=1, at=clock[number % len(clock)], kind=kind)
            order = [other for other in order if other != emoji] + [emoji]
            kinds.setdefault(emoji, set()).add(kind)
        else:
            held = taken_back(held, emoji, kind=kind)
            kinds.get(emoji, set()).discard(kind)
            order = [other for other in order if other != emoji or kinds.get(emoji)]
        assert counting(held) == (order[-1] if order else None)
        assert {emoji: vote.held for emoji, vote in held.items()} == {
            emoji: sum(of) for emoji, of in kinds.items() if of
        }
        times = [vote.at for vote in held.values()]
        assert len(times) == len(set(times)), "two of one time could not be put into an order"


def test_a_normal_and_a_super_reaction_are_one_vote_until_both_are_gone() -> None:
    held = given({}, "👍", value=100, at=1, kind=NORMAL)
    held = given(held, "👍", value=100, at=2, kind=SUPER)
    assert held == {"👍": Vote(value=100, at=2, held=NORMAL | SUPER)}
    held = taken_back(held, "👍", kind=NORMAL)
    assert counting(held) == "👍"
    assert taken_back(held, "👍", kind=NORMAL) == held, "told twice"
    assert taken_back(held, "👍", kind=SUPER) == {}


VALUES = {plain(emoji): value for emoji, value in THUMBS.items()}


@pytest.mark.parametrize(
    ("held", "shown", "after"),
    [
        pytest.param({}, {"👍": 1}, {"👍": Vote(value=100, at=99)}, id="a new vote is of now"),
        pytest.param(
            {"👍": Vote(value=60, at=5)},
            {"👍": 1},
            {"👍": Vote(value=60, at=5)},
            id="one that stands keeps time and value, also where the scale says another today",
        ),
        pytest.param({"👍": Vote(value=100, at=5)}, {}, {}, id="one that is gone"),
        pytest.param(
            {"👍": Vote(value=100, at=5)},
            {"👍": 1, "👎": 1},
            {"👍": Vote(value=100, at=5), "👎": Vote(value=0, at=99)},
            id="one that came meanwhile is newer",
        ),
        pytest.param(
            {"👍": Vote(value=100, at=200)},
            {"👍": 3, "👎": 1},
            {"👍": Vote(value=100, at=200, held=3), "👎": Vote(value=0, at=201)},
            id="also where the clock was set back",
        ),
        pytest.param(
            {},
            {"👎": 1, "👍": 1},
            {"👍": Vote(value=100, at=99), "👎": Vote(value=0, at=100)},
            id="of two new ones the scale's last is the vote",
        ),
        pytest.param({}, {"❤": 1}, {}, id="what is no vote"),
        pytest.param(
            {"❤": Vote(value=30, at=5)},
            {"❤": 1},
            {"❤": Vote(value=30, at=5)},
            id="an emoji of an earlier scale stays what it was",
        ),
    ],
)
def test_a_recount_makes_it_what_the_message_shows(
    held: Held, shown: dict[str, int], after: dict[str, Vote]
) -> None:
    assert recounted(held, shown, VALUES, 99) == after


@for_all(
    held=st.dictionaries(st.sampled_from(["👍", "👎", "❤"]), st.integers(1, 9)),
    shown=st.dictionaries(st.sampled_from(["👍", "👎", "🤷"]), st.integers(1, 3)),
)
def test_a_second_recount_changes_nothing(held: dict[str, int], shown: dict[str, int]) -> None:
    before = {emoji: Vote(value=7, at=at) for emoji, at in held.items()}
    once = recounted(before, shown, VALUES, 99)
    assert recounted(once, shown, VALUES, 500) == once
    assert once.keys() == shown.keys() & (VALUES.keys() | held.keys())
