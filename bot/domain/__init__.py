"""Pure values and rules: the standard library alone, no input or output."""
