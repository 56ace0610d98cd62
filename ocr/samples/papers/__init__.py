"""The sample papers, one module a kind."""
