"""What the orchestrator is told of: groups, words, jobs, schedule, sensor, resources. Nothing is run here but a
broken job's hook.
"""

from __future__ import annotations

from collections import defaultdict

import dagster as dg
import pytest

from wb_pipeline.assets.common import BATCHES
from wb_pipeline.assets.dedupe import dedupe_config
from wb_pipeline.definitions import build_defs
from wb_pipeline.definitions import defs as loaded
from wb_pipeline.errors import InputError
from wb_pipeline.home import Home
from wb_pipeline.paths import sql_project_folder
from wb_pipeline.resources import Books, RunInputs, Warehouse
from wb_pipeline.sql_project import SqlProject
from wb_pipeline_tests.end_to_end.road import FOLLOWUP, MORNING, STRAY

DEFS = build_defs()
GRAPH = DEFS.resolve_asset_graph()
PROJECT = SqlProject.load(sql_project_folder())
INPUTS = {dg.AssetKey(name) for name in ("crm_snapshot", "evidence_snapshot", "policy_version")}
DEDUPE = {key for key in GRAPH.executable_asset_keys if GRAPH.get(key).group_name == "dedupe"}
MATCHING = {dg.AssetKey("matching_model")}
RECEIPTS = dg.AssetKey("write_receipts")
UNPARTITIONED = INPUTS | DEDUPE | MATCHING


def keys_by_group() -> dict[str, set[str]]:
    """Return the assets that can be made, by group, as the UI writes their names."""
    found = defaultdict(set)
    for key in GRAPH.executable_asset_keys:
        found[GRAPH.get(key).group_name].add(key.to_user_string())
    return dict(found)


def test_assets_of_the_sql_project_are_its_files_grouped_by_folder() -> None:
    """Issue 2, item 4: one asset per SQL file, and its folder is its group."""
    found = keys_by_group()
    for name, model in PROJECT.models.items():
        assert name in found[model.folder.split("/")[0]]


def test_assets_that_python_makes_stay_where_they_are() -> None:
    """Issue 2, item 9: names and groups are what people's dashboards and selections hold on to."""
    models = set(PROJECT.models)
    by_python = {group: names - models for group, names in keys_by_group().items() if names - models}
    policy_tables = {f"policy/{table}" for schema, table in PROJECT.sources if schema == "policy"}
    assert by_python == {
        "inputs": policy_tables | {
            "crm_snapshot", "evidence_snapshot", "policy_version", "checks/gate_catalog",
            "raw/run_manifests", "raw/run_batches", "raw/crm_records", "raw/evidence_items", "raw/rejected_rows",
            "raw/proposal_lines", "raw/proposal_changes", "raw/proposal_citations",
        },
        "facts": {
            "facts/field_names", "facts/value_facts", "facts/standing_values", "facts/prepared_records",
            "facts/proposal_keys", "facts/match_candidates", "facts/identity_statements", "facts/likeness_decisions",
            "facts/likely_records", "facts/likely_twins", "facts/citation_facts", "facts/value_support",
            "facts/domain_facts", "facts/payload_references", "facts/trigger_effects", "facts/opt_outs",
            "facts/consent_changes", "facts/person_standing", "facts/cause_chains", "facts/trigger_workflows",
            "facts/trigger_persons", "facts/activity_twins", "facts/activity_evidence", "facts/actor_likeness",
            "facts/email_companies",
        },
        "gates": {"checks/expectation_objections", "checks/expectation_attestations"},
        "books": {"books/sealed_decisions", "books/sealed_batches"},
        "published": {"published"},
        "matching": {"matching_model"},
        "dedupe": {
            "matching/scored_pairs", "books/dedupe_runs", "books/dedupe_entity_ids", "books/dedupe_id_trail",
            "books/dedupe_pairs", "books/dedupe_rates", "books/judged_pairs", "published_dedupe",
        },
    }  # fmt: skip


def test_every_asset_has_words_an_owner_and_a_kind() -> None:
    """Issue 2, item 9: in the UI nobody has to guess what a table holds and whom to ask."""
    assert GRAPH.executable_asset_keys
    for key in GRAPH.executable_asset_keys:
        node = GRAPH.get(key)
        assert len((node.description or "").split()) > 3, key
        assert node.owners == ["team:revops"], key
        assert node.kinds, key


def test_every_table_says_its_grain() -> None:
    """Issue 2, item 9: what one row stands for is the first thing that a description says."""
    no_tables = INPUTS | MATCHING | {dg.AssetKey("published"), dg.AssetKey("published_dedupe")}
    tables = GRAPH.executable_asset_keys - no_tables
    without = [key.to_user_string() for key in tables if not (GRAPH.get(key).description or "").startswith("Grain: ")]
    assert without == []


def test_nothing_is_read_that_nobody_makes() -> None:
    """Issue 2, item 4: the lineage is whole: every parent of an asset is an asset that some step makes."""
    told = GRAPH.get_all_asset_keys() - GRAPH.executable_asset_keys
    assert told == {RECEIPTS}
    assert not GRAPH.get(RECEIPTS).child_keys


def test_assets_are_partitioned_by_batch_and_backfilled_in_one_run() -> None:
    """OPS-1: many batches in one backfill are one run, and so one manifest."""
    for key in GRAPH.executable_asset_keys - UNPARTITIONED:
        node = GRAPH.get(key)
        assert node.partitions_def == BATCHES, key
        assert node.backfill_policy == dg.BackfillPolicy.single_run(), key
    assert all(GRAPH.get(key).partitions_def is None for key in UNPARTITIONED)


def test_gates_and_gate_assets_are_the_same_list() -> None:
    """Law 2: every gate is one asset of kind `gate`; nothing else is."""
    gates = {key.to_user_string() for key in GRAPH.executable_asset_keys if "gate" in GRAPH.get(key).kinds}
    assert gates == {name for name, model in PROJECT.models.items() if model.is_gate}
    assert len(gates) > 30


def test_blocking_checks_stand_before_the_seal() -> None:
    """Law 3: what came in and what goes out is judged by blocking checks; a gate's objections block nothing."""
    blocking, others = defaultdict(int), defaultdict(int)
    for key in GRAPH.asset_check_keys:
        (blocking if GRAPH.get(key).blocking else others)[key.asset_key.to_user_string()] += 1
    assert set(blocking) == {"raw/proposal_lines", "int_changes_decided"}
    assert set(others) == {"checks/expectation_objections"}


def test_jobs_schedule_and_sensor_stay_what_they_are() -> None:
    """OPS-1: names that people start, and times at which something happens by itself."""
    jobs = {"writeback_gate", "crm_snapshot_job", "crm_dedupe", "train_matching", "news_for_people"}
    jobs |= {"apply_approved", "writes_around_us"}
    assert {job.name for job in DEFS.jobs or []} == jobs
    schedules = [each for each in DEFS.schedules or [] if isinstance(each, dg.ScheduleDefinition)]
    assert [(each.name, each.cron_schedule, each.execution_timezone, each.job_name) for each in schedules] == [
        ("nightly_crm_snapshot", "0 3 * * *", "UTC", "crm_snapshot_job"),
        ("daily_crm_dedupe", "30 3 * * 1-6", "UTC", "crm_dedupe"),
        ("weekly_full_crm_dedupe", "30 3 * * 0", "UTC", "crm_dedupe"),
        ("hourly_news_for_people", "15 * * * *", "UTC", "news_for_people"),
        ("quarter_hourly_approved_writes", "*/15 * * * *", "UTC", "apply_approved"),
        ("nightly_writes_around_us", "30 4 * * *", "UTC", "writes_around_us"),
    ]
    assert {each.default_status for each in schedules} == {dg.DefaultScheduleStatus.STOPPED}
    (sensor,) = DEFS.sensors or []
    assert isinstance(sensor, dg.SensorDefinition)
    assert (sensor.name, sensor.job_name, sensor.minimum_interval_seconds) == ("new_batches", "writeback_gate", 30)
    snapshot = DEFS.resolve_job_def("crm_snapshot_job")
    assert set(snapshot.asset_layer.executable_asset_keys) == INPUTS - {dg.AssetKey("policy_version")}
    names = ("writeback_gate", "crm_dedupe", "train_matching")
    gate, dedupe, training = (DEFS.resolve_job_def(name).asset_layer for name in names)
    assert set(gate.executable_asset_keys) == GRAPH.executable_asset_keys - DEDUPE - MATCHING
    assert set(training.executable_asset_keys) == MATCHING | {dg.AssetKey("crm_snapshot")}
    assert set(dedupe.executable_asset_keys) == DEDUPE | {dg.AssetKey("crm_snapshot")}


def test_making_all_assets_writes_nothing_to_the_crm() -> None:
    """SYN-5: what the CRM answered is told on an asset that nobody makes; only its own job writes."""
    assert RECEIPTS not in GRAPH.executable_asset_keys
    assert not DEFS.resolve_job_def("apply_approved").asset_layer.executable_asset_keys


def test_sundays_dedupe_is_full() -> None:
    """IDN-10: on weekdays only pairs of changed records are scored again, on Sundays every pair."""
    asked = {}
    for name in ("daily_crm_dedupe", "weekly_full_crm_dedupe"):
        with dg.build_schedule_context() as context:
            (request,) = DEFS.resolve_schedule_def(name).evaluate_tick(context).run_requests or []
        asked[name] = request.run_config
    assert asked == {"daily_crm_dedupe": {}, "weekly_full_crm_dedupe": dedupe_config(is_full=True)}


def test_every_job_runs_in_one_process() -> None:
    """Law 6: one process writes the warehouse."""
    for job in DEFS.jobs or []:
        assert DEFS.resolve_job_def(job.name).executor_def is dg.in_process_executor


def test_orchestrator_loads_what_build_defs_makes() -> None:
    """OPS-1: what `workspace.yaml` and `dagster dev` find is the same assembly."""
    found = loaded() if callable(loaded) else loaded
    assert set(found.resolve_asset_graph().executable_asset_keys) == GRAPH.executable_asset_keys


def test_build_defs_replaces_resources_by_name(home: Home) -> None:
    """Architecture: `build_defs(**overrides)` is the one assembly, for other homes and for tests."""
    mine = Books(home_folder=str(home.root))
    replaced = build_defs(books=mine)
    assert (replaced.resources or {})["books"] is mine
    assert isinstance((replaced.resources or {})["warehouse"], Warehouse)
    assert set(replaced.resources or {}) == set(DEFS.resources or {}) == {"books", "warehouse", "sql_models", "inputs"}


def test_resources_follow_the_environment(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """OPS-1: `dagster dev` is told by WB_HOME, WB_CRM, WB_EVIDENCE and WB_POLICY."""
    for name, value in (("WB_HOME", home.root), ("WB_CRM", "crm"), ("WB_EVIDENCE", "ev"), ("WB_POLICY", "p.yaml")):
        monkeypatch.setenv(name, str(value))
    resources = build_defs().resources or {}
    inputs = resources["inputs"]
    assert isinstance(inputs, RunInputs)
    assert (inputs.crm_folder, inputs.evidence_folder, inputs.policy_file) == ("crm", "ev", "p.yaml")
    assert resources["books"].home == home


def test_url_of_a_database_is_in_no_resource(monkeypatch: pytest.MonkeyPatch) -> None:
    """OPS-5: the orchestrator stores and shows what a resource holds, so a URL with its password is refused."""
    monkeypatch.setenv("WB_CRM", "postgresql://ana:geheim@host/crm")
    with pytest.raises(InputError, match="WB_CRM holds a URL") as refused:
        build_defs()
    assert "geheim" not in str(refused.value)
    monkeypatch.setenv("WB_CRM", "postgres:")
    assert (build_defs().resources or {})["inputs"].crm_folder == "postgres:"


def test_failed_step_says_in_the_log_that_nothing_was_sealed() -> None:
    """EXC-3: the run-failure hook is on the gate job."""
    assert {hook.name for hook in DEFS.resolve_job_def("writeback_gate").hook_defs} == {"tell_failure"}


def test_batches_of_one_range_share_one_manifest(demo_home: Home) -> None:
    """OPS-1: the demo's first run was one run over two partitions: one manifest, one run id, two sealed batches."""
    from wb_pipeline.canonical import file_hash  # noqa: PLC0415 - used once
    from wb_pipeline.ledger.manifests import manifests_of_batches, sealed_batches  # noqa: PLC0415
    from wb_pipeline.ledger.store import Ledger  # noqa: PLC0415

    ledger = Ledger.open(demo_home)
    manifests = {key: each.manifest_id for key, each in manifests_of_batches(ledger).items()}
    morning, stray, followup = (file_hash(each) for each in (MORNING, STRAY, FOLLOWUP))
    assert manifests[morning] == manifests[stray] != manifests[followup]
    runs = {batch.seal.batch_key: batch.seal.run_id for batch in sealed_batches(ledger)}
    assert runs[morning] == runs[stray] != runs[followup]
