-- The judging of child investigations, written a second time: as SQL over the lines of the export.
-- shares.py sets the variables `export`, `rolls` (paths) and `as_of` (a date) and reads the tables
-- `ledger`, `counts` and `overdue`.

-- A day as the export writes it. DuckDB alone would also take 2024-8-31 or 2024/08/31 for a day.
CREATE MACRO day_of(cell) AS
    CASE WHEN regexp_full_match(cell, '\d{4}-\d{2}-\d{2}') THEN try_cast(cell AS DATE) END;
CREATE MACRO is_fault(cell) AS
    cell <> '' AND coalesce(day_of(cell) NOT BETWEEN DATE '1930-01-01' AND DATE '2100-12-31', true);

CREATE MACRO period_of(kind, day) AS CASE kind
    WHEN 'month' THEN strftime(day, '%Y-%m')
    WHEN 'quarter' THEN year(day) || '-Q' || ((month(day) - 1) // 3 + 1)
    WHEN 'tertial' THEN year(day) || '-T' || ((month(day) - 1) // 4 + 1)
    WHEN 'half-year' THEN year(day) || '-H' || ((month(day) - 1) // 6 + 1)
    WHEN 'year' THEN year(day)::VARCHAR
END;

CREATE TABLE kind AS
SELECT unnest(['month', 'quarter', 'tertial', 'half-year', 'year']) AS kind;

CREATE TABLE rolled AS
SELECT * FROM read_csv(
    getvariable('rolls'), header = true, auto_detect = false,
    columns = {'day': 'DATE', 'rolls_to': 'DATE'}
);

-- Every line with its cells; a line is read as one column, since no cell holds a tab.
CREATE TABLE line AS
SELECT string_split(line, ';') AS cells
FROM read_csv(
    getvariable('export'), header = false, skip = 1, auto_detect = false,
    delim = '\t', quote = '', escape = '', columns = {'line': 'VARCHAR'}
);

CREATE TABLE typed AS
SELECT
    cells[6] AS unit,
    day_of(cells[2]) AS started,
    day_of(cells[3]) AS ended,
    day_of(cells[4]) AS extended_to,
    day_of(cells[5]) AS decided,
    CASE
        WHEN len(cells) <> 6 THEN 'rejected'
        WHEN is_fault(cells[2]) OR is_fault(cells[3]) THEN 'rejected'
        WHEN is_fault(cells[4]) OR is_fault(cells[5]) THEN 'rejected'
        WHEN cells[2] = '' THEN 'rejected'
        WHEN day_of(cells[2]) > getvariable('as_of') THEN 'excluded'
        WHEN day_of(cells[3]) < day_of(cells[2]) THEN 'rejected'
        WHEN cells[3] = '' OR day_of(cells[3]) > getvariable('as_of') THEN 'open'
        ELSE 'counted'
    END AS fate
FROM line;

CREATE TABLE ledger AS
SELECT
    count(*) AS rows,
    count(*) FILTER (fate = 'counted') AS counted,
    count(*) FILTER (fate = 'open') AS open,
    count(*) FILTER (fate = 'excluded') AS excluded,
    count(*) FILTER (fate = 'rejected') AS rejected
FROM typed;

-- Cases as they stood on the as-of date, each with the due date of the law.
CREATE VIEW standing AS
SELECT
    unit,
    started,
    CASE WHEN fate = 'counted' THEN ended END AS ended,
    CASE WHEN fate = 'counted' THEN ended ELSE getvariable('as_of') END AS until,
    CAST(started + INTERVAL 4 MONTH AS DATE) AS lawful_due,
    extended_to,
    decided
FROM typed
WHERE fate IN ('counted', 'open');

-- An extension counts when it gives more time and was decided before the time was out.
CREATE VIEW extended AS
SELECT
    *,
    coalesce(
        extended_to > lawful_due
            AND decided <= lawful_due
            AND decided <= getvariable('as_of'),
        false
    ) AS extension_holds
FROM standing;

CREATE VIEW dated AS
SELECT
    *,
    CASE WHEN extension_holds THEN extended_to ELSE lawful_due END AS due,
    CASE WHEN extension_holds THEN extended_to ELSE started + 120 END AS due_reference,
    extension_holds AND until <= extended_to AS within_extension,
    rolls_to
FROM extended LEFT JOIN rolled ON rolled.day = lawful_due;

-- Judged is every case but those open and not yet due.
CREATE TABLE verdict AS
SELECT
    unit,
    started,
    ended,
    due,
    ended IS NOT NULL OR until > due AS judged,
    until > due AS deviation,
    until > due_reference AS reference_deviation,
    until > lawful_due AND until > rolls_to AND NOT within_extension AS rolled_deviation,
    until > lawful_due AND within_extension AS extended
FROM dated;

-- The day that ties a case to a period, once a cohort that it belongs to.
CREATE VIEW in_cohort AS
SELECT 'closed' AS cohort, ended AS day, * FROM verdict WHERE ended IS NOT NULL
UNION ALL
SELECT 'due', due, * FROM verdict
UNION ALL
SELECT 'started', started, * FROM verdict;

-- By month first, so that the periods are sums of a few thousand rows. A null unit is all units.
CREATE TABLE by_month AS
SELECT
    cohort,
    unit,
    date_trunc('month', day) AS month,
    count(*) FILTER (judged) AS cases,
    count(*) FILTER (judged AND deviation) AS deviations,
    count(*) FILTER (judged AND reference_deviation) AS reference_deviations,
    count(*) FILTER (judged AND rolled_deviation) AS rolled_deviations,
    count(*) FILTER (judged AND extended) AS extended
FROM in_cohort
GROUP BY ALL;

CREATE TABLE counts AS
SELECT
    cohort,
    kind,
    unit,
    period_of(kind, month) AS period,
    min(month) AS first_month,
    sum(cases)::BIGINT AS cases,
    sum(deviations)::BIGINT AS deviations,
    sum(reference_deviations)::BIGINT AS reference_deviations,
    sum(rolled_deviations)::BIGINT AS rolled_deviations,
    sum(extended)::BIGINT AS extended
FROM by_month CROSS JOIN kind
GROUP BY GROUPING SETS ((cohort, kind, unit, period), (cohort, kind, period))
HAVING min(month) <= getvariable('as_of');

-- Every period from the first start to the one that holds the as-of date, and the day at its end.
CREATE TABLE period AS
SELECT
    kind,
    period_of(kind, month) AS period,
    min(month) AS first_day,
    least(max(last_day(month)), getvariable('as_of')) AS until
FROM kind CROSS JOIN (
    SELECT unnest(generate_series(
        date_trunc('year', (SELECT min(started) FROM verdict)),
        date_trunc('year', getvariable('as_of')) + INTERVAL 11 MONTH,
        INTERVAL 1 MONTH
    ))::DATE AS month
)
GROUP BY ALL
HAVING min(month) <= getvariable('as_of');

-- Open and past the due date at the end of the period.
CREATE TABLE overdue AS
SELECT
    kind,
    period,
    unit,
    count(*) FILTER (due < until AND (ended IS NULL OR ended > until)) AS open_overdue
FROM verdict CROSS JOIN period
GROUP BY GROUPING SETS ((kind, period, unit), (kind, period));
