"""What lies in the data folder, as its names tell."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.job import JobId


class FileKind(StrEnum):
    """What a file is for."""

    ORIGINAL = "original"  # as the API sent it
    COPY = "copy"  # made for one place: smaller, or a picture of it
    PICTURE = "picture"  # a reference picture
    PART = "part"  # of any of these, or a note about it: half done


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """One file of a job. `modified_at` is milliseconds since 1970, `size` is bytes."""

    name: str
    job_id: JobId
    kind: FileKind
    size: int
    modified_at: int
