"""A server's own emoji with weights, as owners type them."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.codes import Code
from bot.domain.errors import InvalidRequest
from bot.domain.ratings import BEST, RatingStyle, plain
from bot.domain.scale import FEWEST, MOST, parse_scale

CUSTOM = "<:yes:123456789012345678>"
EMOJI = [
    *("😍", "🙂", "😴", "❤️", "1️⃣", "#️⃣", "👍🏽", "🏳️‍🌈", "👩‍🚀", "🇩🇪", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🫠", "⭐", "™️"),
    *(CUSTOM, "<a:dance:1234567890123456789>"),
]


@pytest.mark.parametrize("emoji", EMOJI)
def test_every_kind_of_emoji_may_be_a_vote(emoji: str) -> None:
    scale = parse_scale(f"{emoji}=100 💤=0")
    assert scale.style is RatingStyle.OWN
    assert list(scale.values.items()) == [(emoji, 100), ("💤", 0)]
    assert scale.value(emoji) == 100


@pytest.mark.parametrize(
    "text",
    ["😍=100 🙂=60 😴=0", " 😍=100,🙂=60,  😴=0 ", "😍 = 100\n🙂 = 60\n😴 = 0", "😍=100, 🙂 =60 😴= 0"],
)
def test_it_may_be_typed_in_several_ways(text: str) -> None:
    assert list(parse_scale(text).values.items()) == [("😍", 100), ("🙂", 60), ("😴", 0)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", Code.SCALE_COUNT),
        ("😍=100", Code.SCALE_COUNT),
        (" ".join(f"{chr(0x1F600 + n)}={n}" for n in range(11)), Code.SCALE_COUNT),
        ("good=100 bad=0", Code.SCALE_NO_EMOJI),
        ("😍x=100 😴=0", Code.SCALE_NO_EMOJI),
        ("😍🙂=100 😴=0", Code.SCALE_NO_EMOJI),
        (":heart:=100 😴=0", Code.SCALE_NO_EMOJI),
        ("5=100 😴=0", Code.SCALE_NO_EMOJI),
        ("<:yes:12>=100 😴=0", Code.SCALE_NO_EMOJI),
        ("100=😍 0=😴", Code.SCALE_NO_EMOJI),
        ("@everyone=100 😴=0", Code.SCALE_NO_EMOJI),
        ("😍 😴", Code.SCALE_WEIGHT),
        ("😍=101 😴=0", Code.SCALE_WEIGHT),
        ("😍=-1 😴=0", Code.SCALE_WEIGHT),
        ("😍=ten 😴=0", Code.SCALE_WEIGHT),
        ("😍=1.5 😴=0", Code.SCALE_WEIGHT),
        ("😍=١ 😴=0", Code.SCALE_WEIGHT),
        ("😍=1=2 😴=0", Code.SCALE_WEIGHT),
        ("😍=100 😍=0", Code.SCALE_TWICE),
        ("😍=100 ❌=0", Code.SCALE_REMOVAL),
        ("👍=100 👍🏽=0", Code.SCALE_TWICE),
        (f"{CUSTOM}=100 <a:other:123456789012345678>=0", Code.SCALE_TWICE),
    ],
)
def test_what_is_no_scale_is_refused_with_the_reason(text: str, code: Code) -> None:
    with pytest.raises(InvalidRequest) as caught:
        parse_scale(text)
    assert caught.value.code is code


@given(st.text(max_size=60))
def test_any_text_is_a_scale_or_refused(text: str) -> None:
    with contextlib.suppress(InvalidRequest):
        assert FEWEST <= len(parse_scale(text).values) <= MOST


def test_only_the_beginning_of_a_long_wrong_part_is_repeated() -> None:
    with pytest.raises(InvalidRequest) as caught:
        parse_scale(f"{'`x' * 300} 😴=0")
    part = str(caught.value.facts["part"])
    assert len(part) <= 40
    assert "`" not in part, "it is shown between backticks"


@given(
    st.dictionaries(st.sampled_from(EMOJI), st.integers(0, BEST), min_size=FEWEST, max_size=MOST),
    st.sampled_from([" ", ", ", "\n"]),
)
def test_what_is_written_is_what_is_read(values: dict[str, int], between: str) -> None:
    text = between.join(f"{emoji}={value}" for emoji, value in values.items())
    scale = parse_scale(text)
    assert list(scale.values.items()) == list(values.items())
    assert {plain(emoji): scale.value(emoji) for emoji in values} == {
        plain(emoji): value for emoji, value in values.items()
    }
