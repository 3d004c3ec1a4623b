"""Published control charts against trend_reference.py: the peer itself is checked, not frist.

published_trends.toml holds charts from textbooks and from the documentation and tests of other
programs. frist's own tests read the same file.
"""

import sys
import tomllib
from pathlib import Path

from common import Comparison
from trend_reference import Point, Segment, crossings_limit, evaluate, longest_run_limit

FIGURES = ("longest_run", "longest_run_limit", "crossings", "crossings_limit")


def points_of(example: dict) -> list[Point]:
    """The points of an example, without limits yet."""
    if "values" in example:
        return [Point(f"{i:03}", value) for i, value in enumerate(example["values"])]
    counts = zip(example["deviations"], example["cases"], strict=True)
    return [Point(f"{i:03}", d / n, d, n) for i, (d, n) in enumerate(counts)]


def check(comparison: Comparison, example: dict) -> None:
    """Compares one example."""
    points, segment = points_of(example), Segment("000", None, None)
    evaluate(points, example["chart"], segment, example["screened"])
    for name in ("center", "lower", "upper"):
        stated = example.get(name)
        if stated is None:
            continue
        stated = stated if isinstance(stated, list) else [stated] * len(points)
        for number, (point, value) in enumerate(zip(points, stated, strict=True)):
            what = f"{example['name']}, {name} of {number}"
            comparison.close(what, value, getattr(point, name), example["tolerance"])
    for name, stated in example.get("signals", {}).items():
        own = (
            getattr(segment, name)
            if name in FIGURES
            else [i for i, p in enumerate(points) if name.replace("_", "-") in p.signals]
        )
        comparison.equal(f"{example['name']}, {name}", stated, own)


def main() -> int:
    """Runs the check; returns the exit code."""
    text = (Path(__file__).parent.parent / "vectors" / "published_trends.toml").read_text(encoding="utf-8")
    published = tomllib.loads(text)
    comparison = Comparison()
    for example in published["example"]:
        check(comparison, example)
    table = published["anhoej"]
    limits = zip(table["longest_run_limits"], table["crossings_limits"], strict=True)
    for useful, (run, crossings) in enumerate(limits, table["from"]):
        comparison.equal(f"longest run of {useful}", run, longest_run_limit(useful))
        comparison.equal(f"crossings of {useful}", crossings, crossings_limit(useful))
    return comparison.close_with(
        f"published_trends: {len(published['example'])} charts, {comparison.compared} figures "
        f"compared, {comparison.differing} differing"
    )


if __name__ == "__main__":
    sys.exit(main())
