"""Each quirk of APIs that claim one shape, with the whole bot: a delivered video or the right sentence."""

import asyncio
import fcntl
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.quirk_azure import azure_jobs_rows, azure_rows
from tests.e2e.quirk_bot import Group, play
from tests.e2e.quirk_orders import order_rows
from tests.e2e.quirk_own import doubtful_rows, dynamo_rows, looping_rows, sglang_rows, vllm_omni_rows
from tests.e2e.quirk_results import lasting_rows, result_rows
from tests.e2e.quirk_row import Quirk
from tests.e2e.quirk_sold import RESELLER, litellm_rows, newapi_rows, openrouter_rows, reseller_rows

pytestmark = pytest.mark.timeout(400)  # the first test of a group waits until all rows were played

GROUPS = (
    Group(name="openai", profile="openai", rows=(*order_rows(), *result_rows())),
    Group(name="openai-lasting", profile="openai", rows=tuple(lasting_rows()), hurried=True),
    Group(name="vllm-omni", profile="vllm-omni", rows=tuple(vllm_omni_rows())),
    Group(name="loop", profile="vllm-omni", rows=tuple(looping_rows()), list_loops=True),
    Group(
        name="loop-lasting", profile="vllm-omni", rows=tuple(doubtful_rows()), list_loops=True, hurried=True
    ),
    Group(name="sglang", profile="sglang", rows=tuple(sglang_rows())),
    Group(name="newapi", profile="newapi", rows=tuple(newapi_rows()), model="sora-2"),
    Group(name="litellm", profile="litellm", rows=tuple(litellm_rows()), model="my-video"),
    Group(name="azure", profile="azure", rows=tuple(azure_rows()), model="my-deployment"),
    Group(name="azure-jobs", profile="azure-jobs", rows=tuple(azure_jobs_rows()), model="my-deployment"),
    Group(name="openrouter", profile="openrouter", rows=tuple(openrouter_rows()), model="some/model"),
    Group(
        name="reseller", profile="reseller", toml=RESELLER, rows=tuple(reseller_rows()), model="some-model"
    ),
    Group(name="dynamo", profile="dynamo", rows=tuple(dynamo_rows()), model="wan"),
)
Outcome = Callable[[Group, Quirk], list[str]]


@pytest.fixture(scope="session")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """Return what is wrong with a row; its group is played once, whichever process asks first."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if base.name.startswith("popen-") else base

    def look(group: Group, row: Quirk) -> list[str]:
        return _played_once(group, shared)[row.name]

    return look


def _played_once(group: Group, shared: Path) -> dict[str, list[str]]:
    result = shared / f"quirks-{group.name}.json"
    with (shared / f"quirks-{group.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not result.exists():
            folder = shared / f"quirks-{group.name}"
            folder.mkdir()
            started = time.monotonic()
            outcomes = asyncio.run(play(group, folder))
            result.write_text(json.dumps(outcomes))
            lines = [f"{'WRONG' if outcomes[row.name] else 'ok':6} {row}" for row in group.rows]
            lines.append(f"{len(lines)} quirks on {group.profile} in {time.monotonic() - started:.0f} s")
            sys.stdout.write("\n" + "\n".join(lines) + "\n")
        loaded: dict[str, list[str]] = json.loads(result.read_text())
        return loaded


def test_names_are_used_once() -> None:
    for group in GROUPS:
        names = [row.name for row in group.rows]
        assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("group", "row"),
    [pytest.param(group, row, id=f"{group.name}: {row.name}") for group in GROUPS for row in group.rows],
)
def test_quirk(outcome: Outcome, group: Group, row: Quirk) -> None:
    wrong = outcome(group, row)
    assert not wrong, f"{row}\n    " + "\n    ".join(wrong)
