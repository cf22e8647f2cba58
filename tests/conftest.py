"""What every test relies on."""

import os

import pytest
import simcord.pytest_plugin
from hypothesis import HealthCheck, settings

from tests.patient_env import PatientEnv

IN_CI = "REELBOT_NO_SKIPS" in os.environ


def pytest_configure(config: pytest.Config) -> None:
    # Examples are not timed: a slow machine takes over 200 ms for one. In CI they are the same each time.
    settings.register_profile(
        "patient",
        deadline=None,
        derandomize=IN_CI,
        suppress_health_check=[HealthCheck.too_slow],
    )
    settings.load_profile("patient")
    # Its fixture `simcord_env` takes no class, and its five seconds at the start are fixed.
    vars(simcord.pytest_plugin)["Env"] = PatientEnv
    config.addinivalue_line("markers", "pace(seconds): the preview takes so long a second of video")
    config.addinivalue_line("markers", "phone: the browser has the size of a phone")
    config.addinivalue_line("markers", "dark: the browser asks for dark colours")


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """In CI a skipped test is a failed run: what a test needs can be installed there, but for these two."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or not IN_CI:
        return
    reports = reporter.stats.get("skipped", [])
    asked_for = ("DISCORD_OPENAPI", "REELBOT_LITELLM")
    skipped = sum(not any(name in str(report.longrepr) for name in asked_for) for report in reports)
    if skipped and exitstatus == 0:
        session.exitstatus = 1
        reporter.write_line(f"{skipped} tests were skipped, and REELBOT_NO_SKIPS is set", red=True)
