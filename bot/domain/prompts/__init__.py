"""What makes a prompt work: its parts, its flaws, its looks; rules and word lists stand in the TOML files."""
