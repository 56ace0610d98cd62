"""Scanned-looking sample papers of fictional people, made by the project itself, with the truth about each."""

from ocr.samples.writer import Sample, SampleTruth, make_samples, write_samples

__all__ = ["Sample", "SampleTruth", "make_samples", "write_samples"]
