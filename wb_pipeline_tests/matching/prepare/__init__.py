"""Tests of wb_pipeline.matching.prepare."""
