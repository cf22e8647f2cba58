"""What came of every job, counted from what stands outside the bot."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.states import JobState
from tests.actor import Message
from tests.bench.kills_members import COMMAND_ANSWER, has_ended, is_status
from tests.bench.kills_table import Row

COMMIT_S, DYING_S = 2.0, 0.5
"""An acknowledged command is in the table so soon. The last request of a killed process may still land."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was found when all was quiet.

    `bought` holds the prompt of every accepted create. `videos` holds two prompts of every posted file: the
    one that its message shows and the one inside the file. `kills` says when what hears commands was killed,
    Unix seconds.
    """

    messages: Sequence[Message]
    videos: Sequence[tuple[str, str]]
    bought: Sequence[str]
    rows: Sequence[Row]
    kills: Sequence[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many jobs were accepted, and the prompts of those that went wrong.

    `unanswered` counts commands that were acknowledged and never became a job because of a kill in between,
    `ignored` are those without one. `untold` are jobs whose status message does not show their end.
    """

    jobs: int
    unanswered: int
    lost: frozenset[str]
    bought_twice: frozenset[str]
    posted_twice: frozenset[str]
    unsure: frozenset[str]
    failed: frozenset[str]
    untold: frozenset[str]
    ignored: frozenset[str]
    stories: dict[str, str] = field(default_factory=dict)

    @property
    def wrong(self) -> list[str]:
        """Tell the story of every job that must not be so, a line each."""
        kinds = ("lost", "bought_twice", "posted_twice", "failed", "untold", "ignored")
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
    unsure = {prompt for prompt, row in rows.items() if row.was_unsure}
    delivered = {prompt for prompt, inside in contents.items() if inside == {prompt}}
    failed = {p for p, row in rows.items() if row.state is JobState.FAILED} - unsure
    honest = unsure | (failed - bought.keys())
    known = accepted | bought.keys()
    unanswered = {m["id"]: _asked_at(m) for m in evidence.messages if _is_unanswered(m)}
    ignored = {number: at for number, at in unanswered.items() if not _killed_after(at, evidence.kills)}
    return Tally(
        jobs=len(accepted),
        unanswered=len(unanswered) - len(ignored),
        lost=frozenset(known - delivered - honest),
        bought_twice=frozenset(prompt for prompt, times in bought.items() if times > 1),
        posted_twice=frozenset(prompt for prompt, times in posted.items() if times > 1),
        unsure=frozenset(unsure),
        failed=frozenset(failed),
        untold=frozenset(p for p in accepted if p not in shown or not has_ended(shown[p])),
        ignored=frozenset(ignored),
        stories={
            p: f"{p!r}: bought {bought[p]}, posted {posted[p]}, {rows[p].history if p in rows else 'no row'}"
            f", shown as {_words(shown.get(p))}"
            for p in known
        }
        | {number: f"a command of {at}" for number, at in ignored.items()},
    )


def _asked_at(message: Message) -> float:
    return datetime.fromisoformat(message["timestamp"]).timestamp()


def _killed_after(at: float, kills: Sequence[float]) -> bool:
    return any(-DYING_S <= kill - at <= COMMIT_S for kill in kills)


def _words(message: Message | None) -> str:
    return repr(message["content"].splitlines()[1:]) if message is not None else "nothing"


def _is_unanswered(message: Message) -> bool:
    return message.get("type") == COMMAND_ANSWER and prompt_of(message, "🎬 ") is None
