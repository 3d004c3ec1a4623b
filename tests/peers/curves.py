"""Kaplan-Meier curves by lifelines."""

import math
from fractions import Fraction

from lifelines import KaplanMeierFitter
from lifelines.utils import qth_survival_times

from case_list import Case

# lifelines counts from an entry at 0, so margins are moved to be positive.
MOVED = 10_000


class Curve:
    """The Kaplan-Meier curve of cases by lifelines, and its exact shares as fractions."""

    def __init__(self, cases: list[Case]) -> None:
        self.fitter = KaplanMeierFitter()
        self.fitter.fit(
            [case.margin + MOVED for case in cases],
            [case.end is not None for case in cases],
        )
        table = self.fitter.event_table
        self.rows = [
            (int(time) - MOVED, int(row.at_risk), int(row.observed), int(row.censored))
            for time, row in table.iterrows()
            if time > 0
        ]
        self.exact, share = {}, Fraction(1)
        for margin, at_risk, closed, _ in self.rows:
            share *= 1 - Fraction(closed, at_risk)
            self.exact[margin] = share

    def open_share(self, margin: int) -> float:
        """Share still open."""
        return float(self.fitter.survival_function_at_times(margin + MOVED).iloc[0])

    def reaches(self, margin: int) -> bool:
        """Whether anything is known so late: a case was seen then, or none is left."""
        return max(self.exact) >= margin or 0 in self.exact.values()

    def band(self, margin: int) -> tuple[float, float]:
        """The log-log band; at 0 and 1 there is nothing to say."""
        share = self.exact[margin]
        if share in (0, 1):
            return float(share), float(share)
        low, high = self.fitter.confidence_interval_.loc[margin + MOVED]
        return float(low), float(high)

    def first_at(self, most: Fraction) -> int | None:
        """The first margin at which at most this share is open."""
        return next((margin for margin, share in self.exact.items() if share <= most), None)

    def lifelines_first_at(self, most: float) -> int | None:
        """The same by lifelines."""
        time = float(qth_survival_times(most, self.fitter.survival_function_))
        return None if math.isinf(time) else int(time) - MOVED
