"""The verbs: digitize, review, certify, verify, withdraw, share, report."""
