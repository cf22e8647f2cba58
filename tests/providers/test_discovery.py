"""What APIs' own lists say of their models."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.capabilities import Option
from bot.providers.discovery import entries, model_names, read_openrouter

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)
KEYS = (
    "supported_durations",
    "supported_sizes",
    "supported_resolutions",
    "supported_aspect_ratios",
    "supported_frame_images",
    "seed",
    "generate_audio",
    "pricing_skus",
)


def one(**fields: object) -> object:
    return read_openrouter({"data": [{"id": "m", **fields}]})["m"]


@pytest.mark.parametrize(
    ("fields", "sizes"),
    [
        ({"supported_sizes": ["1280x720", "720x1280", "1280x720"]}, ["1280x720", "720x1280"]),
        (
            {"supported_resolutions": ["720p"], "supported_aspect_ratios": ["16:9", "9:16", "1:1"]},
            ["1280x720", "720x1280", "720x720"],
        ),
        ({"supported_resolutions": ["480p"], "supported_aspect_ratios": ["16:9"]}, ["854x480"]),
        ({"supported_resolutions": ["4K"], "supported_aspect_ratios": ["16:9"]}, ["3840x2160"]),
        (
            {"supported_resolutions": ["auto", "1080p"], "supported_aspect_ratios": ["21:9", "0:9"]},
            ["2520x1080"],
        ),
        ({"supported_sizes": ["huge", "64x64"]}, ["64x64"]),
        ({"supported_resolutions": ["2K"], "supported_aspect_ratios": ["16:9"]}, None),
        ({"supported_resolutions": ["720p"]}, None),
        ({"supported_sizes": None, "supported_resolutions": []}, None),
    ],
)
def test_sizes_are_those_named_or_each_resolution_in_each_shape(
    fields: dict[str, object], sizes: list[str] | None
) -> None:
    found = one(**fields)
    assert (found.sizes and [str(size) for size in found.sizes]) == sizes  # type: ignore[attr-defined]


def test_lengths_come_in_order_and_nonsense_is_left_out() -> None:
    found = read_openrouter([{"id": "m", "supported_durations": [8, 4, 8, 0, -1, "5", True, 6.5]}])["m"]
    assert found.seconds == (4, 8)


def test_a_flag_is_known_only_where_it_is_said() -> None:
    said = read_openrouter(
        [{"id": "m", "seed": False, "generate_audio": True, "supported_frame_images": ["first_frame"]}]
    )["m"]
    assert said.options == {
        Option.SEED: False,
        Option.AUDIO: True,
        Option.PICTURE: True,
        Option.LAST_PICTURE: False,
    }
    unsaid = read_openrouter([{"id": "m", "seed": None, "supported_frame_images": None}])["m"]
    assert unsaid.options == {}


@pytest.mark.parametrize(
    ("skus", "price"),
    [
        ({"duration_seconds_with_audio": "0.40", "duration_seconds_without_audio": "0.2"}, Decimal("0.40")),
        ({"cents_per_second_output": "12"}, Decimal("0.12")),
        ({"video_tokens": "0.000007"}, None),
        ({"duration_seconds": "free"}, None),
        ({"duration_seconds": "NaN"}, None),
        ({"duration_seconds": "-1"}, None),
        ({"cents_per_second": "1e99999999"}, None),
        (None, None),
    ],
)
def test_the_price_is_the_dearest_second(skus: object, price: Decimal | None) -> None:
    assert read_openrouter([{"id": "m", "pricing_skus": skus}])["m"].price_per_second == price


@pytest.mark.parametrize(
    ("data", "names"),
    [
        ({"data": [{"id": "a"}, {"id": "b"}]}, {"a", "b"}),
        ({"models": ["a", {"name": "b"}]}, {"a", "b"}),
        ([{"id": 3}, None, "c"], {"c"}),
        ({"error": "no"}, set()),
        ("<html>", set()),
    ],
)
def test_names_are_read_from_any_list(data: object, names: set[str]) -> None:
    assert model_names(data) == names


def test_only_a_list_is_a_list() -> None:
    assert entries({"data": []}) == []
    assert entries({"data": {}}) is None
    assert entries(None) is None


@given(st.lists(st.dictionaries(st.sampled_from(KEYS), ANY_JSON)) | ANY_JSON)
def test_whatever_comes_is_read_or_left_out(data: object) -> None:
    model_names(data)
    if isinstance(data, list):
        data = [{"id": "m", **entry} if isinstance(entry, dict) else entry for entry in data]
    for found in read_openrouter(data).values():
        assert found.sizes is None or all(size.width > 0 and size.height > 0 for size in found.sizes)
        assert found.price_per_second is None or found.price_per_second >= 0
