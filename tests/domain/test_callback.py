"""What a callback says, where it may go, and how long it waits."""

import json
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.callback import (
    DAY,
    KEY_BYTES,
    LONGEST_WAIT,
    AddressFlaw,
    Callback,
    JobEnd,
    check_address,
    end_body,
    new_secret,
    trial_body,
    wait_after,
)
from bot.domain.codes import Code
from bot.domain.job import Failure, Job, Place, Venue
from bot.domain.states import JobState
from tests.factories import NOW, make_job, make_place, make_request

END = JobEnd(
    job_id=make_job().id, number=7, guild_id=100, state=JobState.DELIVERED, at=1_764_347_090_922, attempt=1
)


def delivered(**changes: object) -> Job:
    posted = {"state": JobState.DELIVERED, "result_channel_id": 201, "result_message_id": 9}
    return make_job(**{**posted, **changes})


def test_a_delivered_video_is_told_with_its_message() -> None:
    job = delivered()
    assert json.loads(end_body(job, END)) == {
        "type": "video.delivered",
        "timestamp": "2025-11-28T16:24:50.922Z",
        "data": {
            "id": job.short_id,
            "state": "delivered",
            "prompt": "a red fox in snow",
            "model": "preview",
            "size": "1280x720",
            "seconds": 8,
            "channel_id": "200",
            "user_id": "42",
            "message_url": "https://discord.com/channels/100/201/9",
        },
    }


def test_a_failure_is_told_with_its_code() -> None:
    job = make_job(state=JobState.FAILED, failure=Failure(code=Code.PROVIDER_LOST))
    told = json.loads(end_body(job, replace(END, state=JobState.FAILED)))
    assert (told["type"], told["data"]["state"]) == ("video.failed", "failed")
    assert told["data"]["error"] == Code.PROVIDER_LOST.value
    assert told["data"]["message_url"] is None


def test_a_cancelled_job_has_no_error() -> None:
    told = json.loads(end_body(make_job(state=JobState.CANCELLED), replace(END, state=JobState.CANCELLED)))
    assert told["type"] == "video.cancelled"
    assert "error" not in told["data"]


def test_the_end_is_told_as_it_was_whatever_came_after() -> None:
    told = json.loads(end_body(delivered(), replace(END, state=JobState.FAILED)))
    assert told["type"] == "video.failed"
    assert told["data"]["message_url"] is None


@pytest.mark.parametrize(
    "job",
    [
        delivered(venue=Venue.DIRECT),
        delivered(place=Place(channel_id=5, status_message_id=6)),
        delivered(result_message_id=None),
    ],
    ids=["posted to the author alone", "no server", "no message"],
)
def test_nothing_of_a_direct_message_is_told(job: Job) -> None:
    assert json.loads(end_body(job, END))["data"]["message_url"] is None


def test_a_test_says_that_it_is_one() -> None:
    told = json.loads(trial_body(100, NOW))
    assert told["type"] == "callback.test"
    assert told["data"] == {"guild_id": "100"}
    assert datetime.fromisoformat(told["timestamp"]).timestamp() * 1000 == NOW


@given(st.text(st.characters(codec=None)))
def test_any_prompt_can_be_told(prompt: str) -> None:
    body = end_body(make_job(request=make_request(prompt=prompt), place=make_place()), END)
    assert json.loads(body)["type"] == "video.delivered"


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org",
        "https://example.org:8443/hooks/1?a=b",
        "https://[2606:4700::1111]/",
        "HTTPS://Example.ORG/ü",
    ],
)
def test_an_https_address_is_fine(url: str) -> None:
    assert check_address(url) is None


@pytest.mark.parametrize(
    ("url", "flaw"),
    [
        ("", AddressFlaw.NOT_HTTPS),
        ("example.org", AddressFlaw.NOT_HTTPS),
        ("http://example.org", AddressFlaw.NOT_HTTPS),
        ("file:///etc/passwd", AddressFlaw.NOT_HTTPS),
        ("https://example.org:0/", AddressFlaw.NOT_HTTPS),
        ("https://", AddressFlaw.NO_HOST),
        ("https:///path", AddressFlaw.NO_HOST),
        ("https://[::1", AddressFlaw.NO_HOST),
        ("https://example.org:99999/", AddressFlaw.NO_HOST),
        ("https://example.org/a b", AddressFlaw.NO_HOST),
        ("https://example.org/\x00", AddressFlaw.NO_HOST),
        ("https://user@example.org/", AddressFlaw.CREDENTIALS),
        ("https://user:secret@example.org/", AddressFlaw.CREDENTIALS),
        ("https://example.org/" + "a" * 481, AddressFlaw.TOO_LONG),
    ],
)
def test_other_addresses_are_named(url: str, flaw: AddressFlaw) -> None:
    assert check_address(url) is flaw


@given(st.text(st.characters(codec=None)))
def test_no_text_breaks_the_judgement(text: str) -> None:
    assert isinstance(check_address(text), AddressFlaw)
    check_address("https://" + text)


def test_a_callback_shows_neither_its_secret_nor_its_path() -> None:
    secret = new_secret(bytes(KEY_BYTES))
    callback = Callback(guild_id=1, url="https://example.org/hidden", secret=secret)
    assert "hidden" not in repr(callback)
    assert secret not in repr(callback)
    assert callback.host == "example.org"
    assert callback.key.key == bytes(KEY_BYTES)


def test_the_waits_grow_and_fill_a_day() -> None:
    waits = [wait_after(attempt) for attempt in range(1, 40)]
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (5, LONGEST_WAIT)
    assert sum(waits[:30]) > DAY // 1000


def test_a_repeat_has_the_same_id_and_another_end_has_not() -> None:
    assert replace(END, attempt=5).delivery == END.delivery
    assert replace(END, number=8).delivery != END.delivery
