"""Writing approved changes to the CRM, each once in effect, and taking writes back. Deciding is `review`."""
