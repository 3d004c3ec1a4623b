"""Trend charts of random series: limits, signals and verdicts against plain Python and scipy.

A series is a number of cases and of late ones for every month; it becomes a unit of one export,
with that many cases closed in that month. frist counts them again and draws its conclusions;
trend_reference.py draws its own from the counts, by the formulas. The two share nothing else.
"""

import datetime as dt
import random
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from common import ONE_DAY, Comparison, binary_from_arguments, results_of, rule_text, run_frist
from random_series import MONTHS, Counts, months_until, random_series
from trend_reference import (
    SIGNALS,
    Point,
    Segment,
    Target,
    Verdict,
    evaluate,
    judge_together,
    target_record,
    verdict,
)

SERIES = 1_000
FEWER_SERIES = 200
SEED = 20241231
CHARTS = ("p-prime", "p", "xmr")
YEAR_END = dt.date(2024, 12, 31)
MID_MONTH = dt.date(2024, 12, 15)
TOLERANCE = 1e-9
CONTROL = "series"
DAYS_ALLOWED = 10

POINT_NUMBERS = ("share", "center", "lower", "upper")
SEGMENT_EXACT = (
    "reason",
    "frozen_at",
    "points",
    "baseline_points",
    "trial",
    "too_few_deviations",
    "useful",
    "longest_run",
    "longest_run_limit",
    "crossings",
    "crossings_limit",
)
SEGMENT_NUMBERS = ("sigma_z", "mean_moving_range")


@dataclass(frozen=True)
class Rebase:
    """New limits from a month on."""

    start: str
    reason: str
    freeze: str | None


@dataclass(frozen=True)
class Settings:
    """What the project file says of the trend."""

    chart: str
    signals: str = "anhoej"
    target: float | None = None
    freeze: str | None = None
    rebases: tuple[Rebase, ...] = ()


@dataclass
class Export:
    """Random series and the folder of their export."""

    folder: Path
    as_of: dt.date
    series: dict[str, dict[str, Counts]] = field(default_factory=dict)


def case_lines(draw: random.Random, series: dict[str, Counts], unit: str, as_of: dt.date) -> list:
    """The cases of a series: closed on days of the month, late by the rule of ten days or not."""
    lines = []
    for month, (late, cases) in series.items():
        first = dt.date.fromisoformat(f"{month}-01")
        last_day = as_of.day if month == as_of.isoformat()[:7] else 28
        for number in range(cases):
            end = first + draw.randrange(last_day) * ONE_DAY
            extra = draw.randint(1, 20) if number < late else -draw.randint(0, DAYS_ALLOWED)
            start = end - (DAYS_ALLOWED + extra) * ONE_DAY
            lines.append(f"{start};{end};{unit}\n")
    return lines


def write_export(folder: Path, count: int, as_of: dt.date, seed: int) -> Export:
    """Writes random series as one export with its rulebook."""
    draw = random.Random(seed)
    folder.mkdir()
    export = Export(folder, as_of)
    lines = []
    for number in range(count):
        unit = f"Enhet {number:04}"
        export.series[unit] = random_series(draw, number, as_of)
        lines += case_lines(draw, export.series[unit], unit, as_of)
    draw.shuffle(lines)
    numbered = [f"S{number:06};{line}" for number, line in enumerate(lines)]
    (folder / "cases.csv").write_text(
        "Ärendenr;Startad;Klar;Enhet\n" + "".join(numbered), encoding="utf-8"
    )
    rule = rule_text(CONTROL, f"{DAYS_ALLOWED} days", "Startad", "Klar")
    (folder / "regler.toml").write_text(rule, encoding="utf-8")
    return export


def project_file(settings: Settings, as_of: dt.date) -> str:
    """The project file of a run."""
    lines = [
        'organisation = "Series"',
        f"as_of = {as_of}",
        'period = "tertial"',
        'rulebook = "regler.toml"',
        "[trend]",
        f'chart = "{settings.chart}"',
        f'signals = "{settings.signals}"',
        'period = "month"',
        "[[source]]",
        f'control = "{CONTROL}"',
        'files = ["cases.csv"]',
        'columns = { case_id = "Ärendenr", start = "Startad", end = "Klar", group = "Enhet" }',
        "[[control]]",
        f'id = "{CONTROL}"',
        'cases = "all"',
        *([f"target = {settings.target}"] if settings.target is not None else []),
        *([f'freeze = "{settings.freeze}"'] if settings.freeze else []),
    ]
    for rebase in settings.rebases:
        lines += ["[[rebase]]", f'control = "{CONTROL}"', f'from = "{rebase.start}"']
        lines += [f'reason = "{rebase.reason}"']
        lines += [f'freeze = "{rebase.freeze}"'] if rebase.freeze else []
    return "\n".join(lines) + "\n"


def run_export(binary: Path, export: Export, settings: Settings) -> dict:
    """Runs frist on an export; returns the control of its results."""
    text = project_file(settings, export.as_of)
    (export.folder / "frist.toml").write_text(text, encoding="utf-8")
    with tempfile.TemporaryDirectory() as out:
        run_frist(binary, "run", export.folder, "--forms", "md", "--out", out)
        return results_of(Path(out))["controls"][0]


@dataclass
class Peer:
    """The peer's trend."""

    points: list[Point]
    segments: list[Segment]
    verdict: Verdict
    target: Target | None


def peer_trend(series: dict[str, Counts], settings: Settings, as_of: dt.date) -> Peer:
    """The trend of a series by the formulas."""
    first = min(month for month, (_, cases) in series.items() if cases)
    ended = (as_of + ONE_DAY).day == 1
    # A step at or before the first case begins no new segment: it is how the first one began.
    before = [rebase for rebase in settings.rebases if rebase.start <= first]
    after = [rebase for rebase in settings.rebases if rebase.start > first]
    points = []
    for month in months_until(as_of, MONTHS):
        if month >= first:
            late, cases = series.get(month, (0, 0))
            segment = sum(month >= rebase.start for rebase in after)
            whole = ended or month != as_of.isoformat()[:7]
            points.append(
                Point(month, late / cases if cases else None, late, cases, whole, segment)
            )
    begun = [Segment(first, None, before[-1].freeze if before else settings.freeze)]
    begun += [Segment(each.start, each.reason, each.freeze) for each in after]
    for number, segment in enumerate(begun):
        evaluate([p for p in points if p.segment == number], settings.chart, segment)
    last = [point for point in points if point.segment == len(begun) - 1]
    return Peer(
        points,
        begun,
        verdict(last, begun[-1].too_few_deviations),
        target_record(last, begun[-1], settings.target),
    )


def inside(limit: float | None) -> float | None:
    """A limit of shares, which lies between 0 and 1."""
    return None if limit is None else min(1.0, max(0.0, limit))


def compare_trend(comparison: Comparison, what: str, trend: dict, peer: Peer) -> None:
    """Compares every field of a trend."""
    compare_verdict(comparison, what, trend["verdict"], peer.verdict)
    compare_target(comparison, what, trend["target"], peer.target)
    names = [point["period"] for point in trend["points"]]
    comparison.equal(f"{what}, periods", names, [point.period for point in peer.points])
    for point, own in zip(trend["points"], peer.points, strict=False):
        where = f"{what}, {own.period}"
        for name in ("cases", "deviations", "complete", "segment"):
            comparison.equal(f"{where}, {name}", point[name], getattr(own, name))
        for name, value in zip(
            POINT_NUMBERS, (own.value, own.center, inside(own.lower), inside(own.upper)), strict=True
        ):
            comparison.close(f"{where}, {name}", point[name], value, TOLERANCE)
        signals = [signal for signal in SIGNALS if signal in own.signals]
        comparison.equal(f"{where}, signals", point["signals"], signals)
    comparison.equal(f"{what}, segments", len(trend["segments"]), len(peer.segments))
    for number, (segment, own) in enumerate(zip(trend["segments"], peer.segments, strict=False)):
        where = f"{what}, segment {number}"
        comparison.equal(f"{where}, from", segment["from"], own.start)
        for name in SEGMENT_EXACT:
            comparison.equal(f"{where}, {name}", segment[name], getattr(own, name))
        for name in SEGMENT_NUMBERS:
            comparison.close(f"{where}, {name}", segment[name], getattr(own, name), TOLERANCE)


def compare_verdict(comparison: Comparison, what: str, said: dict, own: Verdict) -> None:
    """Compares a verdict and what it rests on."""
    answer = (said["answer"], said["unknown_because"], said["months"])
    comparison.equal(f"{what}, verdict", answer, (own.answer, own.because, own.months))
    comparison.equal(f"{what}, windows", len(said["windows"]), len(own.windows))
    for window, peer in zip(said["windows"], own.windows, strict=False):
        where = f"{what}, window of {peer.months}"
        counts = [window[name] for name in ("months", "deviations", "cases")]
        counts += [window[f"{name}_before"] for name in ("deviations", "cases")]
        comparison.equal(where, counts, [peer.months, *peer.now, *peer.before])
        comparison.close(f"{where}, z", window["z"], peer.z, TOLERANCE)
        comparison.close(f"{where}, dispersion", window["dispersion"], peer.dispersion, TOLERANCE)
    power = said["power"] and (said["power"]["months"], said["power"]["chance"])
    comparison.equal(f"{what}, power", bool(power), bool(own.power))
    if power and own.power:
        comparison.equal(f"{what}, months of power", power[0], own.power[0])
        comparison.close(f"{what}, power", power[1], own.power[1], TOLERANCE)


def compare_target(comparison: Comparison, what: str, said: dict | None, own: Target | None) -> None:
    """Compares how often the target was met and the chance of it."""
    comparison.equal(f"{what}, target", bool(said), bool(own))
    if said and own:
        for name in ("assurance", "met", "periods", "present_deviations", "present_cases"):
            comparison.equal(f"{what}, {name}", said[name], getattr(own, name))
        comparison.equal(f"{what}, cases", said["cases_a_period"], own.cases_a_period)
        comparison.close(f"{what}, chance", said["chance"], own.chance, TOLERANCE)


def total(series: dict[str, dict[str, Counts]]) -> dict[str, Counts]:
    """The months of all units together."""
    late, cases = Counter(), Counter()
    for months in series.values():
        for month, (d, n) in months.items():
            late[month] += d
            cases[month] += n
    return {month: (late[month], cases[month]) for month in cases}


def check_run(
    comparison: Comparison, tally: Counter, binary: Path, export: Export, settings
) -> None:
    """Compares one run of frist, every unit and all of them together."""
    control = run_export(binary, export, settings)
    groups = control["groupings"][0]["groups"]
    names = sorted(group["name"] for group in groups)
    comparison.equal(f"{settings.chart}, groups", names, sorted(export.series))
    trends = [("all", control["trend"], total(export.series))]
    trends += [(group["name"], group["trend"], export.series[group["name"]]) for group in groups]
    peers = [peer_trend(series, settings, export.as_of) for _, _, series in trends]
    judge_together([peer.verdict for peer in peers[1:]])
    for (unit, trend, _), peer in zip(trends, peers, strict=True):
        what = f"{settings.chart} to {export.as_of}, {len(settings.rebases)} rebases, {unit}"
        for name, said in (("chart", settings.chart), ("signal_set", settings.signals)):
            comparison.equal(f"{what}, {name}", trend[name], said)
        comparison.equal(f"{what}, period", trend["period"], "month")
        compare_trend(comparison, what, trend, peer)
        tally["series"] += 1
        tally[peer.verdict.answer] += 1
        tally["points"] += len(peer.points)
        for point in peer.points:
            tally.update(point.signals)


def main() -> int:
    """Runs the check; returns the exit code."""
    binary = binary_from_arguments()
    comparison, tally = Comparison(), Counter()
    rebases = (
        Rebase("2022-03", "Ny rutin", "2023-04"),
        Rebase("2023-10", "Ny enhet", None),
    )
    with tempfile.TemporaryDirectory() as name:
        whole = write_export(Path(name) / "whole", SERIES, YEAR_END, SEED)
        partial = write_export(Path(name) / "partial", FEWER_SERIES, MID_MONTH, SEED + 1)
        rebased = write_export(Path(name) / "rebased", FEWER_SERIES, YEAR_END, SEED + 2)
        for chart, signals in zip(CHARTS, ("anhoej", "anhoej", "health-service"), strict=True):
            for export, settings in (
                (whole, Settings(chart, signals, target=0.2)),
                (partial, Settings(chart, "health-service", freeze="2023-06")),
                (rebased, Settings(chart, target=0.0, freeze="2021-06", rebases=rebases)),
            ):
                check_run(comparison, tally, binary, export, settings)
    return comparison.close_with(
        f"trends: {tally['series']:,} series, {tally['points']:,} points, "
        f"{sum(tally[signal] for signal in SIGNALS):,} signals, "
        f"{tally['worse'] + tally['better']:,} changed, {comparison.differing} differences"
    )


if __name__ == "__main__":
    sys.exit(main())
