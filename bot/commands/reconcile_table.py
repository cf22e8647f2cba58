"""What `reelbot reconcile` prints: a table for people, JSON for scripts."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from bot.domain.job import Job
from bot.domain.prompt import shorten
from bot.jobs.reconciliation import Overview

PROMPT = 40
ID = 40
"""Longer ids push their line to the right: they are there to be copied."""


def as_table(overview: Overview) -> str:
    """Write the renders with the jobs that know them, then the jobs without a render."""
    lines = [f"{provider}: {reason}" for provider, reason in overview.silent.items()]
    renders = [
        (
            render.video.id,
            render.video.status,
            _when(render.video.created_at),
            f"{render.job.short_id} {render.job.state}" if render.job is not None else "no job",
            shorten(_line(render.video.prompt or ""), PROMPT),
        )
        for render in overview.renders
    ]
    lines += _columns(("VIDEO", "STATUS", "CREATED", "JOB", "PROMPT"), renders, "There are no videos.")
    jobs = [
        (
            job.short_id,
            job.state,
            _when(job.created_at),
            job.failure.code if job.failure is not None else "",
            shorten(_line(job.request.prompt), PROMPT),
        )
        for job in overview.jobs
    ]
    lines.append("")
    lines += _columns(("JOB", "STATE", "CREATED", "BECAUSE", "PROMPT"), jobs, "No job looks for its video.")
    return "\n".join(lines)


def as_json(overview: Overview) -> dict[str, Any]:
    """Return the same for scripts; times are milliseconds since 1970 UTC."""
    return {
        "videos": [
            {
                "provider": render.provider,
                "id": render.video.id,
                "status": render.video.status,
                "created_at": render.video.created_at,
                "prompt": render.video.prompt,
                "job": job_json(render.job) if render.job is not None else None,
            }
            for render in overview.renders
        ],
        "jobs": [job_json(job) for job in overview.jobs],
        "unlisted": dict(overview.silent),
    }


def job_json(job: Job) -> dict[str, Any]:
    """Return what names a job and where it stands."""
    return {
        "id": job.short_id,
        "state": job.state,
        "provider": job.provider,
        "video": job.remote_id,
        "created_at": job.created_at,
        "prompt": job.request.prompt,
        "failure": job.failure.code if job.failure is not None else None,
    }


def _columns(head: Sequence[str], rows: Sequence[Sequence[str]], nothing: str) -> list[str]:
    if not rows:
        return [nothing]
    table = [head, *rows]
    widths = [min(ID, max(len(row[column]) for row in table)) for column in range(len(head))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in table
    ]


def _when(milliseconds: int | None) -> str:
    if milliseconds is None:
        return "?"
    return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")


def _line(text: str) -> str:
    """Return the text on one line without characters that move a terminal's cursor."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
