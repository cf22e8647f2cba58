"""Adapters to video APIs. A vendor is data (`profiles/*.toml`); code knows mechanisms only."""
