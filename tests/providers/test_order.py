"""The body of a create request in each dialect."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.video import Size
from bot.providers.order import Order, aspect_ratio, make_order, resolution
from bot.providers.profile import load_profile, parse_profile
from bot.providers.profile_create import Encoding
from tests.factories import make_request

TEXT = {"prompt": "a red fox in snow", "model": "preview", "size": "1280x720", "seconds": "8"}


def test_without_a_picture_a_mixed_dialect_gets_json() -> None:
    order = make_order(load_profile("preview"), make_request(), picture=None, key="job-1")
    assert (order.json, order.form) == (TEXT, None)
    assert order.headers == {"Idempotency-Key": "job-1"}


def test_with_a_picture_it_gets_a_form_with_a_jpeg_file() -> None:
    order = make_order(load_profile("preview"), make_request(), picture=b"jpeg", key="job-1")
    assert order.json is None
    assert order.form == (
        *((name, (None, value)) for name, value in TEXT.items()),
        ("input_reference", ("reference.jpg", b"jpeg", "image/jpeg")),
    )


def test_a_multipart_dialect_gets_a_form_for_text_too_and_no_key() -> None:
    profile = load_profile("openai")
    profile = replace(profile, create=replace(profile.create, encoding=Encoding.MULTIPART))
    order = make_order(profile, make_request(), picture=None, key="job-1")
    assert order.json is None
    assert order.form == tuple((name, (None, value)) for name, value in TEXT.items())
    assert order.headers == {}


def test_empty_options_and_those_without_a_field_are_left_out() -> None:
    request = make_request(model="", seed=7, negative="blur")
    order = make_order(load_profile("openai"), request, picture=None, key="job-1")
    assert order.json == {name: value for name, value in TEXT.items() if name != "model"}


def test_options_go_under_the_names_of_the_dialect() -> None:
    profile = load_profile("preview")
    fields = {"prompt": "text", "seconds": "duration", "seed": "seed", "negative": "negative_prompt"}
    request = make_request(seed=0, negative="blur")
    order = make_order(
        replace(profile, create=replace(profile.create, fields=fields)), request, picture=None, key="job-1"
    )
    assert order.json == {
        "text": "a red fox in snow",
        "duration": "8",
        "seed": 0,
        "negative_prompt": "blur",
    }


# --- every way to write an order -------------------------------------------------------------------

SHAPE = """
routes = { create = "/jobs", poll = "/jobs/{id}", probe = "/jobs" }
model = { sizes = ["1280x720"], seconds = [8] }
"""


def order(create: str, fields: str, request: Any = None, **pictures: bytes | None) -> Order:
    text = f'{SHAPE}\n[create]\n{create}\n[fields]\nprompt = "prompt"\n{fields}'
    profile = parse_profile(text, name="mine", file="mine.toml")
    wanted = {"picture": None, "key": "job-1"} | pictures
    return make_order(profile, request or make_request(), **wanted)  # type: ignore[arg-type]


JSON = 'encoding = "json"'
PROMPT = {"prompt": "a red fox in snow"}


@pytest.mark.parametrize(
    ("create", "fields", "body"),
    [
        pytest.param(JSON, 'seconds = "seconds"', {"seconds": "8"}, id="the length as text"),
        pytest.param(
            f'{JSON}\nseconds = "number"',
            'seconds = "duration"',
            {"duration": 8},
            id="the length as a number",
        ),
        pytest.param(JSON, 'size = "size"', {"size": "1280x720"}, id="the size as text"),
        pytest.param(JSON, 'width = "w"\nheight = "h"', {"w": 1280, "h": 720}, id="width and height"),
        pytest.param(
            JSON,
            'resolution = "resolution"\naspect_ratio = "aspect_ratio"',
            {"resolution": "720p", "aspect_ratio": "16:9"},
            id="resolution and shape",
        ),
        pytest.param(
            JSON,
            'seed = "options.seed"\nnegative = "options.no"',
            {"options": {"seed": 7, "no": "blur"}},
            id="inside an object",
        ),
        pytest.param(JSON, 'audio = "sound"', {"sound": False}, id="no sound"),
        pytest.param(
            f"{JSON}\nextra = {{ n = 1, options = {{ fast = true }} }}",
            'seed = "options.seed"',
            {"n": 1, "options": {"fast": True, "seed": 7}},
            id="what goes along always",
        ),
    ],
)
def test_an_order_is_written_as_the_profile_says(create: str, fields: str, body: dict[str, Any]) -> None:
    request = make_request(seed=7, negative="blur", audio=False)
    assert order(create, fields, request).json == PROMPT | body


def test_an_order_does_not_change_the_profile_for_the_next_one() -> None:
    text = (
        f'{SHAPE}\n[create]\n{JSON}\nextra = {{ options = {{ fast = true }} }}\n[fields]\nprompt = "prompt"'
    )
    profile = parse_profile(f'{text}\nseed = "options.seed"', name="mine", file="mine.toml")
    made = [
        make_order(profile, make_request(seed=seed), picture=None, key="job-1").json for seed in (7, None)
    ]
    assert made == [PROMPT | {"options": {"fast": True} | more} for more in ({"seed": 7}, {})]


def test_a_form_writes_objects_as_json_and_truth_in_small_letters() -> None:
    request = make_request(seed=7, audio=True)
    made = order('encoding = "multipart"', 'seed = "options.seed"\naudio = "sound"', request)
    assert made.form == (
        ("prompt", (None, "a red fox in snow")),
        ("options", (None, '{"seed": 7}')),
        ("sound", (None, "true")),
    )


URL = "data:image/jpeg;base64,anBlZw=="


def frame(kind: str) -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": URL}, "frame_type": kind}


@pytest.mark.parametrize(
    ("picture_as", "first", "last"),
    [
        pytest.param("data-url", URL, URL, id="data URL"),
        pytest.param("data-url-object", {"image_url": URL}, {"image_url": URL}, id="object"),
    ],
)
def test_a_picture_in_json_is_a_data_url(picture_as: str, first: object, last: object) -> None:
    fields = 'picture = "image"\nlast-picture = "end.image"'
    made = order(f'{JSON}\npicture = "{picture_as}"', fields, picture=b"jpeg", last_picture=b"jpeg")
    assert made.json == PROMPT | {"image": first, "end": {"image": last}}


def test_frames_are_a_list_in_their_order() -> None:
    fields = 'picture = "frames"\nlast-picture = "frames"'
    made = order(f'{JSON}\npicture = "frame-images"', fields, picture=b"jpeg", last_picture=b"jpeg")
    assert made.json == PROMPT | {"frames": [frame("first_frame"), frame("last_frame")]}


def test_a_data_url_needs_no_form_where_both_are_taken() -> None:
    made = order('encoding = "json-or-multipart"\npicture = "data-url"', 'picture = "image"', picture=b"jpeg")
    assert (made.json, made.form) == (PROMPT | {"image": URL}, None)


def test_two_files_are_two_parts() -> None:
    fields = 'picture = "first"\nlast-picture = "last"'
    made = order('encoding = "json-or-multipart"', fields, picture=b"one", last_picture=b"two")
    assert made.form == (
        ("prompt", (None, "a red fox in snow")),
        ("first", ("reference.jpg", b"one", "image/jpeg")),
        ("last", ("reference.jpg", b"two", "image/jpeg")),
    )


@pytest.mark.parametrize("create", [JSON, 'encoding = "multipart"'])
def test_a_picture_without_a_field_is_not_sent(create: str) -> None:
    made = order(create, "", picture=b"jpeg", last_picture=b"jpeg")
    assert (made.json or {"prompt": "a red fox in snow"}) == PROMPT
    assert made.form in (None, (("prompt", (None, "a red fox in snow")),))


@pytest.mark.parametrize(
    ("size", "lines", "ratio"),
    [
        (Size(1280, 720), "720p", "16:9"),
        (Size(720, 1280), "720p", "9:16"),
        (Size(1280, 704), "704p", "16:9"),
        (Size(3840, 2160), "4K", "16:9"),
        (Size(1024, 1024), "1024p", "1:1"),
        (Size(640, 480), "480p", "4:3"),
        (Size(1000, 480), "480p", "25:12"),
    ],
)
def test_a_size_has_a_resolution_and_a_shape(size: Size, lines: str, ratio: str) -> None:
    assert (resolution(size), aspect_ratio(size)) == (lines, ratio)
