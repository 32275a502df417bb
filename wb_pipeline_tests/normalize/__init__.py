"""Tests of wb_pipeline.normalize."""
