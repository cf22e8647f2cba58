"""Encoder: frames and samples into an MP4 that starts to play at once."""

import queue
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from bot.preview.clip import FPS
from bot.preview.sound import RATE
from bot.preview.sprites import Field

av.logging.set_level(None)  # its log callback can deadlock between threads (PyAV issues 751, 2276)

BLOCK = 1024  # samples of one AAC frame
DEPTH = 8  # frames made ahead of the encoder
BT709, LIMITED = 1, 1  # AVCOL_SPC_BT709 (also primaries and transfer), AVCOL_RANGE_MPEG
# CABAC and deblocking cost the fastest preset 15 % and save a quarter of the bytes (reference: media, 3.4).
X264 = {"preset": "ultrafast", "crf": "23", "x264-params": "cabac=1:deblock=0,0"}
AAC = {"aac_coder": "fast"}


def encode(
    path: Path,
    frames: Iterable[av.VideoFrame],
    samples: Field,
    *,
    size: tuple[int, int],
    on_frame: Callable[[int], None],
) -> None:
    """Write H.264 Main and AAC to `path`; the file appears there only when it is whole.

    `on_frame` hears how many frames are encoded; whatever it raises stops the work and leaves no file.
    Raises av.FFmpegError or OSError if the file cannot be written.
    """
    part = path.with_suffix(".part")
    try:
        _write(part, frames, samples, size, on_frame)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _write(
    path: Path,
    frames: Iterable[av.VideoFrame],
    samples: Field,
    size: tuple[int, int],
    on_frame: Callable[[int], None],
) -> None:
    with av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"}) as container:
        video = container.add_stream("libx264", rate=FPS, options=X264)
        video.width, video.height, video.pix_fmt = *size, "yuv420p"
        context = video.codec_context
        context.time_base = Fraction(1, FPS)
        context.gop_size = 2 * FPS  # a last frame is found in a tenth of the time
        context.thread_count = 2  # another count gives other bytes
        context.color_range = LIMITED
        context.colorspace = context.color_primaries = context.color_trc = BT709
        audio = container.add_stream("aac", rate=RATE, layout="mono", options=AAC)
        audio.codec_context.bit_rate = 64_000
        blocks = _blocks(samples)
        heard = 0.0
        for number, frame in enumerate(frames):
            while heard <= number / FPS and (block := next(blocks, None)) is not None:
                container.mux(audio.encode(block))
                heard += BLOCK / RATE
            frame.pts, frame.time_base, frame.pict_type = number, context.time_base, 0
            container.mux(video.encode(frame))
            on_frame(number + 1)
        for block in blocks:
            container.mux(audio.encode(block))
        container.mux(audio.encode(None))
        container.mux(video.encode(None))


def _blocks(samples: Field) -> Iterator[av.AudioFrame]:
    for start in range(0, len(samples), BLOCK):
        block = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(samples[None, start : start + BLOCK], np.float32), "fltp", "mono"
        )
        block.sample_rate, block.pts, block.time_base = RATE, start, Fraction(1, RATE)
        yield block


def ahead(frames: Iterator[av.VideoFrame]) -> Generator[av.VideoFrame, None, None]:
    """Yield the same frames, made in a thread of their own while the caller encodes.

    numpy, swscale and x264 all let go of the interpreter, so this uses a second core. The thread has ended
    when this iterator is exhausted or closed.
    """
    made: queue.Queue[av.VideoFrame | BaseException | None] = queue.Queue(DEPTH)
    stopped = threading.Event()

    def produce() -> None:
        try:
            for frame in frames:
                made.put(frame)
                if stopped.is_set():
                    return
        except BaseException as exc:  # noqa: BLE001 - raised again on the consumer's side
            made.put(exc)
        else:
            made.put(None)

    producer = threading.Thread(target=produce, name="preview-frames", daemon=True)
    producer.start()
    try:
        while (item := made.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        stopped.set()
        while producer.is_alive():
            with suppress(queue.Empty):
                made.get(timeout=0.01)
        producer.join()
