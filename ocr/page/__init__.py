"""The words of a page in order: columns, rows, tables, two-page sheets, and what is wrong with a page."""
