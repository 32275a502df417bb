"""Tests of wb_pipeline.audit."""
