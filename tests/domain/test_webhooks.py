"""Whose a webhook is: published vectors, wrong ones of every kind, and headers that nobody would send."""

import base64
import hashlib
import hmac
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.webhooks import (
    OPENROUTER_HEADER,
    TOLERANCE,
    Flaw,
    Signed,
    WebhookSecret,
    check,
    remote_ids,
    sign,
)

# The vector of the Standard Webhooks project's own test suite.
SECRET = WebhookSecret.parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
BODY = b'{"test": 2432232314}'
TIME = 1_614_265_330
DELIVERY = "msg_p5jXN8AQM9LWM0D4loKWxJek"
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
HEADERS = {"webhook-id": DELIVERY, "webhook-timestamp": str(TIME), "webhook-signature": SIGNATURE}

# By `openssl dgst -sha256 -hmac or-secret` over `1764347090,` and the body.
OR_SECRET = WebhookSecret.parse("or-secret")
OR_BODY = b'{"type":"video.generation.completed","data":{"id":"gen-vid-1"}}'
OR_TIME = 1_764_347_090
OR_SIGNATURE = "be9236bd7d08906b71fbe1d32878f98ae78a14bfa7028fa2b869c4b8a0e6bd87"
OR_HEADERS = {OPENROUTER_HEADER: f"t={OR_TIME},v1={OR_SIGNATURE}"}

FORGED = base64.b64encode(bytes(32)).decode()


def test_the_published_vector_is_believed() -> None:
    assert check(HEADERS, BODY, SECRET, now=TIME) == Signed(DELIVERY)


def test_ours_are_signed_as_published() -> None:
    assert sign(SECRET, delivery=DELIVERY, now=TIME, body=BODY) == HEADERS


@pytest.mark.parametrize("text", ["a plain secret", "ключ", "whsec"])
def test_a_secret_without_the_prefix_is_taken_as_it_is(text: str) -> None:
    signature = hmac.new(text.encode(), b"m.5.{}", hashlib.sha256).digest()
    headers = {
        "webhook-id": "m",
        "webhook-timestamp": "5",
        "webhook-signature": "v1," + base64.b64encode(signature).decode(),
    }
    assert check(headers, b"{}", WebhookSecret.parse(f" {text}\n"), now=5) == Signed("m")


@pytest.mark.parametrize("padding", ["", "=", "=="])
def test_the_padding_of_a_secret_may_be_missing(padding: str) -> None:
    assert WebhookSecret.parse("whsec_AQ" + padding).key == b"\x01"


@pytest.mark.parametrize("text", ["", "  ", "whsec_", "whsec_====", "whsec_A", "whsec_no base64!"])
def test_a_secret_that_anybody_could_guess_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="it "):
        WebhookSecret.parse(text)


def test_a_secret_never_shows_itself() -> None:
    assert "or-secret" not in repr(OR_SECRET)


@pytest.mark.parametrize(
    "signatures",
    [
        f"{SIGNATURE} v1,{FORGED}",
        f"v1,{FORGED} {SIGNATURE}",
        f"v1a,{FORGED} {SIGNATURE}",
        f"  {SIGNATURE}  ",
    ],
    ids=["first", "last", "beside another version", "spaces"],
)
def test_one_right_signature_of_several_is_enough(signatures: str) -> None:
    headers = {**HEADERS, "webhook-signature": signatures}
    assert check(headers, BODY, SECRET, now=TIME) == Signed(DELIVERY)


@pytest.mark.parametrize(
    ("change", "flaw"),
    [
        ({"webhook-signature": f"v1,{FORGED}"}, Flaw.FORGED),
        ({"webhook-signature": SIGNATURE.rstrip("=")}, Flaw.FORGED),
        ({"webhook-signature": SIGNATURE.swapcase().replace("V", "v", 1)}, Flaw.FORGED),
        ({"webhook-signature": "v1,"}, Flaw.FORGED),
        ({"webhook-signature": "v1,é\udcff"}, Flaw.FORGED),
        ({"webhook-id": "msg_other"}, Flaw.FORGED),
        ({"webhook-timestamp": str(TIME + 1)}, Flaw.FORGED),
        ({"webhook-signature": SIGNATURE.replace("v1", "v2")}, Flaw.UNSIGNED),
        ({"webhook-signature": SIGNATURE.removeprefix("v1,")}, Flaw.UNSIGNED),
        ({"webhook-signature": ""}, Flaw.UNSIGNED),
        ({"webhook-id": ""}, Flaw.UNSIGNED),
        ({"webhook-id": "é"}, Flaw.UNSIGNED),
        ({"webhook-timestamp": ""}, Flaw.UNSIGNED),
        ({"webhook-timestamp": "soon"}, Flaw.UNSIGNED),
        ({"webhook-timestamp": "-5"}, Flaw.UNSIGNED),
        ({"webhook-timestamp": "१६"}, Flaw.UNSIGNED),
        ({"webhook-timestamp": "1" * 5000}, Flaw.UNSIGNED),
    ],
)
def test_whatever_is_wrong_is_named(change: dict[str, str], flaw: Flaw) -> None:
    assert check({**HEADERS, **change}, BODY, SECRET, now=TIME) is flaw


@pytest.mark.parametrize("missing", list(HEADERS))
def test_without_a_header_nothing_is_signed(missing: str) -> None:
    headers = {name: value for name, value in HEADERS.items() if name != missing}
    assert check(headers, BODY, SECRET, now=TIME) is Flaw.UNSIGNED


def test_another_body_or_secret_is_a_forgery() -> None:
    assert check(HEADERS, BODY + b" ", SECRET, now=TIME) is Flaw.FORGED
    assert check(HEADERS, BODY, OR_SECRET, now=TIME) is Flaw.FORGED
    assert check(OR_HEADERS, OR_BODY + b" ", OR_SECRET, now=OR_TIME) is Flaw.FORGED
    assert check(OR_HEADERS, OR_BODY, SECRET, now=OR_TIME) is Flaw.FORGED


@pytest.mark.parametrize("off", [-TOLERANCE - 1, -TOLERANCE, TOLERANCE, TOLERANCE + 1])
def test_the_window_is_five_minutes_both_ways(off: int) -> None:
    inside = abs(off) <= TOLERANCE
    standard = check(HEADERS, BODY, SECRET, now=TIME + off)
    assert standard == (Signed(DELIVERY) if inside else Flaw.STALE)
    openrouter = check(OR_HEADERS, OR_BODY, OR_SECRET, now=OR_TIME + off)
    assert isinstance(openrouter, Signed) is inside
    assert inside or openrouter is Flaw.STALE


@pytest.mark.parametrize(
    "value",
    [
        f"t={OR_TIME},v1={OR_SIGNATURE}",
        f"v1={OR_SIGNATURE}, t={OR_TIME}",
        f"t={OR_TIME},v1={OR_SIGNATURE.upper()}",
        f"t={OR_TIME},v1={'0' * 64},v1={OR_SIGNATURE}",
    ],
)
def test_openrouters_signature_is_believed(value: str) -> None:
    signed = check({OPENROUTER_HEADER: value}, OR_BODY, OR_SECRET, now=OR_TIME)
    assert signed == Signed(f"{OR_TIME},{OR_SIGNATURE}")


@pytest.mark.parametrize(
    ("value", "flaw"),
    [
        (f"t={OR_TIME},v1={'0' * 64}", Flaw.FORGED),
        (f"t={OR_TIME + 1},v1={OR_SIGNATURE}", Flaw.FORGED),
        (f"t={OR_TIME},t={OR_TIME},v1={OR_SIGNATURE}", Flaw.UNSIGNED),
        (f"t={OR_TIME},v0={OR_SIGNATURE}", Flaw.UNSIGNED),
        (f"v1={OR_SIGNATURE}", Flaw.UNSIGNED),
        ("", Flaw.UNSIGNED),
    ],
)
def test_openrouters_wrong_signatures_are_named(value: str, flaw: Flaw) -> None:
    assert check({OPENROUTER_HEADER: value}, OR_BODY, OR_SECRET, now=OR_TIME) is flaw


@pytest.mark.parametrize(
    ("body", "ids"),
    [
        (OR_BODY, ("gen-vid-1",)),
        (
            b'{"id":"evt_1","object":"event","type":"video.completed","data":{"id":"video_9"}}',
            ("video_9", "evt_1"),
        ),
        (b'{"id":"p1","status":"succeeded","output":[]}', ("p1",)),
        (b'{"data":{"task_id":"task_7"}}', ("task_7",)),
        (b'{"data":{"id":71}}', ("71",)),
        (b'{"data":{"id":true},"id":null}', ()),
        (b'{"data":{"id":"a\\u0000b"},"id":"\\ud800"}', ()),
        (b'{"data":[{"id":"x"}]}', ()),
        (b'["x"]', ()),
        (b"", ()),
        (b"\xff\xfe", ()),
        (b"[" * 60_000, ()),
        (b"1" * 60_000, ()),
    ],
)
def test_the_ids_are_found_where_they_stand(body: bytes, ids: tuple[str, ...]) -> None:
    assert remote_ids(body) == ids


ANYTHING = (
    st.text() | st.text(st.characters(codec=None)) | st.sampled_from([*HEADERS.values(), "v1,", "t=1,v1="])
)


@given(
    st.dictionaries(st.sampled_from([*HEADERS, OPENROUTER_HEADER]), ANYTHING),
    st.binary(),
    st.integers(min_value=0, max_value=1 << 40),
)
def test_hostile_headers_bring_a_verdict_and_no_exception(
    headers: dict[str, str], body: bytes, now: int
) -> None:
    assert isinstance(check(headers, body, SECRET, now=now), Flaw)


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1), st.binary())
def test_what_is_signed_is_believed(delivery: str, body: bytes) -> None:
    headers = sign(SECRET, delivery=delivery, now=TIME, body=body)
    assert check(headers, body, SECRET, now=TIME) == Signed(delivery)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.sampled_from(["id", "data", "type"]) | st.text(), inner)
    ),
)


@given(JSON)
def test_any_json_brings_clean_ids(value: object) -> None:
    for found in remote_ids(json.dumps(value).encode()):
        assert found
        assert found.isprintable()
