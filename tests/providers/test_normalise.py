"""From any JSON to a render: every rule of the reference, and hypothesis for what no rule foresees."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.errors import BadResponse
from bot.domain.remote import RemoteStatus, RemoteVideo
from bot.providers.normalise import INLINE_URL, find_result, is_video, read_id, read_video, status_word
from bot.providers.profile_answer import PLACES, Answer

S = RemoteStatus


def video(**fields: Any) -> RemoteVideo:
    return read_video({"id": "video_1", **fields})


def test_a_whole_openai_job_is_read() -> None:
    job = {
        "id": "video_1",
        "object": "video",
        "model": "m",
        "status": "in_progress",
        "progress": 33,
        "created_at": 1_790_000_000,
        "expires_at": 1_790_086_400,
        "prompt": "a fox",
        "size": "1280x720",
        "seconds": "8",
        "error": None,
    }
    assert read_video(job, poll_after=2.5) == RemoteVideo(
        id="video_1",
        status=S.RUNNING,
        progress=33,
        poll_after=2.5,
        created_at=1_790_000_000_000,
        expires_at=1_790_086_400_000,
        prompt="a fox",
        size="1280x720",
        seconds=8.0,
    )


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("queued pending submitted not_start not_started created starting preparing", S.QUEUED),
        ("preprocessing in_queue unknown NOT_START SUBMITTED IN_QUEUE", S.QUEUED),
        ("in_progress processing running generating rendering In-Progress RUNNING", S.RUNNING),
        ("completed complete succeeded success done finished SUCCESS Success", S.DONE),
        ("failed failure fail error FAILURE", S.FAILED),
        ("cancelled canceled aborted deleted", S.CANCELLED),
        ("expired", S.EXPIRED),
        ("upscaling THINKING 42", S.RUNNING),
    ],
)
def test_every_status_word_has_its_meaning_and_an_unknown_one_is_running(words: str, status: S) -> None:
    for word in words.split():
        assert video(status=word).status is status
        assert video(status=f" {word}\n").status is status


@pytest.mark.parametrize("status", [None, "", "  ", 3, ["done"]])
def test_a_render_without_a_status_word_is_queued(status: object) -> None:
    assert video(status=status).status is S.QUEUED


@pytest.mark.parametrize(
    ("job", "found"),
    [
        pytest.param({"id": "a/b=="}, "a/b==", id="slash and padding"),
        pytest.param({"id": "v" * 5000}, "v" * 5000, id="any length"),
        pytest.param({"task_id": "t1"}, "t1", id="task_id"),
        pytest.param({"video_id": "t1"}, "t1", id="video_id"),
        pytest.param({"request_id": "t1"}, "t1", id="request_id"),
        pytest.param({"name": "operations/t1"}, "operations/t1", id="name"),
        pytest.param({"id": 17}, "17", id="a number"),
        pytest.param({"id": " x "}, "x", id="spaces"),
        pytest.param({"code": "success", "data": {"task_id": "t1"}}, "t1", id="wrapped"),
        pytest.param({"id": ""}, None, id="empty"),
        pytest.param({"id": "a\ud800"}, None, id="half a surrogate pair"),
        pytest.param({"id": "a\x00b"}, None, id="a zero byte"),
        pytest.param({"id": None}, None, id="null"),
        pytest.param({"id": True}, None, id="true"),
        pytest.param({"request_id": "r", "error": {"message": "no"}}, None, id="an error's request_id"),
        pytest.param({"name": "BadRequestError", "code": "bad"}, None, id="an error's name"),
        pytest.param([], None, id="a list"),
    ],
)
def test_the_id_is_found_under_every_name(job: object, found: str | None) -> None:
    assert read_id(job) == found


def test_the_first_id_stays_whatever_a_later_answer_says() -> None:
    assert read_video({"id": "other", "status": "queued"}, remote_id="first").id == "first"


@pytest.mark.parametrize("data", [None, [], "text", 1, {}, {"status": "queued"}, {"data": [{"id": "x"}]}])
def test_an_answer_that_is_no_render_is_a_bad_response(data: object) -> None:
    with pytest.raises(BadResponse):
        read_video(data)


@pytest.mark.parametrize(
    ("given_", "percent"),
    [
        (None, None),
        (0, 0),
        (1, 1),
        (33, 33),
        (100, 100),
        (101, 100),
        (-1, 0),
        (0.4, 40),
        (1.0, 100),
        (0.0, 0),
        (33.9, 33),
        ("40%", 40),
        ("40", 40),
        ("0.4", 40),
        ("0.4%", 0),
        (" 40 % ", 40),
        (True, None),
        ("soon", None),
        ("", None),
        (float("nan"), None),
        (float("inf"), None),
        (10**400, None),
        ([], None),
    ],
)
def test_progress_becomes_0_to_100_or_nothing(given_: object, percent: int | None) -> None:
    assert video(progress=given_).progress == percent


@pytest.mark.parametrize(
    ("fields", "seconds"),
    [
        ({"seconds": "8"}, 8.0),
        ({"seconds": 8}, 8.0),
        ({"seconds": 8.04}, 8.04),
        ({"seconds": "8s"}, 8.0),
        ({"duration": 5}, 5.0),
        ({"duration_s": 5.1}, 5.1),
        ({"seconds": None, "duration": "4"}, 4.0),
        ({"seconds": 0}, None),
        ({"seconds": -1}, None),
        ({"seconds": "long"}, None),
        ({}, None),
    ],
)
def test_the_length_is_read_from_every_form(fields: dict[str, Any], seconds: float | None) -> None:
    assert video(**fields).seconds == seconds


@pytest.mark.parametrize(
    ("given_", "milliseconds"),
    [
        pytest.param(1_790_000_000, 1_790_000_000_000, id="seconds"),
        pytest.param(1_790_000_000.5, 1_790_000_000_500, id="float"),
        pytest.param("1790000000", 1_790_000_000_000, id="text"),
        pytest.param(1_764_347_090_922, 1_764_347_090_922, id="milliseconds"),
        pytest.param(100_000_000_000, 100_000_000_000_000, id="1e11 is the last second"),
        pytest.param(100_000_000_001, 100_000_000_001, id="then milliseconds"),
        pytest.param("2026-09-21T14:13:20Z", 1_790_000_000_000, id="ISO"),
        pytest.param("2026-09-21T16:13:20+02:00", 1_790_000_000_000, id="ISO with zone"),
        pytest.param("2026-09-21T14:13:20", 1_790_000_000_000, id="ISO without zone"),
        pytest.param("2026-09-21 14:13:20.250Z", 1_790_000_000_250, id="ISO with a space"),
        pytest.param(0, None, id="zero"),
        pytest.param(-5, None, id="negative"),
        pytest.param(None, None, id="null"),
        pytest.param("yesterday", None, id="a word"),
        pytest.param(1e15, None, id="after the year 9999"),
        pytest.param("0001-01-01T00:00:00+14:00", None, id="before the first day"),
    ],
)
def test_a_moment_becomes_milliseconds(given_: object, milliseconds: int | None) -> None:
    assert video(created_at=given_).created_at == milliseconds
    assert video(expires_at=given_).expires_at == milliseconds


@pytest.mark.parametrize(
    ("fields", "size"),
    [
        ({"size": "1280x720"}, "1280x720"),
        ({"size": " 1280X720 "}, "1280x720"),
        ({"size": "1280×720"}, "1280x720"),
        ({"width": 1280, "height": 720}, "1280x720"),
        ({"size": "16:9"}, None),
        ({"size": 720}, None),
        ({"width": -1, "height": 720}, None),
        ({}, None),
    ],
)
def test_the_size_is_read_from_every_form(fields: dict[str, Any], size: str | None) -> None:
    assert video(**fields).size == size


URL = "https://cdn.example/v.mp4?sig=1"


@pytest.mark.parametrize(
    "fields",
    [
        {"url": URL},
        {"video_url": URL},
        {"output_url": URL},
        {"download_url": URL},
        {"urls": [URL]},
        {"video": {"url": URL}},
        {"videos": [{"url": URL}]},
        {"output": URL},
        {"output": [URL, "https://cdn.example/second"]},
        {"output": [{"type": "video", "url": URL}]},
        {"output": {"url": URL}},
        {"metadata": {"url": URL}},
        {"metadata": {"video_url": URL}},
        {"result_url": URL},
        {"unsigned_urls": [URL]},
        {"url": "", "video_url": None, "output_url": 7, "result_url": URL},
        {"url": URL, "video_url": "https://cdn.example/second"},
        {"url": "ftp://cdn.example/x", "result_url": f" {URL} "},
    ],
)
def test_the_result_location_is_found_in_its_order(fields: dict[str, Any]) -> None:
    assert video(status="completed", **fields).url == URL


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"url": "data:image/png;base64,AAAA"}, id="a picture inside"),
        pytest.param({"url": "data:,"}, id="nothing inside"),
        pytest.param({"data": [{"b64_json": ""}]}, id="no base64 inside"),
        pytest.param({"url": "file:///etc/passwd"}, id="file"),
        pytest.param({"url": "https://x/\ud800"}, id="half a surrogate pair"),
        pytest.param({"url": "https://x/\x00"}, id="a zero byte"),
        pytest.param({"url": "https://x/" + "a" * 9000}, id="too long"),
        pytest.param({"thumbnail_url": URL}, id="a thumbnail"),
        pytest.param({}, id="none"),
    ],
)
def test_what_is_no_result_location_is_none(fields: dict[str, Any]) -> None:
    assert video(status="completed", **fields).url is None


@pytest.mark.parametrize(
    "fields",
    [
        {"url": "data:video/mp4;base64,AAAA"},
        {"output": ["DATA:video/webm;base64,AAAA"]},
        {"data": [{"b64_json": "AAAA"}]},
        {"b64_json": " AAAA\n"},
        {"video": {"url": "data:application/octet-stream;base64,AAAA"}},
    ],
)
def test_a_video_inside_the_answer_has_a_short_location(fields: dict[str, Any]) -> None:
    found = find_result({"id": "video_1"} | fields)
    assert found is not None
    assert found.lower().startswith("data:")
    assert found.endswith(";base64,AAAA")
    assert video(status="completed", **fields).url == INLINE_URL


PLACES_IN_ORDER: list[dict[str, Any]] = [
    {"url": "/1"},
    {"video_url": "/2"},
    {"output_url": "/3"},
    {"download_url": "/4"},
    {"urls": ["/5"]},
    {"video": {"url": "/6"}},
    {"videos": [{"url": "/7"}]},
    {"output": "/8"},
    {"data": [{"url": "/9"}]},
    {"metadata": {"url": "/10"}},
    {"result_url": "/11"},
    {"unsigned_urls": ["/12"]},
]


@pytest.mark.parametrize("first", range(len(PLACES_IN_ORDER)))
def test_of_all_locations_the_first_of_rule_10_counts(first: int) -> None:
    job = {key: value for place in PLACES_IN_ORDER[first:] for key, value in place.items()}
    assert video(status="completed", **job).url == f"/{first + 1}"


def test_a_location_stands_before_a_video_inside_the_answer() -> None:
    assert video(status="completed", url=URL, data=[{"b64_json": "AAAA"}]).url == URL


def test_a_location_before_the_end_is_not_believed() -> None:
    assert video(status="running", url=URL).url is None


def test_a_relative_location_is_kept_for_whoever_fetches_it() -> None:
    assert video(status="completed", url="/files/v.mp4").url == "/files/v.mp4"


def test_the_legacy_wrapper_is_opened() -> None:
    data = {
        "code": "success",
        "data": {"task_id": "t1", "status": "SUCCESS", "progress": "100%", "result_url": URL},
    }
    assert read_video(data) == RemoteVideo(id="t1", status=S.DONE, progress=100, url=URL)


def test_a_failed_render_says_why_and_keeps_the_key_out_of_it() -> None:
    failed = read_video(
        {"id": "v", "status": "failed", "error": {"code": "oom", "message": "no memory for sk-secret-123"}},
        secrets=("sk-secret-123",),
    )
    assert (failed.error, failed.moderated) == ("no memory for", False)


@pytest.mark.parametrize(
    ("fields", "part"),
    [
        pytest.param(
            {"status": "failed", "error": {"code": "moderation_blocked", "message": "no"}},
            "unknown",
            id="code",
        ),
        pytest.param({"status": "failed", "failure_reason": "output_moderation"}, "result", id="azure"),
        pytest.param(
            {"status": "done", "video": {"url": URL, "respect_moderation": False}}, "result", id="xAI"
        ),
    ],
)
def test_a_render_stopped_by_moderation_is_failed_and_moderated(fields: dict[str, Any], part: str) -> None:
    blocked = video(**fields)
    assert (blocked.status, blocked.moderated, blocked.url) == (S.FAILED, True, None)
    assert blocked.refused == part


def test_an_error_text_beside_a_good_status_is_not_an_error() -> None:
    assert video(status="completed", error={"code": 0, "message": "success"}).error is None


@pytest.mark.parametrize(
    ("data", "remote_id", "expected"),
    [
        pytest.param({"object": "video", "id": "v", "status": "failed"}, None, True, id="says so"),
        pytest.param({"id": "v", "status": "failed"}, "v", True, id="the id that was asked for"),
        pytest.param({"task_id": "v", "status": "failed"}, "v", True, id="under another name"),
        pytest.param({"status": "error", "request_id": "r1"}, "v", False, id="an envelope"),
        pytest.param({"status": 404, "id": "v"}, "v", False, id="status is a number"),
        pytest.param({"error": {"message": "no"}}, "v", False, id="an error"),
        pytest.param(None, "v", False, id="nothing"),
    ],
)
def test_a_render_is_told_from_an_errors_envelope(
    data: object, remote_id: str | None, expected: bool
) -> None:
    assert is_video(data, remote_id=remote_id) is expected


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["completed", "failed", "99%", "8s", "1280x720", "2026-09-21T14:13:20Z", URL])
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=12,
)
NAMES = [
    "id",
    "task_id",
    "status",
    "progress",
    "created_at",
    "expires_at",
    "prompt",
    "size",
    "width",
    "height",
    "seconds",
    "duration",
    "error",
    "url",
    "urls",
    "output",
    "data",
    "metadata",
    "video",
    "message",
    "code",
    "respect_moderation",
]
JOBS = st.dictionaries(st.sampled_from(NAMES), JSON, max_size=12)


@given(data=JSON | JOBS | JOBS.map(lambda job: {"data": job}))
@example(data={"id": "v", "created_at": -1e308, "progress": 10**400, "seconds": "1e999"})
def test_any_json_is_a_value_or_a_bad_response(data: object) -> None:
    holds(data)


STEPS = st.lists(st.sampled_from([*NAMES, 0, 1]) | st.integers(0, 3), min_size=1, max_size=3).map(tuple)
SHAPES = st.builds(
    Answer,
    paths=st.dictionaries(st.sampled_from(PLACES), STEPS),
    words=st.dictionaries(st.text(max_size=5) | st.sampled_from(["true", "completed"]), st.sampled_from(S)),
    moderation=st.lists(st.text(min_size=1, max_size=4), max_size=2).map(tuple),
)


@given(data=JSON | JOBS, shape=SHAPES)
@example(
    data={"metadata": {"status": True}}, shape=Answer(paths={"status": ("metadata", "status")}, words={})
)
def test_any_json_through_any_profile_is_a_value_or_a_bad_response(data: object, shape: Answer) -> None:
    holds(shape.usual(data), shape.moderation)


def holds(data: object, moderation: tuple[str, ...] = ()) -> None:
    """Demand of what was read what every user of it relies on."""
    status_word(data)
    is_video(data, remote_id="v")
    try:
        read = read_video(data, moderation=moderation)
    except BadResponse:
        assert read_id(data) is None
        return
    assert read.id
    assert read.progress is None or 0 <= read.progress <= 100
    assert read.error is None or len(read.error) <= 300
    assert read.url is None or read.url.lower().startswith(("http://", "https://", "/", INLINE_URL))
    assert read.seconds is None or read.seconds > 0
