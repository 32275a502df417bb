"""Tests of wb_pipeline.connectors."""
