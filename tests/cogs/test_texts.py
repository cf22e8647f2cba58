import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from fluent.syntax import FluentParser
from fluent.syntax.ast import Message

from bot.domain.errors import BotError, Code
from bot.domain.states import DRIVEN, JobState
from cogs.texts import load_library
from cogs.video._options import NEEDED, NEEDED_IN_THREADS

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
    keys |= {f"permission-{name}" for name in (*NEEDED, *NEEDED_IN_THREADS)}
    keys |= {f"stage-{state}" for state in DRIVEN}
    keys |= {f"trouble-{code}" for code in (Code.PROVIDER_UNREACHABLE, Code.PROVIDER_BUSY)}
    for state in DRIVEN:
        keys |= {f"status-{state}", f"status-{state}-trouble"}
    return keys | {f"status-{state}-percent" for state in (JobState.RENDERING, JobState.FITTING)}


def file_keys(path: Path) -> set[str]:
    resource = FluentParser().parse(path.read_text(encoding="utf-8"))
    return {entry.id.name for entry in resource.body if isinstance(entry, Message)}


LOCALES = sorted((ROOT / "text").glob("*.ftl"))


@pytest.mark.parametrize("path", LOCALES, ids=lambda path: path.stem)
def test_no_key_is_missing_or_unused(path: Path) -> None:
    keys, literals = file_keys(path), set(literal_keys())
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
    assert texts.error(Code.PROVIDER_FAILED, {}).endswith("try again.")
    assert texts.error(Code.PROVIDER_FAILED, {"reason": "out of memory"}).endswith("out of memory")


def test_an_unexpected_error_shows_nothing_of_itself() -> None:
    sentence = load_library().texts("en-US").of(BotError("secret detail at /root/x"))
    assert "secret" not in sentence
