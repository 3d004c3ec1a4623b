-- Loads the law and the self-test into PostgreSQL. From this folder:
--   psql -f load-postgresql.sql -f frist.sql -f selftest.sql -c 'select * from frist_differences'
-- If nothing is listed, put your own cases in the place of the self-test, as at the end of this file, and:
--   psql -c "\copy (select * from frist_tally) to 'tally.csv' with (format csv, header)"
--   psql -c "\copy (select * from frist_ledger) to 'ledger.csv' with (format csv, header)"
-- frist add THIS_FOLDER --out reports makes the report.

{tables}
\copy frist_calendar from 'calendar.csv' with (format csv, header)
\copy frist_due from 'due.csv' with (format csv, header)
\copy frist_controls from 'controls.csv' with (format csv, header)
\copy frist_methods from 'methods.csv' with (format csv, header)
\copy frist_dates from 'dates.csv' with (format csv, header)
\copy frist_times from 'times.csv' with (format csv, header)
\copy frist_status from 'status.csv' with (format csv, header)
\copy frist_selftest from 'selftest.csv' with (format csv, header)
\copy frist_expected from 'expected.csv' with (format csv, header)
create unique index on frist_calendar (day_number);
create unique index on frist_dates (date_text);
create unique index on frist_times (time_text);
create unique index on frist_due (control, start_day);
analyze;

{cases}
