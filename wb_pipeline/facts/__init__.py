"""Writers of the facts.* tables: what SQL cannot find out by itself. No judging: gates do that."""
