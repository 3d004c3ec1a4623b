"""What must follow from facts of a report: a share from its counts, a verdict from its months."""

from fractions import Fraction

from one_voice_numbers import LENGTHS, is_rounded, last_day, value_of, written_limit, written_points, written_share
from one_voice_results import window_name
from one_voice_voices import Control


def share_of(control: Control, of: object) -> Fraction | None:
    """The share of what was told: of its counts, or as an earlier report printed it."""
    cases, deviations = control.get(of, "cases"), control.get(of, "deviations")
    if cases and deviations is not None:
        return Fraction(deviations, cases)
    share = control.get(of, "share")
    is_printed = share and control.get(of, "is in periods") and cases is None
    return Fraction(str(value_of(share))) / 100 if is_printed else None


def check_shares(control: Control) -> None:
    """Shares are those of their counts, lie in their intervals, and stand only where there can be one."""
    for place, (value, statement) in list(control.voices.told.items()):
        if place[0] != control.id or len(place) != 3 or place[2] != "share" or not str(value).endswith("%"):
            continue
        of = place[1]
        cases, deviations = control.get(of, "cases"), control.get(of, "deviations")
        if cases and deviations is not None:
            written = written_share(Fraction(deviations, cases))
            counts = f"{deviations} of {cases} ({control.by(of, 'deviations')})"
            control.expect((of, "share of counts"), value == written, f"“{statement}”", counts)
        if (interval := control.get(of, "interval")) and "–" in interval:
            low, high = map(value_of, interval.split("–"))
            one, other = f"“{statement}”", control.by(of, "interval")
            control.expect((of, "share in interval"), low <= value_of(value) <= high, one, other)
            if exact := control.get(of, "interval of results"):
                ends = zip(interval.split("–"), exact, strict=True)
                is_same = all(is_rounded(end, number * 100) for end, number in ends)
                control.expect((of, "interval"), is_same, other, exact)


def check_no_share(control: Control) -> None:
    """A period that has no share is given none by anything else."""
    for period in control.periods:
        share = control.get(period, "share")
        because = control.get(period, "no share because")
        if because in ("hidden", "too-early", "incomplete"):
            one, other = (period, "no share because"), (period, "share")
            control.agree((period, "no share"), share is None, one, other)
        if control.get(period, "is incomplete"):
            one, other = (period, "is incomplete"), (period, "share")
            control.agree((period, "incomplete"), share is None, one, other)
        if because == "hidden" and control.get(period, "cases"):
            is_hidden = control.get(period, "deviations") is None
            one, other = (period, "no share because"), (period, "deviations")
            control.agree((period, "hidden"), is_hidden, one, other)


def check_known(control: Control) -> None:
    """Nothing is told of a period that is in no table."""
    known = set(control.periods)
    known |= {point["period"] for point in (control.results.get("trend") or {}).get("points", ())}
    for about, (_, statement) in list(control.voices.told.items()):
        if about[0] != control.id or about[2:] not in (("share",), ("no share because",)):
            continue
        if isinstance(about[1], str) and about[1][:1].isdigit():
            control.expect((about[1], "is known"), about[1] in known, f"“{statement}”", "no table")


def check_changes(control: Control) -> None:
    """Changes are differences of the shares of a period and the one before, in the table of periods."""
    periods, headline = control.periods, control.get("headline period")
    if told := control.get("before headline"):
        before = dict(zip(periods[1:], periods, strict=False)).get(headline)
        control.expect(("period before",), told == before, control.by("before headline"), before)
    for before, period in zip(periods, periods[1:], strict=False):
        check_change(control, period, before)
        for column, names in control.groups.items():
            for name in names:
                check_change(control, (column, name, period), (column, name, before))
    in_sentence, in_table = control.get("headline", "change"), control.get(headline, "change")
    if in_sentence or told:
        one, other = ("headline", "change"), (headline, "change")
        control.agree(("change of headline",), in_sentence == in_table, one, other)


def check_change(control: Control, of: object, before: object) -> None:
    """A change in a table, from what stands before it."""
    change = control.get(of, "change")
    if change is None:
        return
    now, then = share_of(control, of), share_of(control, before)
    statement = control.by(of, "change")
    if now is not None and then is not None:
        written = written_points(now - then)
        shares = f"{control.by(before, 'deviations')}, a change of {written}"
        control.expect((of, "change"), change == written, statement, shares)
    exact = control.get(of, "change of results")
    if exact is not None:
        control.expect((of, "change of results"), is_rounded(change, exact), statement, exact)


def check_verdict(control: Control) -> None:
    """A verdict is the one that its months and the time before them give."""
    answer, months = control.get("verdict"), control.get("verdict months")
    trend = control.results.get("trend")
    if not trend or months is None:
        return
    by_months = {window["months"]: window for window in trend["verdict"]["windows"]}
    window = by_months.get(months)
    one = control.by("verdict months")
    control.expect(("window of verdict",), window is not None, one, f"windows of {sorted(by_months)} months")
    if window is None:
        return
    now = Fraction(window["deviations"], window["cases"])
    before = Fraction(window["deviations_before"], window["cases_before"])
    for name, share in (("share", now), ("before", before)):
        is_told = control.get("verdict", name) in (None, written_share(share))
        control.expect(("verdict", name), is_told, control.by("verdict", name), window)
    if answer in ("worse", "better"):
        is_right = (now > before) == (answer == "worse") and now != before
        control.expect(("direction",), is_right, control.by("verdict"), window)
        shares = [value_of(control.get("verdict", name)) for name in ("share", "before")]
        is_right = shares[0] >= shares[1] if answer == "worse" else shares[0] <= shares[1]
        control.agree(("direction of shares",), is_right, ("verdict",), ("verdict", "share"))
    check_months(control, trend, window)


def check_months(control: Control, trend: dict, window: dict) -> None:
    """The counts of a verdict's months are those of the table."""
    if (span := control.get("verdict span")) is None:
        return
    inside = [point["period"] for point in trend["points"] if span[0] <= point["period"] <= span[1]]
    for name in ("deviations", "cases"):
        counts = {period: control.get(period, name) for period in inside}
        if None not in counts.values():
            told, one = control.get("verdict", name), control.by("verdict span")
            total = sum(counts[period] for period in inside if control.get(period, "counts") is not False)
            control.expect(("months of verdict", name), told in (None, total), one, f"a sum of {total}")
            is_same = total == window[name]
            control.expect(("window of results", name), is_same, one, f"results.json: {window[name]}")


def current_points(control: Control) -> list[str]:
    """The periods since the last step that count, by what the table shows."""
    trend = control.results["trend"]
    segment = trend["segments"][-1]["from"]
    chosen = []
    for point in trend["points"]:
        period = point["period"]
        counts = point["complete"] and period >= segment and control.get(period, "cases")
        if counts and control.get(period, "has ended") is not False:
            chosen.append(period)
    return chosen


def check_target(control: Control) -> None:
    """The target was met as often as the table shows, and the last year's share is that of its periods."""
    target, told = control.results["target"], control.get("target", "share")
    if told is None:
        return
    share = Fraction(str(target))
    control.expect(("target",), told == written_limit(share), control.by("target", "share"), target)
    periods = current_points(control)
    shares = [share_of(control, period) for period in periods]
    if None in shares:
        return
    met = sum(each <= share for each in shares)
    one = control.by("target", "met")
    control.expect(("target met",), control.get("target", "met") == met, one, f"{met} in the table")
    count = control.get("target", "periods")
    control.expect(("target periods",), count == len(periods), one, f"{len(periods)} in the table")
    recent = periods[-(12 // LENGTHS[control.results["trend"]["period"]]) :]
    deviations, cases = (sum(control.get(p, name) for p in recent) for name in ("deviations", "cases"))
    present = written_share(Fraction(deviations, cases))
    if told := control.get("target", "present share"):
        control.expect(("present share",), told == present, control.by("target", "present share"), present)


def check_constant(control: Control) -> None:
    """A share that is said to have been constant is that of every period."""
    if (constant := control.get("constant share")) is None:
        return
    for period in current_points(control):
        is_same = control.get(period, "share") in (None, constant)
        control.agree((period, "constant"), is_same, ("constant share",), (period, "share"))


def check_methods(control: Control) -> None:
    """The gap of the title is that of the two shares, and each is that of its counts."""
    headline = control.get("headline period")
    for period in control.periods:
        cases = control.get(period, "cases")
        for name, counts in (("reference share", "reference deviations"), ("lawful share", "deviations")):
            share, late = control.get(period, name), control.get(period, counts)
            if share and cases and late is not None:
                written = written_share(Fraction(late, cases))
                one, other = control.by(period, name), control.by(period, counts)
                control.expect((period, name), share == written, one, f"{late} of {cases} ({other})")
    gap, late = control.get("headline", "gap"), control.get(headline, "reference deviations")
    share = share_of(control, headline)
    if gap is not None and late is not None and share is not None:
        difference = Fraction(late, control.get(headline, "cases")) - share
        sign = (difference > 0) - (difference < 0)
        bounded = written_share(abs(difference), sign="") if difference else ""
        one, other = control.by("headline", "gap"), control.by(headline, "reference deviations")
        control.expect(("gap",), gap == (sign, bounded), one, f"{sign} {bounded} ({other})")
    deviations = control.get(headline, "deviations")
    moved, rolled = control.get(headline, "moved by rolling"), control.get(headline, "rolled")
    if moved is not None and rolled is not None and deviations is not None:
        one, other = (headline, "moved by rolling"), (headline, "rolled")
        control.agree(("rolled",), moved == deviations - rolled, one, other)


def check_open(control: Control) -> None:
    """The overdue cases of the sentence are compared with the last period that ended before the as-of date, and groups
    add up to all.
    """
    now = control.get(control.as_of, "overdue")
    late, opened = control.get("outlook", "late already"), control.get(control.as_of, "open")
    if late is not None and now is not None:
        one, other = ("outlook", "late already"), (control.as_of, "overdue")
        control.agree(("late and overdue",), now <= late, one, other)
    if now is not None and opened is not None:
        one, other = (control.as_of, "overdue"), (control.as_of, "open")
        control.agree(("overdue and open",), now <= opened, one, other)
    if day := control.get("overdue before on"):
        before = control.periods[-2]
        control.expect(("day before",), day == last_day(before), control.by("overdue before on"), before)
    for column, names in control.groups.items():
        overdue = [control.get((column, name), "overdue") for name in names]
        if now is not None and None not in overdue:
            one = control.by(control.as_of, "overdue")
            control.expect((column, "overdue"), sum(overdue) == now, one, f"groups: {overdue}")
        check_sums(control, column, names)


def check_sums(control: Control, column: str, names: list[str]) -> None:
    """Groups add up to the headline."""
    headline = control.get("headline period")
    for name in ("cases", "deviations"):
        parts = [control.get((column, group, headline), name) for group in names]
        whole = control.get(headline, name)
        if None not in parts and whole is not None:
            one = control.by(headline, name)
            control.expect((column, name), sum(parts) == whole, one, f"groups: {parts}")


def check_outlook(control: Control) -> None:
    """The title of the outlook is that of its description, and what is farther ahead is no less."""
    outlook = control.results.get("outlook")
    if not outlook:
        return
    leads = [ahead["days"] for ahead in outlook["ahead"]]
    if title := control.get("outlook", "title"):
        names = ("expected", "interval")
        pairs = [tuple(control.get("outlook", days, name) for name in names) for days in leads]
        control.expect(("outlook of title",), title in pairs, control.by("outlook", "title"), pairs)
    opened = [control.get("outlook", days, "open") for days in leads]
    if None not in opened:
        control.expect(("outlook", "open"), opened == sorted(opened), opened, "more days")


def check_groups(control: Control) -> None:
    """Texts on groups agree with the table: nobody is higher and lower in one window, none is left out."""
    for column, names in control.groups.items():
        cells = {name: control.get((column, name), "differs") or () for name in names}
        for name, differs in cells.items():
            windows = [pair[0] for pair in differs if pair != "not compared"]
            one = control.by((column, name), "differs")
            control.expect((column, name, "windows"), len(windows) == len(set(windows)), one, "itself")
        for (of, where), told in control.said_of_groups.items():
            if of == column and where != "title":
                check_told_groups(control, column, cells, told)
            elif of == column:
                check_group_title(control, column, cells, told)
        check_window_shares(control, column, cells)


def pairs_of(cells: dict[str, tuple], direction: str, window: str | None = None) -> set[str]:
    """The groups that the table calls higher or lower, in a window or in any."""
    return {
        name
        for name, differs in cells.items()
        if any(d == direction and window in (None, w) for w, d in (p for p in differs if len(p) == 2))
    }


def check_none_differs(control: Control, column: str, cells: dict[str, tuple], text: str) -> None:
    """Where no group is said to differ the table has none."""
    differing = pairs_of(cells, "higher") | pairs_of(cells, "lower")
    control.expect((column, "none differs"), not differing, f"“{text}”", differing)


def check_not_now(control: Control, column: str, cells: dict[str, tuple], window: str, text: str) -> None:
    """No group differs in the headline's period, though some do in a longer time."""
    differing = set().union(*(pairs_of(cells, way, window) for way in ("higher", "lower")))
    control.expect((column, "not now"), not differing, f"“{text}”", f"table: {sorted(differing)}")


def check_told_groups(control: Control, column: str, cells: dict[str, tuple], told: list) -> None:
    """What is said of a column's groups is all that the table tells, each direction of a group once."""
    seen: dict[str, set[str]] = {"higher": set(), "lower": set()}
    for part in told:
        direction, window, names, text = part
        if direction == "none":
            check_none_differs(control, column, cells, text)
            return
        if direction == "not now":
            check_not_now(control, column, cells, window, text)
            continue
        check_group_part(control, column, cells, part, seen[direction])
        if isinstance(names, int):
            seen[direction] |= pairs_of(cells, direction, window)
        else:
            seen[direction] |= set(names or ())
    for direction, names in seen.items():
        everyone = pairs_of(cells, direction)
        text = f"“{told[0][3]}”"
        control.expect((column, direction), names == everyone, text, f"table: {sorted(everyone)}")


def check_group_part(
    control: Control, column: str, cells: dict[str, tuple], part: tuple, seen: set[str]
) -> None:
    """The groups that are called higher or lower in a window are so in the table."""
    direction, window, names, text = part
    table = pairs_of(cells, direction, window)
    if isinstance(names, int):
        number = len(table - seen)
        control.expect((column, direction, window), names == number, f"“{text}”", f"table: {number}")
    elif names is not None:
        is_told = set(names) <= table
        control.expect((column, direction, window), is_told, f"“{text}”", f"table: {sorted(table)}")


def check_group_title(control: Control, column: str, cells: dict[str, tuple], told: list) -> None:
    """The title of a funnel names all groups that differ in its window."""
    for direction, window, names, text in told:
        if direction == "none":
            check_none_differs(control, column, cells, text)
        elif direction == "not now":
            check_not_now(control, column, cells, window, text)
        else:
            table = pairs_of(cells, direction, window)
            same = names == len(table) if isinstance(names, int) else set(names or ()) == table
            control.expect((column, direction, "title"), same, f"“{text}”", f"table: {sorted(table)}")


def check_window_shares(control: Control, column: str, cells: dict[str, tuple]) -> None:
    """A group that is called higher in the headline's period has a higher share there than the others."""
    headline = control.get("headline period")
    whole = [control.get(headline, name) for name in ("deviations", "cases")]
    period = next(p for p in control.results["periods"] if p["period"] == headline)
    window = window_name(control, period["from"], period["to"])
    for name, differs in cells.items():
        own = [control.get((column, name, headline), count) for count in ("deviations", "cases")]
        if None in own or None in whole or not own[1] or whole[1] == own[1]:
            continue
        share, rest = Fraction(*own), Fraction(whole[0] - own[0], whole[1] - own[1])
        for direction in (pair[1] for pair in differs if len(pair) == 2 and pair[0] == window):
            is_right = share > rest if direction == "higher" else share < rest
            one = control.by((column, name), "differs")
            control.expect((column, name, direction), is_right, one, f"{own} of {whole}")


def check_curves(control: Control) -> None:
    """The cases with margins are those of the last period."""
    total, period = control.get("cases with margins"), control.get("last spread")
    if total is not None and period is not None:
        cases = control.get(period, "cases of margins")
        one, other = ("cases with margins",), (period, "cases of margins")
        control.agree(("margins",), cases in (None, total), one, other)


CHECKS = (
    check_shares,
    check_no_share,
    check_known,
    check_changes,
    check_verdict,
    check_target,
    check_constant,
    check_methods,
    check_open,
    check_outlook,
    check_groups,
    check_curves,
)
