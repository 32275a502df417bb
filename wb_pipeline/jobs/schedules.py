"""When jobs run by themselves. Each schedule is off until somebody switches it on in the UI."""

from functools import partial

import dagster as dg

from wb_pipeline.assets.dedupe import dedupe_config
from wb_pipeline.jobs.around import writes_around_us
from wb_pipeline.jobs.news import news_for_people
from wb_pipeline.jobs.of_assets import DEDUPE, SNAPSHOT
from wb_pipeline.jobs.writing import apply_job

# In UTC, so that no change of the clock runs a job twice or never.
_schedule = partial(dg.ScheduleDefinition, execution_timezone="UTC")

SCHEDULES = (
    _schedule(
        name="nightly_crm_snapshot",
        job=SNAPSHOT,
        cron_schedule="0 3 * * *",
        description="Every night at 03:00 UTC. An older picture of the CRM sends automatic changes to review.",
    ),
    _schedule(
        name="daily_crm_dedupe",
        job=DEDUPE,
        cron_schedule="30 3 * * 1-6",
        description="Every night but Sunday's, after the snapshot. Only pairs of changed records are scored again.",
    ),
    _schedule(
        name="weekly_full_crm_dedupe",
        job=DEDUPE,
        cron_schedule="30 3 * * 0",
        run_config=dedupe_config(is_full=True),
        description="On Sundays every pair is scored again.",
    ),
    _schedule(
        name="hourly_news_for_people",
        job=news_for_people,
        cron_schedule="15 * * * *",
        description="Every hour: what waited for evidence that is there now, and the messages that are due.",
    ),
    _schedule(
        name="quarter_hourly_approved_writes",
        job=apply_job,
        cron_schedule="*/15 * * * *",
        description="Every quarter of an hour: what is automatic or approved by then is written to the CRM of WB_CRM.",
    ),
    _schedule(
        name="nightly_writes_around_us",
        job=writes_around_us,
        cron_schedule="30 4 * * *",
        description="Every night, after the snapshot: what changed in the CRM that we did not write (AUD-5).",
    ),
)
