"""The steps of the road as plain functions over a connection, a home and a ledger. The orchestrator is not here."""
