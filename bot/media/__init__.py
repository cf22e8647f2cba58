"""Work on pictures and videos: fit, check, shrink. Every byte that comes in is hostile."""
