"""Tests of wb_pipeline.evidence."""
