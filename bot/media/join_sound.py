"""The sound of a join, encoded anew."""

from fractions import Fraction

import av
import numpy as np
import numpy.typing as npt
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.container import OutputContainer
from av.packet import Packet
from av.stream import Stream

from bot.media.reel import Reel, Splice

Samples = npt.NDArray[np.float32]


class EncodedSound:
    """Every clip's sound in one rate and layout, exactly as long as its pictures, blended where they are."""

    def __init__(self, out: OutputContainer, splice: Splice, bit_rate: int) -> None:
        self._out = out
        self._splice = splice
        self._layout = "mono" if splice.channels == 1 else "stereo"
        self._stream = out.add_stream("aac", rate=splice.rate, layout=self._layout)
        self._stream.bit_rate = bit_rate
        self._held = self._nothing()
        self._tail: list[Samples] = []
        self._weights = self._nothing()
        self._written = 0
        self._at = self._end = self._next = 0
        self._resampler: AudioResampler | None = None
        self._start = Fraction(0)
        self._early = 0  # samples that sound before the clip's first picture

    def begin(self, number: int, reel: Reel) -> None:
        """Begin the clip of this number."""
        begins, length = self._splice.begins, self._splice.lengths[number]
        self._at = self._position(begins[number])
        self._end = self._position(begins[number] + length)
        is_last = number == len(begins) - 1
        self._next = self._end if is_last else self._position(begins[number + 1])
        if number == 0:
            self._write(self._silence(self._at))  # the title's
        self._start, self._early = reel.start, 0
        self._resampler = None
        turn = np.linspace(0, np.pi / 2, self._held.shape[1], dtype=np.float32)
        self._weights = np.stack((np.cos(turn), np.sin(turn)))  # of equal power: the loudness stays

    def take(self, packet: "Packet[Stream]") -> None:
        """Decode the packet, bring it into shape and mix it in."""
        for frame in packet.decode():
            if not isinstance(frame, AudioFrame):
                continue
            if self._resampler is None:
                self._resampler = AudioResampler("fltp", self._layout, self._splice.rate)
                self._lead(frame)
            frame.pts = None  # its place is where the one before ended
            for block in self._resampler.resample(frame):
                self._put(self._samples(block))

    def end(self) -> None:
        """Fill up with silence to the clip's end."""
        if self._resampler is not None:
            for block in self._resampler.resample(None):
                self._put(self._samples(block))
        self._put(self._silence(self._end - self._at))
        self._held = np.concatenate([self._nothing(), *self._tail], axis=1)
        self._tail = []

    def close(self) -> None:
        """Write what the encoder holds."""
        self._out.mux(self._stream.encode(None))

    def _lead(self, first: AudioFrame) -> None:
        """Put silence before a sound that starts later than the pictures, or cut what comes before them."""
        if first.pts is None or first.time_base is None:
            return
        late = round((first.pts * first.time_base - self._start) * self._splice.rate)
        if late > 0:
            self._put(self._silence(min(late, self._end - self._at)))
        else:
            self._early = -late

    def _put(self, samples: Samples) -> None:
        """Mix the next samples of the clip in; what the next clip blends over is held back."""
        skipped = min(self._early, samples.shape[1])
        self._early -= skipped
        samples = samples[:, skipped : skipped + max(0, self._end - self._at)]
        over = min(samples.shape[1], self._held.shape[1])
        if over:
            samples = samples.copy()
            samples[:, :over] = (
                self._held[:, :over] * self._weights[0, :over] + samples[:, :over] * self._weights[1, :over]
            )
            self._held, self._weights = self._held[:, over:], self._weights[:, over:]
        now = max(0, min(samples.shape[1], self._next - self._at))
        self._at += samples.shape[1]
        self._write(samples[:, :now])
        self._tail.append(samples[:, now:])

    def _write(self, samples: Samples) -> None:
        if not samples.shape[1]:
            return
        level = np.ascontiguousarray(np.clip(samples, -1, 1))
        frame = av.AudioFrame.from_ndarray(level, "fltp", self._layout)
        frame.sample_rate, frame.time_base = self._splice.rate, Fraction(1, self._splice.rate)
        frame.pts = self._written
        self._written += samples.shape[1]
        self._out.mux(self._stream.encode(frame))

    def _samples(self, block: AudioFrame) -> Samples:
        return np.asarray(block.to_ndarray(), np.float32)

    def _position(self, seconds: Fraction) -> int:
        return round(seconds * self._splice.rate)

    def _silence(self, length: int) -> Samples:
        return np.zeros((self._splice.channels, max(0, length)), np.float32)

    def _nothing(self) -> Samples:
        return self._silence(0)
