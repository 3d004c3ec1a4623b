-- Loads the law and the self-test into DuckDB. From this folder:
--   duckdb cases.duckdb -c '.read load-duckdb.sql' -c '.read frist.sql' -c '.read selftest.sql' -c 'from frist_differences'
-- If nothing is listed, put your own cases in the place of the self-test, as at the end of this file, and:
--   duckdb cases.duckdb -c "copy (from frist_tally) to 'tally.csv'" -c "copy (from frist_ledger) to 'ledger.csv'"
-- frist add THIS_FOLDER --out reports makes the report.

{tables}
copy frist_calendar from 'calendar.csv' (format csv, header);
copy frist_due from 'due.csv' (format csv, header);
copy frist_controls from 'controls.csv' (format csv, header);
copy frist_methods from 'methods.csv' (format csv, header);
copy frist_dates from 'dates.csv' (format csv, header);
copy frist_times from 'times.csv' (format csv, header);
copy frist_status from 'status.csv' (format csv, header);
copy frist_selftest from 'selftest.csv' (format csv, header);
copy frist_expected from 'expected.csv' (format csv, header);

{cases}
