-- Reads the law and the self-test in Spark, from the folder that it is started in:
--   spark-sql -f load-spark.sql; spark-sql -f frist.sql; spark-sql -f selftest.sql; spark-sql -e 'select * from frist_differences'
-- If nothing is listed, put your own cases in the place of the self-test, as at the end of this file, and write
-- frist_tally to tally.csv and frist_ledger to ledger.csv, each with its headings.
-- frist add THIS_FOLDER --out reports makes the report.

{tables}
{cases}
