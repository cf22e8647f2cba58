"""What kind of file a video comes in, told by its first bytes."""

from enum import StrEnum


class Container(StrEnum):
    """The kinds that are accepted; each value is the name of libavformat's demuxer."""

    MP4 = "mp4"
    """Also QuickTime's MOV."""
    MATROSKA = "matroska"
    """Also WebM."""
    AVI = "avi"


def container_of(opening: bytes) -> Container | None:
    """Name the container by the first 12 bytes, None where they belong to no video."""
    if opening[4:8] == b"ftyp":
        return Container.MP4
    if opening.startswith(b"\x1a\x45\xdf\xa3"):
        return Container.MATROSKA
    if opening.startswith(b"RIFF") and opening[8:12] == b"AVI ":
        return Container.AVI
    return None
