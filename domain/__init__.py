"""The values and errors that every package shares (standard library only)."""
