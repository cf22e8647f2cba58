"""The Discord face: one package or module a feature."""

EXTENSIONS = (
    "cogs.translation",
    "cogs.buttons",
    "cogs.boards",
    "cogs.video",
    "cogs.variations",
    "cogs.styles",
    "cogs.enhance",
    "cogs.builder",
    "cogs.story",
    "cogs.refining.cog",
    "cogs.jobs",
    "cogs.remix",
    "cogs.lineage",
    "cogs.continuing",
    "cogs.queue",
    "cogs.ratings",
    "cogs.callback",
    "cogs.errors",
)
"""What `bot.client` loads, in this order; a failure to load one ends the start."""
