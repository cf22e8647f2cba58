"""What every test relies on."""

import os

import pytest
import simcord.pytest_plugin

from tests.patient_env import PatientEnv


def pytest_configure(config: pytest.Config) -> None:
    # Its fixture `simcord_env` takes no class, and its five seconds at the start are fixed.
    vars(simcord.pytest_plugin)["Env"] = PatientEnv
    config.addinivalue_line("markers", "pace(seconds): the preview takes so long a second of video")
    config.addinivalue_line("markers", "phone: the browser has the size of a phone")
    config.addinivalue_line("markers", "dark: the browser asks for dark colours")


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """In CI a skipped test is a failed run: what a test needs can be installed there, but for these two."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or not os.environ.get("REELBOT_NO_SKIPS"):
        return
    reports = reporter.stats.get("skipped", [])
    asked_for = ("DISCORD_OPENAPI", "REELBOT_LITELLM")
    skipped = sum(not any(name in str(report.longrepr) for name in asked_for) for report in reports)
    if skipped and exitstatus == 0:
        session.exitstatus = 1
        reporter.write_line(f"{skipped} tests were skipped, and REELBOT_NO_SKIPS is set", red=True)
