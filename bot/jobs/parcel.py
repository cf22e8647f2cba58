"""ZIP files of bounded size, written to disk piece by piece."""

import zipfile
import zlib
from pathlib import Path

_AROUND = 400
"""Bytes that a piece takes beside its own: two headers with its name (reference: APPNOTE.TXT, 4.3)."""


class Parcel:
    """One ZIP of at most `limit` bytes; its methods block."""

    def __init__(self, file: Path, limit: int) -> None:
        """Begin the file anew."""
        self._left = limit - _AROUND
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED)
        self.pieces = 0

    def put_text(self, name: str, text: str) -> bool:
        """Add a text unless it does not fit; say whether it did."""
        data = text.encode()
        if not self._takes(len(zlib.compress(data))):
            return False
        self._zip.writestr(name, data)
        return True

    def put_file(self, name: str, file: Path) -> bool:
        """Add a file as it is unless it does not fit or is gone; say whether it did."""
        try:
            size = file.stat().st_size
        except FileNotFoundError:
            return False
        if not self._takes(size):
            return False
        self._zip.write(file, name, zipfile.ZIP_STORED)
        return True

    def close(self) -> None:
        """End the file, so that it can be read."""
        self._zip.close()

    def _takes(self, size: int) -> bool:
        needed = size + _AROUND
        if needed > self._left:
            return False
        self._left -= needed
        self.pieces += 1
        return True
