"""What came back over the wire, without the HTTP library's types."""

import json
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One whole answer. Header names are lower-case; `retry_after` is in seconds where it said so."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    retry_after: float | None = None

    @property
    def ok(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300

    @property
    def redirects(self) -> bool:
        """Whether the status is 3xx."""
        return 300 <= self.status < 400

    def data(self) -> object:
        """Return the body read as JSON, or None where it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    @property
    def is_html(self) -> bool:
        """Whether a web page was sent instead of an API's answer."""
        opening = self.body[:200].lstrip().lower()
        return opening.startswith((b"<!doctype", b"<html", b"<head", b"<body"))
