"""Why an API says no: every shape, and nothing in it that must not be shown."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.providers.reason import LONGEST, MODERATION_WORDS, Reason, clean, read_reason

SECRET = "sk-very-secret-0123456789"


@pytest.mark.parametrize(
    ("data", "text", "code"),
    [
        pytest.param(
            {"error": {"code": "bad_size", "message": "No such size"}},
            "No such size",
            "bad_size",
            id="openai",
        ),
        pytest.param({"error": {"message": "No such size"}}, "No such size", None, id="sglang job"),
        pytest.param(
            {"error": {"code": 500, "message": "Out of memory"}}, "Out of memory", None, id="code is a number"
        ),
        pytest.param(
            {"error": {"code": "400", "type": "bad"}}, "bad", "bad", id="code is the status as text"
        ),
        pytest.param({"error": "No such size"}, "No such size", None, id="a string"),
        pytest.param(
            {"code": "task_not_exist", "message": "no task", "data": None},
            "no task",
            "task_not_exist",
            id="flat",
        ),
        pytest.param({"detail": "Not Found"}, "Not Found", None, id="detail"),
        pytest.param(
            {"detail": [{"loc": ["body", "size"], "msg": "bad size"}, {"msg": "bad seconds"}]},
            "bad size; bad seconds",
            None,
            id="detail list",
        ),
        pytest.param({"error": {"error": {"message": "deep"}}}, "deep", None, id="nested"),
        pytest.param(
            {"error": {"message": '{"error": {"message": "inner"}}'}}, "inner", None, id="json inside"
        ),
        pytest.param({"error": {"message": "{not json"}}, "{not json", None, id="no json inside"),
        pytest.param({"failure_reason": "internal_error"}, "internal_error", None, id="failure_reason"),
        pytest.param({"error": {"code": "boom"}}, "boom", "boom", id="only a code"),
        pytest.param({"error": {}, "message": "outside"}, "outside", None, id="empty error"),
        pytest.param({"error": None}, None, None, id="null"),
        pytest.param({"error": "<html><body>502</body></html>"}, None, None, id="a page in a string"),
        pytest.param("<!DOCTYPE html><p>no", None, None, id="a page"),
        pytest.param("plain words", "plain words", None, id="plain words"),
        pytest.param(None, None, None, id="nothing"),
        pytest.param(7, None, None, id="a number"),
    ],
)
def test_the_sentence_and_the_code_are_found(data: object, text: str | None, code: str | None) -> None:
    assert read_reason(data) == Reason(text=text, code=code)


@pytest.mark.parametrize(
    "word", [*MODERATION_WORDS, "ResponsibleAIPolicyViolation", "raiMediaFilteredReasons"]
)
@pytest.mark.parametrize(
    "shape",
    [
        pytest.param(lambda word: {"error": {"code": word, "message": "no"}}, id="code"),
        pytest.param(lambda word: {"error": {"inner": [{"type": word}]}}, id="deep inside"),
        pytest.param(lambda word: {"error": f"Your request was refused ({word})."}, id="in a sentence"),
        pytest.param(lambda word: {"error": {"message": json.dumps({"code": word})}}, id="escaped"),
        pytest.param(lambda word: {"error": {word: ["x"]}}, id="as a key"),
    ],
)
def test_moderation_is_recognised_by_every_word(word: str, shape: Any) -> None:
    assert read_reason(shape(word)).moderated


def test_a_prompt_that_speaks_of_moderation_is_not_moderated() -> None:
    assert not read_reason({"prompt": "content_filter", "error": {"message": "out of memory"}}).moderated


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        pytest.param("see https://api.example/v1?sig=abc for more", "see for more", id="url"),
        pytest.param("bad data:image/png;base64,AAAA picture", "bad picture", id="data url"),
        pytest.param(f"key {SECRET} is wrong", "key is wrong", id="our key"),
        pytest.param("key hunter2 is wrong", "key is wrong", id="our key that looks like a word"),
        pytest.param(
            "Incorrect API key provided: sk-abcd****wxyz.", "Incorrect API key provided", id="masked key"
        ),
        pytest.param("Bearer eyJhbGciOi.J9 was refused", "was refused", id="bearer"),
        pytest.param("failed (request id: 20260921abc) today", "failed today", id="request id"),
        pytest.param("failed, request_id=req_0123", "failed", id="request_id"),
        pytest.param("job 123e4567-e89b-12d3-a456-426614174000 failed", "job failed", id="uuid"),
        pytest.param("job video_0123456789abcdef0123456789abcdef failed", "job failed", id="long token"),
        pytest.param("two\n\tlines\x00here", "two lines here", id="control characters"),
        pytest.param("size 1280x720 and 12 seconds", "size 1280x720 and 12 seconds", id="plain words stay"),
        pytest.param(
            "the internationalisation_of_everything", "the internationalisation_of_everything", id="long word"
        ),
    ],
)
def test_what_must_not_be_shown_is_taken_out(text: str, cleaned: str) -> None:
    assert clean(text, secrets=(SECRET, "hunter2")) == cleaned


@pytest.mark.parametrize(
    ("length", "kept"),
    [
        pytest.param(LONGEST, LONGEST, id="at the limit"),
        pytest.param(LONGEST + 1, LONGEST, id="one over"),
        pytest.param(1_000_000, LONGEST, id="a flood"),
    ],
)
def test_a_text_is_cut_at_300_characters(length: int, kept: int) -> None:
    text = clean(("word " * length)[:length].replace(" ", "."))
    assert len(text) == kept
    assert text.endswith("…") is (length > LONGEST)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)
ERRORS = st.dictionaries(
    st.sampled_from(["error", "message", "detail", "code", "type", "msg", "errors"]), JSON, max_size=5
)


@given(data=JSON | ERRORS)
def test_any_json_gives_a_short_reason_without_the_key(data: object) -> None:
    reason = read_reason(data, secrets=(SECRET,))
    assert reason.text is None or 0 < len(reason.text) <= LONGEST


def test_a_deep_error_does_not_run_out_of_stack() -> None:
    data: object = "bottom"
    for _ in range(5000):
        data = {"error": data}
    assert read_reason(data).text is None


@pytest.mark.parametrize(
    ("error", "part"),
    [
        ({"code": "moderation_blocked", "param": "prompt", "message": "Blocked."}, "prompt"),
        ({"code": "content_filter", "message": "The prompt triggered our content filter."}, "prompt"),
        ({"code": "moderation_blocked", "param": "input_reference", "message": "Blocked."}, "picture"),
        ({"code": "moderation_blocked", "message": "The reference image shows a person."}, "picture"),
        ({"code": "moderation_blocked", "message": "Your image was rejected."}, "picture"),
        ({"code": "input_moderation", "message": "Blocked."}, "request"),
        ({"code": "content_filter", "message": "Neither the prompt nor the image may."}, "request"),
        ({"code": "output_moderation", "message": "Blocked."}, "result"),
        ({"code": "content_filter", "message": "The generated video was removed."}, "result"),
        ({"message": "x", "inner": {"raiMediaFilteredReasons": ["violence"]}}, "result"),
        ({"code": "moderation_blocked", "message": "Your request was blocked."}, "unknown"),
        ("sentinel_block", "unknown"),
    ],
    ids=str,
)
def test_an_error_tells_what_was_refused(error: object, part: str) -> None:
    assert read_reason({"error": error}).refused == part


def test_a_prompt_beside_the_error_says_nothing_of_what_was_refused() -> None:
    said = {"prompt": "the generated video", "error": {"code": "content_filter", "message": "no"}}
    assert read_reason(said).refused == "unknown"
