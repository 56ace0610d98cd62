"""The groups of the command `sohoa`: the warehouse, sharing, the access log, owners, and the care of the archive."""
