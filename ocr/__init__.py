"""From scan to text, kind and fields; and the PDF/A that will be signed."""
