"""What machines wrote for machines: QR codes, barcodes, identity card codes, machine-readable lines."""
