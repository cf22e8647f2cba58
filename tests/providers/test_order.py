"""The body of a create request in each dialect."""

from dataclasses import replace

from bot.providers.order import make_order
from bot.providers.profile import Encoding, load_profile
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
    profile = replace(load_profile("openai"), encoding=Encoding.MULTIPART)
    order = make_order(profile, make_request(), picture=None, key="job-1")
    assert order.json is None
    assert order.form == tuple((name, (None, value)) for name, value in TEXT.items())
    assert order.headers == {}


def test_empty_options_and_those_without_a_field_are_left_out() -> None:
    request = make_request(model="", seed=7, negative="blur")
    order = make_order(load_profile("preview"), request, picture=None, key="job-1")
    assert order.json == {name: value for name, value in TEXT.items() if name != "model"}


def test_options_go_under_the_names_of_the_dialect() -> None:
    profile = load_profile("preview")
    fields = {"prompt": "text", "seconds": "duration", "seed": "seed", "negative": "negative_prompt"}
    request = make_request(seed=0, negative="blur")
    order = make_order(replace(profile, fields=fields), request, picture=None, key="job-1")
    assert order.json == {
        "text": "a red fox in snow",
        "duration": "8",
        "seed": 0,
        "negative_prompt": "blur",
    }
