"""Lineage: which video was made from which."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyMember:
    """One video of a family, as it is drawn.

    `short_id` is the id that members read, `parent` that of the video it was made from (None for a first
    one, or where the parent is not drawn). `relation` says in the reader's words how it was made ("remix"),
    `caption` what it shows. `thumbnail` is a picture file of the bot's own.
    """

    short_id: str
    parent: str | None = None
    relation: str = ""
    caption: str = ""
    thumbnail: Path | None = None
