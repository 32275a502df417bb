"""The second stage: points per term, added up to a calibrated probability that two records are one entity."""
