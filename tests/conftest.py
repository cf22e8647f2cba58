"""What every test relies on."""

import os

import pytest


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "pace(seconds): the preview takes so long a second of video")


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """In CI a skipped test is a failed run: everything that a test needs can be installed there."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = len(reporter.stats.get("skipped", [])) if reporter is not None else 0
    if reporter is not None and os.environ.get("REELBOT_NO_SKIPS") and skipped and exitstatus == 0:
        session.exitstatus = 1
        reporter.write_line(f"{skipped} tests were skipped, and REELBOT_NO_SKIPS is set", red=True)
