"""The Discord face: one package or module a feature."""

EXTENSIONS = (
    "cogs.translation",
    "cogs.buttons",
    "cogs.video",
    "cogs.jobs",
    "cogs.queue",
    "cogs.ratings",
    "cogs.callback",
    "cogs.errors",
)
"""What `bot.client` loads, in this order; a failure to load one ends the start."""
