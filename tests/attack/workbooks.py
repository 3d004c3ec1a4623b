"""The hostile workbooks of tests/peers, made without the packages that the checks there need."""

import importlib
import sys
import types
from pathlib import Path

PEERS = Path(__file__).resolve().parent.parent / "peers"


def hostile_workbooks() -> types.ModuleType:
    """The module that makes them. What it takes from `common` is not called here: an empty one stands in."""
    stand_in = types.ModuleType("common")
    stand_in.binary_from_arguments = lambda: None
    sys.modules["common"] = stand_in
    sys.path.append(str(PEERS))
    try:
        return importlib.import_module("hostile_xlsx")
    finally:
        sys.path.remove(str(PEERS))
        del sys.modules["common"]


HOSTILE = hostile_workbooks()
