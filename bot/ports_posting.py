"""The seams of postings: what keeps them, what writes them, and what sends them."""

from typing import Protocol

from bot.domain.job import Job, JobId, WorkerId
from bot.domain.posting import Notice, Posting, PostingId


class PostingStore(Protocol):
    """The postings table. Every method is one transaction; all raise `DatabaseUnavailable` when it fails."""

    async def owe(self, posting: Posting) -> Posting:
        """Keep a new posting, due now, and return the row as it stands; a known id changes nothing."""

    async def get(self, posting_id: PostingId) -> Posting | None:
        """Return the posting of this id."""

    async def claim(self, worker: WorkerId, limit: int) -> list[Posting]:
        """Take what is due and in no living process's hands, oldest first; the intent is written along."""

    async def posted(self, posting: Posting, message_id: int) -> Posting:
        """Note the message and return the row; one that is to leave again meanwhile stays so."""

    async def put_off(self, posting: Posting, wait_ms: int) -> None:
        """Offer it again after so long, to any process."""

    async def give_up(self, posting: Posting) -> None:
        """Offer it no more."""

    async def take_back(self, posting_id: PostingId) -> None:
        """Have its message deleted, also one that is just being sent; an unknown id is fine."""


class FavouriteStore(Protocol):
    """Stars on videos; all methods raise `DatabaseUnavailable` when it fails."""

    async def of_message(self, message_id: int) -> Job | None:
        """Return the job whose video or status stands in this message; a clip of a board by its video."""

    async def add(self, job_id: JobId, user_id: int, at: int) -> None:
        """Keep a person's star; a second one changes nothing."""

    async def remove(self, job_id: JobId, user_id: int) -> None:
        """Forget a person's star."""

    async def clear(self, job_id: JobId) -> None:
        """Forget all stars of the job."""

    async def replace(self, job_id: JobId, user_ids: frozenset[int], at: int) -> None:
        """Make the table equal to who holds a star; those that stay keep their time."""

    async def stars(self, job: Job) -> int:
        """Count the stars of others than the author."""


class PostingWriter(Protocol):
    """Writes the postings of one kind."""

    async def write(self, posting: Posting) -> Notice | None:
        """Return what is said after the mark, None where there is nothing to say any more.

        Raises:
            DeliveryError: Discord must be asked first and does not answer as needed.
        """


class PostingAnnouncer(Protocol):
    """Sends and deletes the messages. Implemented by the Discord side."""

    async def send(self, posting: Posting, notice: Notice) -> int:
        """Post it and return the message; a repeat within minutes is the same message.

        Raises:
            DeliveryError: of any kind.
        """

    async def find(self, posting: Posting) -> int | None:
        """Look for the message since the intent; raise `Forbidden` or `Gone` where nobody can know."""

    async def delete(self, posting: Posting, message_id: int) -> None:
        """Delete the message; one that is gone is fine.

        Raises:
            Forbidden, TryLater.
        """
