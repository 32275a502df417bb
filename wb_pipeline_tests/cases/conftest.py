"""The SQL project and what is remembered by the road's own tests."""

from wb_pipeline_tests.road.conftest import (
    _frames_judged_once,
    _pairs_compared_once,
    road_project,
)

__all__ = ["_frames_judged_once", "_pairs_compared_once", "road_project"]
