"""Labelled pairs of claim and evidence, and how well the support checker does on them (EVD-7)."""
