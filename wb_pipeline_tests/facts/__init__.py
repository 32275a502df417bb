"""Tests of wb_pipeline.facts."""
