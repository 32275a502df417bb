"""The SQL project: find, order, render and build the dbt-like folder. No dagster here, and no rule of the gate."""

from wb_pipeline.sql_project.build import BuiltModel, build
from wb_pipeline.sql_project.graph import Step
from wb_pipeline.sql_project.model import Model, SingularTest, Source
from wb_pipeline.sql_project.names import SqlProjectError, Variables
from wb_pipeline.sql_project.project import SqlProject
from wb_pipeline.sql_project.tests_run import TestOutcome, run_tests

__all__ = [
    "BuiltModel",
    "Model",
    "SingularTest",
    "Source",
    "SqlProject",
    "SqlProjectError",
    "Step",
    "TestOutcome",
    "Variables",
    "build",
    "run_tests",
]
