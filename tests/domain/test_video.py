import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.capabilities import Asked, Known, Option, Source, Support
from bot.domain.codes import Code
from bot.domain.errors import InvalidRequest
from bot.domain.video import Size
from tests.factories import TALL, WIDE, make_capabilities


@pytest.mark.parametrize("text", ["1280x720", "1280×720", " 1280X720 "])
def test_a_size_is_read_as_people_write_it(text: str) -> None:
    assert Size.parse(text) == WIDE


@pytest.mark.parametrize("text", ["", "1280", "x", "1280x", "-1x5", "0x0", "axb", "1280x720x3"])
def test_nonsense_is_no_size(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - int() and our own message alike
        Size.parse(text)


@given(st.integers(1, 10_000), st.integers(1, 10_000))
def test_a_size_reads_what_it_writes(width: int, height: int) -> None:
    assert Size.parse(str(Size(width, height))) == Size(width, height)


def test_only_the_prompt_is_required() -> None:
    request = make_capabilities().request(Asked(prompt="a fox"))
    assert (request.size, request.seconds, request.model) == (WIDE, 8, "preview")


@pytest.mark.parametrize(
    ("picture", "size"),
    [
        (Size(4000, 3000), WIDE),
        (Size(3000, 4000), TALL),
        (Size(1000, 1000), WIDE),
        (Size(100, 900), TALL),
        (Size(9000, 10), WIDE),
    ],
    ids=str,
)
def test_without_a_size_the_picture_decides(picture: Size, size: Size) -> None:
    assert make_capabilities().request(Asked(prompt="a fox", picture=picture)).size == size


def test_a_wanted_size_wins_over_the_picture() -> None:
    request = make_capabilities().request(Asked(prompt="a fox", size="720x1280", picture=WIDE))
    assert request.size == TALL


@pytest.mark.parametrize(
    ("options", "code"),
    [
        pytest.param({"prompt": ""}, Code.PROMPT_EMPTY, id="empty prompt"),
        pytest.param({"prompt": " \u200b "}, Code.PROMPT_EMPTY, id="invisible prompt"),
        pytest.param({"prompt": "x" * 5000}, Code.PROMPT_TOO_LONG, id="5,000 characters"),
        pytest.param({"prompt": "a", "size": "1x1"}, Code.SIZE_UNKNOWN, id="unknown size"),
        pytest.param({"prompt": "a", "size": "huge"}, Code.SIZE_UNKNOWN, id="no size"),
        pytest.param({"prompt": "a", "seconds": 5}, Code.SECONDS_UNKNOWN, id="unknown length"),
        pytest.param({"prompt": "a", "seconds": -8}, Code.SECONDS_UNKNOWN, id="negative length"),
    ],
)
def test_a_wrong_option_is_refused_by_name(options: dict[str, object], code: Code) -> None:
    with pytest.raises(InvalidRequest) as caught:
        make_capabilities().request(Asked(**options))  # type: ignore[arg-type]  # the table mixes the types
    assert caught.value.code is code


def test_the_longest_prompt_fits_and_one_more_character_does_not() -> None:
    capabilities = make_capabilities(prompt_limit=10)
    assert capabilities.request(Asked(prompt="x" * 10)).prompt == "x" * 10
    with pytest.raises(InvalidRequest) as caught:
        capabilities.request(Asked(prompt="x" * 11))
    assert dict(caught.value.facts) == {"length": 11, "limit": 10}


def test_a_model_without_picture_input_says_so() -> None:
    with pytest.raises(InvalidRequest) as caught:
        make_capabilities(options={Option.PICTURE: Known(Support.NO, Source.CARD)}).request(
            Asked(prompt="a", picture=WIDE)
        )
    assert caught.value.code is Code.OPTION_UNSUPPORTED
