"""A result of which a part is here already, and whether an answer goes on with that very file."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Self

Headers = Mapping[str, str]

_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """Which file a server sends, as far as its headers tell: the length in bytes and its own marks."""

    total: int
    etag: str | None = None
    modified: str | None = None

    @classmethod
    def of(cls, headers: Headers) -> Self | None:
        """Read the headers of a 200 or 206; None where the length is not said: nothing can be proven then."""
        span = Span.of(headers)
        total = span.total if span is not None else declared_length(headers)
        if total is None:
            return None
        return cls(total=total, etag=headers.get("etag"), modified=headers.get("last-modified"))

    @classmethod
    def from_note(cls, text: str) -> Self:
        """Read what `note` wrote.

        Raises:
            ValueError: it was cut short, or is something else.
        """
        match json.loads(text):
            case {"total": int(total), "etag": str() | None as etag, "modified": str() | None as modified}:
                return cls(total=total, etag=etag, modified=modified)
            case _:
                raise ValueError("not a note of a download")

    def note(self) -> str:
        """Write it down for the next process."""
        return json.dumps(asdict(self))

    def is_same_as(self, other: Self) -> bool:
        """Say whether both have one length, and no mark that both carry differs."""
        marks = ((self.etag, other.etag), (self.modified, other.modified))
        return self.total == other.total and all(None in pair or pair[0] == pair[1] for pair in marks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Which bytes an answer holds, both ends included (RFC 9110, section 14.4)."""

    first: int
    last: int
    total: int

    @classmethod
    def of(cls, headers: Headers) -> Self | None:
        """Read `Content-Range`; None where there is none, or one that cannot be."""
        match = _RANGE.fullmatch(headers.get("content-range", ""))
        if match is None:
            return None
        first, last, total = map(int, match.groups())
        return cls(first=first, last=last, total=total) if first <= last < total else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """`length` bytes of an edition are on disk; without an edition there is nothing to go on with."""

    length: int = 0
    edition: Edition | None = None

    @property
    def is_whole(self) -> bool:
        """Say whether nothing is missing, such as after a kill between the last byte and the check."""
        return self.edition is not None and self.length == self.edition.total

    def request_headers(self) -> dict[str, str]:
        """Ask for the rest, and for the whole file where it is another one by now.

        A weak ETag may not stand in If-Range (RFC 9110, section 13.1.5).
        """
        if self.edition is None or not self.length:
            return {}
        etag = self.edition.etag
        strong = etag if etag is not None and etag.startswith('"') else None
        condition = strong or self.edition.modified
        return {"range": f"bytes={self.length}-"} | ({"if-range": condition} if condition else {})

    def goes_on_with(self, headers: Headers) -> bool:
        """Say whether a 206 holds the rest of the same file; not every server minds If-Range."""
        span, edition = Span.of(headers), Edition.of(headers)
        if span is None or edition is None or self.edition is None:
            return False
        return span.first == self.length and edition.is_same_as(self.edition)


def declared_length(headers: Headers) -> int | None:
    """Return the `Content-Length` in bytes."""
    declared = headers.get("content-length", "")
    return int(declared) if declared.isdecimal() and len(declared) < 20 else None
