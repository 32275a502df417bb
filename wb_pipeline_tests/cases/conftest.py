"""The SQL project and the cached policies of the road's own tests."""

from wb_pipeline_tests.road.conftest import _policies_read_once, road_project

__all__ = ["_policies_read_once", "road_project"]
