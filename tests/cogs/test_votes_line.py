"""The votes on a video, as its server votes."""

import pytest

from bot.domain.ratings import STARS, RatingStyle, Scale, Tally
from cogs.texts import load_library
from cogs.votes import votes_line

STAR = Scale(style=RatingStyle.STARS, values=STARS)
OWN = Scale(style=RatingStyle.OWN, values={"😍": 100, "<:yes:123456789012345678>": 60, "❤️": 0})
MIXED = Tally(
    people=7,
    total=400,
    by_value={100: 3, 50: 2, 0: 2},
    by_emoji={"👍": 2, "😍": 1, "3\u20e3": 2, "❤": 1, "987654321098765432": 1},
)


@pytest.mark.parametrize(
    ("scale", "tally", "line"),
    [
        (Scale(), Tally(), "👍 0 · 👎 0"),
        (Scale(), MIXED, "👍 3 · 👎 2"),
        (STAR, Tally(), "No votes yet"),
        (STAR, Tally(people=1, total=0, by_value={0: 1}), "⭐ 1.0 of 5 · one vote"),
        (STAR, Tally(people=7, total=560, by_value={80: 7}), "⭐ 4.2 of 5 · 7 votes"),
        (STAR, Tally(people=2000, total=200000, by_value={100: 2000}), "⭐ 5.0 of 5 · 2,000 votes"),
        (OWN, Tally(), "No votes yet"),
        (
            OWN,
            MIXED,
            "😍 1 · <:yes:123456789012345678> 0 · ❤️ 1 · 👍 2 · 3\u20e3 2 · <:vote:987654321098765432> 1",
        ),
    ],
)
def test_votes_are_told_in_the_style_of_the_server(scale: Scale, tally: Tally, line: str) -> None:
    assert votes_line(tally, scale, load_library().texts("en-US")) == line
