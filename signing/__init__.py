"""The QR seal; PAdES signatures: make, augment, validate; keys; status list."""
