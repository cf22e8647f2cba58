"""Which emoji are commands, and when."""

import pytest

from bot.domain.emoji_command import EmojiCommand, is_switched_on, read_command
from bot.domain.feedback import FeedbackSettings
from bot.domain.posting import best_copy, best_id, reel_id
from bot.domain.ratings import RatingStyle, Scale
from tests.factories import make_job

C = EmojiCommand


@pytest.mark.parametrize(
    ("emoji", "command"),
    [
        ("✉️", C.LETTER),
        ("✉", C.LETTER),
        ("⭐", C.FAVOURITE),
        ("⭐\ufe0f", C.FAVOURITE),
        ("❌", C.REMOVAL),
        ("👎", None),
        ("👍", None),
        ("🌟", None),
        ("💌", None),
        ("❤️", None),
        ("<:star:123>", None),
        ("", None),
    ],
)
def test_three_emoji_are_commands(emoji: str, command: EmojiCommand | None) -> None:
    assert read_command(emoji) is command


@pytest.mark.parametrize(
    ("command", "off"),
    [
        (C.LETTER, FeedbackSettings(letter=False)),
        (C.FAVOURITE, FeedbackSettings(favourite=False)),
        (C.REMOVAL, FeedbackSettings(removal=False)),
    ],
)
def test_each_can_be_switched_off_by_itself(command: EmojiCommand, off: FeedbackSettings) -> None:
    assert [is_switched_on(each, off) for each in C] == [each is not command for each in C]
    assert all(is_switched_on(each, FeedbackSettings()) for each in C)


def test_what_a_server_votes_by_is_a_vote() -> None:
    scale = Scale(style=RatingStyle.OWN, values={"😍": 100, "❌": 0})
    assert not is_switched_on(C.REMOVAL, FeedbackSettings(scale=scale))
    assert is_switched_on(C.LETTER, FeedbackSettings(scale=scale))


def test_a_posting_is_named_after_what_it_is() -> None:
    job = make_job(id="1234567890123456789")
    posting = best_copy(job, guild_id=1, channel_id=2)
    assert posting.id == best_id(job.id) == "best:1234567890123456789"
    assert job.short_id in posting.mark
    assert len(posting.nonce) == 25
    assert posting.nonce != best_copy(make_job(id="2"), guild_id=1, channel_id=2).nonce
    assert reel_id(1, "2026-11") == "reel:1:2026-11"
