"""The assets: thin wrappers that call the steps of the road and tell the orchestrator what they made."""
