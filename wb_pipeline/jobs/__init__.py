"""What the orchestrator can start: jobs, their schedules, the inbox sensor. Steps are in `assets` or below."""
