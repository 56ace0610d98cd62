"""The archived copy: content digest, PDF/A with text layer, blocks, QR code and statement page, and printed reports."""
