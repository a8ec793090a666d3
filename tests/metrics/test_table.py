"""The table of metrics is that of the semantic conventions."""

from __future__ import annotations

import inspect
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry.semconv._incubating.attributes import (
    cpu_attributes,
    cpython_attributes,
    disk_attributes,
    network_attributes,
    process_attributes,
    system_attributes,
)
from opentelemetry.semconv._incubating.metrics import cpython_metrics, process_metrics, system_metrics
from opentelemetry.semconv.schemas import Schemas

from discreet.metrics.snapshot import Snapshots
from discreet.metrics.table import ROWS

if TYPE_CHECKING:
    from discreet.metrics.row import Row

MODULES = {"process": process_metrics, "cpython": cpython_metrics, "system": system_metrics}
ATTRIBUTES = (
    cpython_attributes,
    cpu_attributes,
    disk_attributes,
    network_attributes,
    process_attributes,
    system_attributes,
)
VALUES: dict[str, set[Any]] = {
    "cpu.mode": {*(mode.value for mode in cpu_attributes.CpuModeValues), "wait"},  # "wait" is named in process.cpu.time
    "cpython.gc.generation": {one.value for one in cpython_attributes.CPythonGCGenerationValues},
    "disk.io.direction": {one.value for one in disk_attributes.DiskIoDirectionValues},
    "network.io.direction": {one.value for one in network_attributes.NetworkIoDirectionValues},
    "process.context_switch.type": {one.value for one in process_attributes.ProcessContextSwitchTypeValues},
    "system.filesystem.state": {one.value for one in system_attributes.SystemFilesystemStateValues},
    "system.memory.state": {one.value for one in system_attributes.SystemMemoryStateValues},
    "system.paging.direction": {one.value for one in system_attributes.SystemPagingDirectionValues},
    "system.paging.state": {one.value for one in system_attributes.SystemPagingStateValues},
    "system.paging.fault.type": {"major", "minor"},
    "process.state": {"running", "sleeping", "stopped", "defunct"},
}


def _constant(name: str) -> str:
    return name.upper().replace(".", "_")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_names_kinds_units_and_descriptions_are_the_conventions(row: Row) -> None:
    """The installed conventions know each name with that unit, kind and description, if they know it at all."""
    module = MODULES.get(row.name.split(".")[0])
    if not hasattr(module, _constant(row.name)):
        pytest.skip("not in the installed conventions")
    create = inspect.getsource(getattr(module, f"create_{row.name.replace('.', '_')}"))
    assert f"name={_constant(row.name)}" in create
    assert f'unit="{row.unit}"' in create
    assert f"meter.create_{'observable_' if row.kind == 'gauge' else ''}{row.kind}(" in create
    described = re.search(r'description="(.*)"', create)
    assert described
    if hasattr(Schemas, "V1_44_0"):  # the wording changes between versions; the table has that of 1.44
        assert row.description == described[1]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_attributes_are_the_conventions(row: Row) -> None:
    """Every attribute is one of the conventions, and not a deprecated one, if the installed ones know it at all."""
    for name in row.attributes:
        for module in ATTRIBUTES:
            text = inspect.getsource(module)
            if hasattr(module, _constant(name)):
                assert not re.search(rf'"{re.escape(name)}"\n"""\nDeprecated', text), name
                break
        else:
            assert name == "system.paging.fault.type", name  # newer than 0.61b0


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_points_have_the_attributes_that_the_row_says(row: Row) -> None:
    """Each point has the attributes of its row and no other, with values of the conventions, and is there once."""
    try:
        points = list(row.read(Snapshots().current()))
    except (LookupError, OSError, NotImplementedError) as error:
        pytest.skip(f"not here: {type(error).__name__}")
    for _, attributes in points:
        assert set(attributes) == set(row.attributes)
        assert all(attributes[name] in values for name, values in VALUES.items() if name in attributes), attributes
    twice = Counter(tuple(sorted(attributes.items())) for _, attributes in points)
    assert not [attributes for attributes, times in twice.items() if times > 1]


def test_a_name_is_there_once() -> None:
    """No metric has two rows."""
    assert len({row.name for row in ROWS}) == len(ROWS)
    assert {row.family for row in ROWS} == {"process", "system"}
