"""What came of every job, counted from what stands outside the bot."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.domain.states import JobState
from tests.actor import Message
from tests.bench.kills_members import COMMAND_ANSWER, has_ended, is_status
from tests.bench.kills_table import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was found when all was quiet.

    `bought` holds the prompt of every accepted create. `videos` holds two prompts of every posted file: the
    one that its message shows and the one inside the file. `given_up` are the prompts of jobs that were
    UNSURE until the owner ended them.
    """

    messages: Sequence[Message]
    videos: Sequence[tuple[str, str]]
    bought: Sequence[str]
    rows: Sequence[Row]
    given_up: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many jobs were accepted, and the prompts of those that went wrong.

    `unanswered` counts commands that were acknowledged and never became a job. `untold` are jobs whose status
    message does not show their end.
    """

    jobs: int
    unanswered: int
    lost: frozenset[str]
    bought_twice: frozenset[str]
    posted_twice: frozenset[str]
    unsure: frozenset[str]
    failed: frozenset[str]
    untold: frozenset[str]
    stories: dict[str, str] = field(default_factory=dict)

    @property
    def wrong(self) -> list[str]:
        """Tell the story of every job that must not be so, a line each."""
        kinds = ("lost", "bought_twice", "posted_twice", "failed", "untold")
        return [f"{kind}: {self.stories[prompt]}" for kind in kinds for prompt in sorted(getattr(self, kind))]


def prompt_of(message: Message, mark: str) -> str | None:
    """Return the prompt that a message shows behind this mark."""
    for line in message["content"].splitlines():
        if line.startswith(mark):
            return str(line.removeprefix(mark))
    return None


def tally(evidence: Evidence) -> Tally:
    """Count. A video counts as delivered when the file in the message with its prompt is its own render.

    A job that failed although its render was bought is lost, whatever its sentence says: the API never fails
    a render here.
    """
    shown = {prompt: m for m in evidence.messages if is_status(m) and (prompt := prompt_of(m, "🎬 "))}
    rows = {row.prompt: row for row in evidence.rows}
    bought, posted = Counter(evidence.bought), Counter(said for said, _ in evidence.videos)
    contents = defaultdict(set)
    for said, inside in evidence.videos:
        contents[said].add(inside)
    accepted = shown.keys() | rows.keys()
    unsure = evidence.given_up | {p for p, row in rows.items() if row.state is JobState.UNSURE}
    delivered = {prompt for prompt, inside in contents.items() if inside == {prompt}}
    failed = {p for p, row in rows.items() if row.state is JobState.FAILED} - unsure
    honest = unsure | (failed - bought.keys())
    known = accepted | bought.keys()
    return Tally(
        jobs=len(accepted),
        unanswered=sum(_is_unanswered(message) for message in evidence.messages),
        lost=frozenset(known - delivered - honest),
        bought_twice=frozenset(prompt for prompt, times in bought.items() if times > 1),
        posted_twice=frozenset(prompt for prompt, times in posted.items() if times > 1),
        unsure=frozenset(unsure),
        failed=frozenset(failed),
        untold=frozenset(p for p in accepted if p not in shown or not has_ended(shown[p])),
        stories={
            p: f"{p!r}: bought {bought[p]}, posted {posted[p]}, {rows[p].history if p in rows else 'no row'}"
            for p in known
        },
    )


def _is_unanswered(message: Message) -> bool:
    return message.get("type") == COMMAND_ANSWER and prompt_of(message, "🎬 ") is None
