"""Who is meant: keys, candidates and how sure we are. Exact keys here; probabilistic linkage fills the same columns."""
