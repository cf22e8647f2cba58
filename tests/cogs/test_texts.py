import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fluent.syntax import FluentParser
from fluent.syntax.ast import Message

from bot.domain.board import BoardKind
from bot.domain.codes import Code
from bot.domain.errors import BotError
from bot.domain.evaluation import Aspect
from bot.domain.feedback import ReelEvery
from bot.domain.prompts.check import NoteKind
from bot.domain.prompts.refine import Criterion
from bot.domain.prompts.styles import presets
from bot.domain.ratings import RatingStyle
from bot.domain.states import DRIVEN, JobState
from bot.domain.trends import Period
from cogs.boards.verbs import BoardVerb
from cogs.builder import PARTS
from cogs.places import NEEDED, NEEDED_IN_THREADS
from cogs.texts import load_library

ROOT = Path(__file__).parents[2] / "cogs"
CALLED = {"texts", "locale_str"}


def literal_keys() -> Iterator[str]:
    """Find every key that stands in the code as a literal."""
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def built_keys() -> set[str]:
    """List the keys that are built from closed sets of values."""
    keys = {f"error-{code}" for code in Code}
    keys |= {f"note-{kind}" for kind in NoteKind}
    keys |= {f"build-{part}{end}" for part in PARTS for end in ("", "-example")}
    keys |= {f"permission-{name}" for name in (*NEEDED, *NEEDED_IN_THREADS)}
    keys |= {f"stage-{state}" for state in DRIVEN}
    keys |= {f"trouble-{code}" for code in (Code.PROVIDER_UNREACHABLE, Code.PROVIDER_BUSY)}
    keys |= {
        f"trouble-{code}"
        for code in (
            Code.NO_ROOM,
            Code.DISK_READ_ONLY,
            Code.DATABASE_AWAY,
            Code.PROVIDER_AUTH,
            Code.MODEL_UNKNOWN,
        )
    }
    keys |= {f"board-{kind}" for kind in BoardKind}
    keys |= {f"board-which-{verb}" for verb in (BoardVerb.REDO, BoardVerb.CHANGE, BoardVerb.SKIP)}
    keys |= {f"style-{name}" for name in presets()}
    keys |= {f"choice-period-{period}" for period in Period}
    keys |= {f"criterion-{criterion}{part}" for criterion in Criterion for part in ("", "-label", "-asks")}
    keys |= {f"choice-rating-{style}" for style in RatingStyle}
    keys |= {f"choice-reel-{every}" for every in ("off", *ReelEvery)}
    keys |= {f"criterion-{aspect}-label" for aspect in Aspect} | {
        f"rating-{aspect}-asks" for aspect in Aspect
    }
    for state in DRIVEN:
        keys |= {f"status-{state}", f"status-{state}-trouble"}
    return keys | {f"status-{state}-percent" for state in (JobState.RENDERING, JobState.FITTING)}


def file_keys(path: Path) -> set[str]:
    resource = FluentParser().parse(path.read_text(encoding="utf-8"))
    return {entry.id.name for entry in resource.body if isinstance(entry, Message)}


def quoted_keys(path: Path) -> set[str]:
    """List the texts that other texts of the file are made of."""
    return set(re.findall(r"{ ([a-z][a-z-]*) }", path.read_text(encoding="utf-8")))


LOCALES = sorted((ROOT / "text").glob("*.ftl"))


@pytest.mark.parametrize("path", LOCALES, ids=lambda path: path.stem)
def test_no_key_is_missing_or_unused(path: Path) -> None:
    keys, literals = file_keys(path), set(literal_keys()) | quoted_keys(path)
    assert not built_keys() - keys, "missing"
    assert not {key for key in keys if key not in literals} - built_keys(), "unused"


def test_every_called_key_exists() -> None:
    english = file_keys(ROOT / "text" / "en-US.ftl")
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else ""
            first = node.args[0]
            if name in CALLED and isinstance(first, ast.Constant):
                assert first.value in english, path.name


@pytest.mark.parametrize("path", LOCALES, ids=lambda path: path.stem)
def test_the_file_has_no_syntax_errors(path: Path) -> None:
    resource = FluentParser().parse(path.read_text(encoding="utf-8"))
    assert not [entry for entry in resource.body if type(entry).__name__ == "Junk"]


@pytest.mark.parametrize(
    "key",
    [key for key in sorted(file_keys(LOCALES[0])) if key.startswith(("command-", "option-"))],
)
def test_command_texts_fit_discord(key: str) -> None:
    assert 1 <= len(load_library().texts("en-US")(key)) <= 100


def test_an_unknown_language_reads_english() -> None:
    assert load_library().texts("xx")("button-cancel") == "✖ Cancel"


def test_a_missing_place_is_a_bug_that_shows() -> None:
    with pytest.raises(ValueError, match="status-facts"):
        load_library().texts("en-US")("status-facts", seconds="8")


def test_a_missing_key_is_a_bug_that_shows() -> None:
    with pytest.raises(KeyError):
        load_library().texts("en-US")("no-such-key")


def test_a_failure_without_a_reason_reads_well() -> None:
    texts = load_library().texts("en-US")
    assert texts.error(Code.PROVIDER_FAILED, {}).startswith(
        "The video service failed while rendering. It may"
    )
    assert texts.error(Code.PROVIDER_FAILED, {"reason": ""}) == texts.error(Code.PROVIDER_FAILED, {})
    assert "rendering: out of memory" in texts.error(Code.PROVIDER_FAILED, {"reason": "out of memory"})


@pytest.mark.parametrize(
    ("facts", "sentences"),
    [
        (
            {"what": "prompt", "cost": "none"},
            ("refused the prompt. ", "Nothing was paid. ", "Try other words."),
        ),
        (
            {"what": "picture", "cost": "none"},
            ("refused the picture. ", "Nothing was paid. ", "Try another picture."),
        ),
        ({"what": "request", "cost": "none"}, ("the prompt or the picture. ", "Nothing was paid. ")),
        ({"what": "result"}, ("refused the finished video. ", "It may have been charged. ")),
        ({}, ("refused this because of its content rules. ", "It may have been charged. ")),
    ],
    ids=lambda value: value.get("what", "not told") if isinstance(value, dict) else None,
)
def test_moderation_says_what_was_refused_and_what_it_cost(
    facts: dict[str, str], sentences: tuple[str, ...]
) -> None:
    text = load_library().texts("en-US").error(Code.PROVIDER_MODERATED, facts)
    for sentence in sentences:
        assert sentence in text + " "


# What a member reads of a job that ended without a video, or with one that nobody can post.
ENDS = [
    code
    for code in Code
    if code.value.startswith(
        ("provider-", "result-", "delivery-", "charge-", "deadline", "cancelled-", "given")
    )
]
COST = ("Nothing was paid", "charge", "paid for", "costs again")


@pytest.mark.parametrize("code", ENDS)
def test_every_failure_says_what_it_cost(code: Code) -> None:
    text = load_library().texts("en-US").error(code, {"id": "7F3K2"})
    assert any(words in text for words in COST), text


@pytest.mark.parametrize("code", ENDS)
def test_every_failure_says_what_to_do_or_what_happens(code: Code) -> None:
    text = load_library().texts("en-US").error(code, {"id": "7F3K2"})
    ways = ("try ", "Try ", "ask", "owner of this bot", "`/show 7F3K2`", "again", "Cancelled", "Given up")
    assert any(way in text for way in ways), text


def test_an_unexpected_error_shows_nothing_of_itself() -> None:
    sentence = load_library().texts("en-US").of(BotError("secret detail at /root/x"))
    assert "secret" not in sentence
