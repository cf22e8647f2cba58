"""`/refine`, the improvement loop; `cogs.refining.cog` is the extension, `cogs.boards` shows the rounds."""
