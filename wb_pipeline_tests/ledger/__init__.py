"""Tests of wb_pipeline.ledger."""
