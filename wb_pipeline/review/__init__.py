"""What waits for a person, and what people decide about it: the queue, decisions, approvals that stand (RVW).

Writing to the CRM is in `apply`; the page in `web`; the command line in `cli.review`.
"""
