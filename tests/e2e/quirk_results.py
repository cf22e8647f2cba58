"""Quirks of polls and results: progress, fields, JSON, locations, the file itself."""

import base64
import io
from collections.abc import Iterator

import av
import numpy as np

from tests.e2e.faulty_api import CLIP
from tests.e2e.quirk_api import MP4, Answer
from tests.e2e.quirk_row import (
    ASKING,
    BROKEN,
    COMPLETED,
    FORGOTTEN,
    NO_CONTENT_ROUTE,
    NO_LONGER_KEPT,
    NO_VIDEO,
    RENDERING,
    RUNNING,
    TOO_LONG,
    Quirk,
    S,
    fails,
    film,
    job,
    says,
)


def webm() -> bytes:
    """Film eight small pictures as VP8."""
    file = io.BytesIO()
    with av.open(file, "w", format="webm") as out:
        video = out.add_stream("libvpx", rate=8, options={"deadline": "realtime", "cpu-used": "8"})
        video.width, video.height, video.pix_fmt = 64, 64, "yuv420p"
        for number in range(8):
            pixels = np.full((64, 64, 3), number * 30, dtype=np.uint8)
            out.mux(video.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        out.mux(video.encode(None))
    return file.getvalue()


def _polls() -> Iterator[Quirk]:
    yield Quirk(name="pending is 202 with an empty body", polls=(says(None, 202), says(None, 202), COMPLETED))
    yield Quirk(name="pending is 200 with an empty body", polls=(says(None), COMPLETED))
    yield Quirk(name="pending is 202 with a text", polls=(says("pending", 202, kind="text/plain"), COMPLETED))
    absent = says({"error": {"message": "not found"}}, 404)
    yield Quirk(name="404 right after the create", polls=(absent, absent, RUNNING, COMPLETED))
    missing = says({"code": "task_not_exist", "message": "task_not_exist", "data": None}, 400)
    yield Quirk(name="400 task_not_exist right after the create", polls=(missing, RUNNING, COMPLETED))
    for status in (500, 502, 503):
        page = says("<html>busy</html>", status, kind="text/html")
        yield Quirk(name=f"a page with {status} for a while", polls=(page, COMPLETED), meanwhile=ASKING)
    page = says("<html>sign in</html>", kind="text/html")
    yield Quirk(name="a page with 200 for a while", polls=(page, COMPLETED), meanwhile=ASKING)
    for name, wait in (("seconds", "1"), ("a date", "<date>"), ("a word", "soon")):
        busy = says({"error": {"message": "slow down"}}, 429, headers={"Retry-After": wait})
        yield Quirk(name=f"too many polls, wait is {name}", polls=(busy, busy, busy, COMPLETED))
    for name, value, shown in (
        ("0.4", 0.4, " 40 %"),
        ('"40%"', "40%", " 40 %"),
        ("40.7", 40.7, " 40 %"),
        ("140", 140, " 100 %"),
        ("a word", "half", RENDERING),
        ("null", None, RENDERING),
    ):
        yield Quirk(
            name=f"progress is {name}", polls=(job("in_progress", progress=value), COMPLETED), meanwhile=shown
        )
    yield Quirk(name="progress is absent", polls=(RUNNING, COMPLETED), meanwhile=RENDERING)
    stuck = job("in_progress", progress=0)
    yield Quirk(name="progress never moves", polls=(stuck, stuck, stuck, stuck, COMPLETED))
    back = tuple(job("in_progress", progress=value) for value in (50, 20, 50))
    yield Quirk(name="progress goes back", polls=(*back, COMPLETED))
    full = job("in_progress", progress=100)
    yield Quirk(name="progress is 100 long before the end", polls=(full, full, COMPLETED))
    yield Quirk(
        name="the wait until the next poll is told",
        polls=(says({"id": "<id>", "status": "queued"}, headers={"openai-poll-after-ms": "300"}), COMPLETED),
    )


def _fields() -> Iterator[Quirk]:
    for name, facts in (
        ("seconds is a whole number", {"seconds": 4}),
        ("seconds is a fraction", {"seconds": 4.04}),
        ("seconds is null", {"seconds": None}),
        ("seconds is called duration", {"duration": 4}),
        ("seconds is called duration_s", {"duration_s": "4s"}),
        ("created_at is in milliseconds", {"created_at": "<now_ms>"}),
        ("created_at is an ISO date", {"created_at": "<iso>"}),
        ("created_at is 0", {"created_at": 0}),
        ("created_at is nonsense", {"created_at": "yesterday"}),
        ("completed_at and size are lists", {"completed_at": [], "size": [], "model": {}}),
    ):
        yield Quirk(
            name=name,
            create=(job("queued", **facts),),
            polls=(job("queued", **facts), job("completed", **facts)),
        )


def _json() -> Iterator[Quirk]:
    text = '{"id": "<id>", "object": "video", "status": "completed"}'
    yield Quirk(
        name="the JSON is gzipped unasked", create=(job("queued"),), polls=(says(text, gzipped=True),)
    )
    yield Quirk(name="the created job is gzipped unasked", create=(says(text, gzipped=True),))
    yield Quirk(
        name="the JSON comes in chunks", create=(says(text, chunked=True),), polls=(says(text, chunked=True),)
    )
    yield Quirk(
        name="the JSON begins with a byte order mark",
        create=(says("\ufeff" + text),),
        polls=(says("\ufeff" + text),),
    )
    yield Quirk(name="the JSON is called text/plain", create=(says(text, kind="text/plain"),))
    yield Quirk(name="keys stand twice", polls=(says('{"status": "queued", ' + text[1:]),))
    yield Quirk(
        name="numbers are NaN and Infinity",
        polls=(says('{"progress": NaN, "seconds": Infinity, ' + text[1:]),),
    )
    yield Quirk(name="the JSON has unknown fields", polls=(job("completed", zzz={"a": [1, {"b": None}]}),))


def _places() -> Iterator[Quirk]:
    for name, facts in (
        ("url", {"url": "<away>/clip"}),
        ("video_url", {"video_url": "<away>/clip"}),
        ("output_url", {"output_url": "<away>/clip"}),
        ("download_url", {"download_url": "<away>/clip"}),
        ("urls[0]", {"urls": ["<away>/clip"]}),
        ("video.url", {"video": {"url": "<away>/clip"}}),
        ("videos[0].url", {"videos": [{"url": "<away>/clip"}]}),
        ("output", {"output": "<away>/clip"}),
        ("output[0]", {"output": ["<away>/clip"]}),
        ("output[0].url", {"output": [{"type": "video", "url": "<away>/clip"}]}),
        ("data[0].url", {"data": [{"url": "<away>/clip"}]}),
        ("metadata.url", {"metadata": {"url": "<away>/clip"}}),
        ("metadata.video_url", {"metadata": {"video_url": "<away>/clip"}}),
        ("result_url", {"result_url": "<away>/clip"}),
    ):
        yield Quirk(
            name=f"the result is in {name} alone",
            polls=(job("completed", **facts),),
            contents=(NO_CONTENT_ROUTE,),
            away=True,
        )
    yield Quirk(
        name="the result is in unsigned_urls, with the key",
        polls=(job("completed", unsigned_urls=["<home>/files/clip"]),),
        contents=(NO_CONTENT_ROUTE,),
    )
    yield Quirk(
        name="the result's URL is relative",
        polls=(job("completed", url="/v1/files/clip"),),
        contents=(NO_CONTENT_ROUTE,),
    )
    inline = base64.b64encode(CLIP).decode()
    yield Quirk(
        name="the result is a data: URL",
        polls=(job("completed", url=f"data:video/mp4;base64,{inline}"),),
        contents=(NO_CONTENT_ROUTE,),
    )
    yield Quirk(
        name="the result is data[0].b64_json",
        polls=(job("completed", data=[{"b64_json": inline}]),),
        contents=(NO_CONTENT_ROUTE,),
    )


def _contents() -> Iterator[Quirk]:
    yield Quirk(
        name="the content is at another origin",
        contents=(Answer(status=302, headers={"Location": "<away>/clip?sig=1"}),),
        away=True,
    )
    yield Quirk(
        name="the content is elsewhere at home",
        contents=(Answer(status=307, headers={"Location": "/v1/files/clip"}),),
    )
    for status in (400, 404, 409, 422, 425, 429, 500, 503):
        early = says({"error": {"message": "Task is not completed yet"}}, status)
        yield Quirk(name=f"the content is {status} once", contents=(early, film()))
    yield Quirk(name="the content is 202 and empty once", contents=(says(None, 202), film()))
    yield Quirk(name="the content is JSON once", contents=(says({"detail": "wait"}), film()))
    yield Quirk(
        name="the content is a page once", contents=(says("<html>wait</html>", kind="text/html"), film())
    )
    yield Quirk(name="the content is a JSON text", contents=(says('"not yet"'), film()))
    yield Quirk(
        name="a message is labelled video/mp4",
        contents=(says({"error": {"message": "upstream failed"}}, kind=MP4), film()),
    )
    yield Quirk(name="the video is labelled as bytes", contents=(film(kind="application/octet-stream"),))
    yield Quirk(name="the video is labelled as JSON", contents=(film(kind="application/json"),))
    yield Quirk(name="the video is a WebM", contents=(film(body=webm(), kind="video/webm"),), converted=True)
    yield Quirk(name="a WebM is labelled video/mp4", contents=(film(body=webm()),), converted=True)
    yield Quirk(name="the video comes in chunks", contents=(film(chunked=True),))
    yield Quirk(
        name="the video breaks off once", contents=(film(body=CLIP[:1500], short_by=len(CLIP) - 1500), film())
    )
    yield Quirk(name="the video is shorter than its boxes once", contents=(film(body=CLIP[:-40]), film()))
    yield Quirk(name="the content is empty once", contents=(film(body=None), film()))


def result_rows() -> list[Quirk]:
    """Return quirks of what is said of a render, and of its file."""
    parts = (_polls, _fields, _json, _places, _contents)
    return [row for part in parts for row in part()]


def lasting_rows() -> list[Quirk]:
    """Return the quirks that exhaust every patience; the bot's clock is hurried for them."""
    absent = says({"error": {"message": "not found"}}, 404)
    missing = says({"code": "task_not_exist", "message": "task_not_exist", "data": None}, 400)
    page = film(body="<html>sorry</html>", kind="text/html")
    return [
        Quirk(name="in_progress for ever", polls=(RUNNING,), end=S.FAILED, ends_with=TOO_LONG),
        Quirk(name="an unknown word for ever", polls=(job("warming_up"),), end=S.FAILED, ends_with=TOO_LONG),
        Quirk(
            name="202 with an empty body for ever", polls=(says(None, 202),), end=S.FAILED, ends_with=TOO_LONG
        ),
        Quirk(
            name="progress 100 for ever",
            polls=(job("in_progress", progress=100),),
            end=S.FAILED,
            ends_with=TOO_LONG,
        ),
        Quirk(name="404 for ever", polls=(absent,), end=S.FAILED, ends_with=FORGOTTEN),
        Quirk(name="400 task_not_exist for ever", polls=(missing,), end=S.FAILED, ends_with=FORGOTTEN),
        Quirk(name="the content is a page for ever", contents=(page,), end=S.FAILED, ends_with=NO_VIDEO),
        Quirk(name="the content is 404 for ever", contents=(absent,), end=S.FAILED, ends_with=NO_LONGER_KEPT),
        Quirk(
            name="the video is broken for ever",
            contents=(film(body=CLIP[:-40]),),
            end=S.FAILED,
            ends_with=BROKEN,
        ),
        fails(
            name="the location is a private host",
            polls=(job("completed", url="http://10.0.0.7/clip"),),
            contents=(NO_CONTENT_ROUTE,),
            ends_with=NO_VIDEO,
        ),
        Quirk(
            name="the content redirects in a circle",
            contents=(Answer(status=302, headers={"Location": "/v1/videos/<id>/content"}),),
            end=S.FAILED,
            ends_with=NO_VIDEO,
        ),
    ]
