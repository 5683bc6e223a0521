"""Where everything of a network map lies in a frame: no mobjects."""

from __future__ import annotations

from cnnviz.explain.overview import Node
from cnnviz.locales import Words
from cnnviz.mobjects.network_map.columns_planner import ColumnsPlanner
from cnnviz.mobjects.network_map.plan import NetworkPlan
from cnnviz.mobjects.network_map.rows_planner import RowsPlanner
from cnnviz.model.trace import Trace
from cnnviz.style.geometry import Zone
from cnnviz.style.theme import Theme


def plan_network(
    trace: Trace, zone: Zone, theme: Theme, words: Words, node: Node | None
) -> NetworkPlan:
    """Return the plan with the most layers, channels and classes that are legible in `zone`."""
    planner = RowsPlanner if zone.height > 1.2 * zone.width else ColumnsPlanner
    return planner(trace, zone, theme, words, node).plan()
