"""results.json of the sample, in both editions, against docs/results.schema.json.

jsonschema reads the schema as JSON Schema 2020-12. That a key which the schema does not name is no fault of it would let
one be forgotten, so every object of the schema is closed first.
"""

import json
import sys
import tempfile
from pathlib import Path

from jsonschema import Draft202012Validator

from common import Comparison, binary_from_arguments, run_frist

ROOT = Path(__file__).parents[2]
EDITIONS = ("internal", "published")


def close(schema: object) -> None:
    """Lets no object of a schema have keys that it does not name."""
    if isinstance(schema, dict):
        if "properties" in schema:
            schema.setdefault("unevaluatedProperties", False)
        for part in schema.values():
            close(part)
    elif isinstance(schema, list):
        for part in schema:
            close(part)


def main() -> int:
    """Makes both editions and checks them."""
    binary = binary_from_arguments()
    schema = json.loads((ROOT / "docs/results.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    close(schema)
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    comparison = Comparison()
    with tempfile.TemporaryDirectory() as folder:
        for edition in EDITIONS:
            out = Path(folder) / edition
            run_frist(binary, "run", ROOT / "sample_data", "--edition", edition, "--forms", "md", "--out", out)
            results = json.loads((out / "data/results.json").read_text(encoding="utf-8"))
            faults = [f"{fault.json_path}: {fault.message}" for fault in validator.iter_errors(results)]
            comparison.equal(f"{edition}: faults", faults[:3], [])
    return comparison.close_with(f"results_schema: {comparison.compared} editions, {comparison.differing} at fault")


if __name__ == "__main__":
    sys.exit(main())
