"""Reelbot: slash commands become finished videos."""
