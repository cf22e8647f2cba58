"""The control API: what a person, a test or the page does in the sandbox."""
