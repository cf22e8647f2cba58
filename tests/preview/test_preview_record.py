"""A record gives back the video that it was made of, whatever its texts are."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bot.preview.clip import Clip
from bot.preview.errors import VideoError
from bot.preview.record import text_of, video_of
from bot.preview.video import Video

PICTURE = Path("picture.rgb")
# A lone half of a character comes in as \\ud83d in JSON; a whole one never comes as two halves.
WORDS = st.text(st.characters(exclude_categories=[]), max_size=50).filter(
    lambda text: text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") == text or len(text) == 1
)
TIMES = st.floats(min_value=0, max_value=1e11)

clips = st.builds(
    Clip,
    prompt=WORDS.filter(str.strip),
    negative_prompt=WORDS,
    seed=st.integers(0, 2**63 - 1),
    width=st.just(1280),
    height=st.just(720),
    seconds=st.sampled_from([4, 8, 12]),
    picture=st.sampled_from([None, PICTURE]),
)
ends: st.SearchStrategy[dict[str, object]] = st.one_of(
    st.just({}),
    st.fixed_dictionaries({"status": st.just("completed"), "ended_at": TIMES, "length": st.integers(1)}),
    st.fixed_dictionaries(
        {
            "status": st.just("failed"),
            "ended_at": TIMES,
            "frames_done": st.integers(0, 48),
            "error": st.builds(VideoError, code=WORDS, message=WORDS),
        }
    ),
)


@given(
    clip=clips,
    end=ends,
    number=st.integers(1),
    created_at=TIMES,
    remixed_from=st.none() | WORDS,
    idempotency_key=st.none() | WORDS,
    fingerprint=WORDS,
)
def test_a_record_gives_back_the_video(
    clip: Clip,
    end: dict[str, object],
    number: int,
    created_at: float,
    remixed_from: str | None,
    idempotency_key: str | None,
    fingerprint: str,
) -> None:
    video = Video(
        id="video_1",
        clip=clip,
        model="m",
        size="1280x720",
        number=number,
        created_at=created_at,
        remixed_from=remixed_from,
        idempotency_key=idempotency_key,
        fingerprint=fingerprint,
        **end,  # type: ignore[arg-type]
    )
    text = text_of(video)
    assert text.isascii()
    again = video_of("video_1", text, PICTURE)
    names = [name for name in Video.__slots__ if name != "stopped"]
    assert {name: getattr(again, name) for name in names} == {name: getattr(video, name) for name in names}


def test_a_render_that_has_begun_is_recorded_as_waiting() -> None:
    clip = Clip(prompt="x", seed=1, width=1280, height=720, seconds=4)
    video = Video(id="video_1", clip=clip, model="m", size="1280x720", created_at=1.0)
    video.status, video.frames_done = "in_progress", 30
    again = video_of("video_1", text_of(video), PICTURE)
    assert (again.status, again.frames_done) == ("queued", 0)
