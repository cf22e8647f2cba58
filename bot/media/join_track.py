"""One track of a join, as it is written."""

from typing import Protocol

from av.packet import Packet
from av.stream import Stream

from bot.media.reel import Reel


class Track(Protocol):
    """Takes the packets of one kind, clip by clip."""

    def begin(self, number: int, reel: Reel) -> None:
        """Begin the clip of this number."""

    def take(self, packet: "Packet[Stream]") -> None:
        """Take one packet of the clip; the last one is empty."""

    def end(self) -> None:
        """End the clip."""

    def close(self) -> None:
        """Write what is left after the last clip."""


class Silence:
    """No sound at all."""

    def begin(self, number: int, reel: Reel) -> None:
        """Do nothing."""

    def take(self, packet: "Packet[Stream]") -> None:
        """Do nothing."""

    def end(self) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""
