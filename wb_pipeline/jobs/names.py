"""The names of jobs: people's schedules, alerts and bookmarks hold on to them, so they do not change."""

GATE_JOB = "writeback_gate"
SNAPSHOT_JOB = "crm_snapshot_job"
DEDUPE_JOB = "crm_dedupe"
TRAINING_JOB = "train_matching"
NEWS_JOB = "news_for_people"
APPLY_JOB = "apply_approved"
AROUND_JOB = "writes_around_us"
