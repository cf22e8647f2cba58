import pytest

from bot.domain.ratings import vote_value


@pytest.mark.parametrize(
    ("emoji", "value"),
    [
        ("👍", 1),
        ("👎", -1),
        ("👍🏽", 1),
        ("👎🏿", -1),
        ("👍\ufe0f", 1),
        ("❤️", None),
        ("", None),
        ("<:up:1>", None),
    ],
)
def test_an_emoji_is_a_vote_or_nothing(emoji: str, value: int | None) -> None:
    assert vote_value(emoji) == value
