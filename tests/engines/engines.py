"""The engines: each loads the law, is given cases, and answers with a tally and a ledger."""

import csv
import os
import pwd
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from cases import VIEW


def statements(text):
    """The statements of a file, for engines that take one at a time."""
    code = "\n".join(line for line in text.splitlines() if not line.startswith("--"))
    return [statement.strip() for statement in re.split(r";\s*(?:\n|$)", code) if statement.strip()]


def read(law, name):
    return (law / name).read_text(encoding="utf-8")


def cases_from(law, table):
    """The view of cases over another table: the only text that a site writes."""
    text = read(law, "load-duckdb.sql")
    return text[text.index("create or replace view frist_cases"):].replace("frist_selftest", table)


def columns(kind):
    """The columns of a table of cases, as it is declared."""
    return ", ".join(f"{column} {kind}" for column in VIEW)


class DuckDb:
    name = "DuckDB"

    def __init__(self, law):
        import duckdb

        self.law = law
        self.connection = duckdb.connect()
        self.run("set threads = 2")
        # The files are named without their folder.
        before = os.getcwd()
        os.chdir(law)
        self.run(read(law, "load-duckdb.sql"))
        os.chdir(before)

    def run(self, text):
        self.connection.execute(text)

    def take(self, cases):
        """Puts cases in the place of the self-test's."""
        self.run(f"drop table if exists own cascade; create table own ({columns('text')});"
                 f"copy own from '{cases}' (format csv, header, quote '\"')")
        # What depends on the view went with the table that it read.
        self.run(cases_from(self.law, "own"))

    def differences(self):
        """What the self-test finds."""
        self.run(read(self.law, "selftest.sql"))
        return self.rows("frist_differences")

    def rows(self, view):
        result = self.connection.execute(f"select * from {view}")
        names = [column[0] for column in result.description]
        return [dict(zip(names, row)) for row in result.fetchall()]

    def close(self):
        self.connection.close()


class PostgreSql(DuckDb):
    name = "PostgreSQL"

    def __init__(self, law):
        self.law = law
        self.folder = Path(tempfile.mkdtemp(prefix="frist-postgresql-"))
        programs = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
        # The server refuses to run as root.
        self.user = "postgres" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
        self.folder.chmod(0o755)
        if os.getuid() == 0:
            shutil.chown(self.folder, self.user)
        self.control = programs / "pg_ctl"
        options = f"-c listen_addresses='' -k {self.folder} -c fsync=off -c work_mem=256MB"
        self.server(programs / "initdb", "-D", self.data, "-E", "UTF8", "--locale=C.UTF-8", "-A", "trust")
        self.server(self.control, "-D", self.data, "-o", options, "-l", self.folder / "log", "-w", "start")
        try:
            self.psql("-f", "load-postgresql.sql")
        except BaseException:
            self.close()
            raise

    @property
    def data(self):
        return self.folder / "data"

    def server(self, *command):
        as_user = ["runuser", "-u", self.user, "--"] if os.getuid() == 0 else []
        subprocess.run([*as_user, *map(str, command)], check=True, cwd="/", stdout=subprocess.DEVNULL)

    def psql(self, *arguments, text=None):
        command = ["psql", "-h", str(self.folder), "-U", self.user, "-d", "postgres", "-q", "-v", "ON_ERROR_STOP=1"]
        done = subprocess.run(
            [*command, *arguments], input=text, cwd=self.law, capture_output=True, encoding="utf-8", check=False
        )
        if done.returncode != 0:
            raise RuntimeError(f"psql: {done.stderr}")
        return done.stdout

    def run(self, text):
        self.psql(text=text)

    def take(self, cases):
        self.run(f"drop table if exists own cascade; create table own ({columns('text')});\n"
                 f"\\copy own from '{cases}' with (format csv, header)\nanalyze own;\n")
        self.run(cases_from(self.law, "own"))

    def rows(self, view):
        printed = self.psql("--csv", "-c", f"select * from {view}")
        return list(csv.DictReader(printed.splitlines()))

    def close(self):
        self.server(self.control, "-D", self.data, "-m", "immediate", "stop")
        shutil.rmtree(self.folder)


class Spark(DuckDb):
    name = "Spark"

    def __init__(self, law):
        self.law = law
        self.folder = Path(tempfile.mkdtemp(prefix="frist-spark-"))
        self.before = os.getcwd()
        # The files are named without their folder.
        os.chdir(law)
        self.session = self.open()
        self.run(read(law, "load-spark.sql"))

    def open(self):
        from pyspark.sql import SparkSession

        builder = SparkSession.builder.master("local-cluster[2,1,1536]")
        (self.folder / "log").mkdir()
        settings = {
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
            "spark.sql.shuffle.partitions": "4",
            "spark.sql.warehouse.dir": str(self.folder / "warehouse"),
            "spark.eventLog.enabled": "true",
            "spark.eventLog.rolling.enabled": "false",
            "spark.eventLog.compress": "false",
            "spark.eventLog.dir": f"file://{self.folder}/log",
            "spark.log.level": "ERROR",
        }
        for key, value in settings.items():
            builder = builder.config(key, value)
        os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
        os.environ["SPARK_WORKER_DIR"] = str(self.folder / "work")
        return builder.getOrCreate()

    def run(self, text):
        for statement in statements(text):
            self.session.sql(statement)

    def take(self, cases):
        self.run(f"create or replace temporary view own_file ({columns('string')})\n"
                 f"using csv options (path '{cases}', header 'true', escape '\"');\n"
                 "drop table if exists own;\ncreate table own using parquet as select * from own_file;\n")
        self.run(cases_from(self.law, "own"))

    def rows(self, view):
        return [row.asDict() for row in self.session.table(view).collect()]

    def close(self):
        self.session.stop()
        os.chdir(self.before)
        shutil.rmtree(self.folder, ignore_errors=True)


class Sail(Spark):
    name = "Sail"

    def open(self):
        from pysail.spark import SparkConnectServer
        from pyspark.sql import SparkSession

        self.server = SparkConnectServer("127.0.0.1", 0)
        self.server.start(background=True)
        _, port = self.server.listening_address
        return SparkSession.builder.remote(f"sc://127.0.0.1:{port}").getOrCreate()

    def run(self, text):
        # It refuses its own plan of a union of texts of which one may be null. Of all texts only the view of cases has these.
        super().run(re.sub(r"coalesce\((unit|subunit), ''\)", r"nullif(coalesce(\1, ''), '<none>')", text))

    def close(self):
        super().close()
        self.server.stop()


class ClickHouse(DuckDb):
    name = "ClickHouse"

    def __init__(self, law):
        from chdb.session import Session

        self.law = law
        self.session = Session()
        self.run("set join_use_nulls = 1;\nset prefer_column_name_to_alias = 1;\nset data_type_default_nullable = 1;\n"
                 "set default_table_engine = 'Memory';\nset format_csv_null_representation = '';\n"
                 "set input_format_csv_trim_whitespaces = 0")
        self.run(re.sub(r"copy (\w+) from '(.*)' \(.*\)", rf"insert into \1 from infile '{law}/\2' format CSVWithNames",
                        read(law, "load-duckdb.sql").replace(" cascade;", ";")))

    def run(self, text):
        for statement in statements(text):
            self.session.query(statement)

    def take(self, cases):
        self.run(f"drop table if exists own;\ncreate table own ({columns('text')});\n"
                 f"insert into own from infile '{cases}' format CSVWithNames")
        self.run(cases_from(self.law, "own"))

    def differences(self):
        """It has no type for both a count and its negative, as the view of the self-test needs."""
        found, expected = ({tuple(value or "0" for value in row.values()) for row in self.rows(view)}
                           for view in ("frist_tally", "frist_expected"))
        return [{"group_name": row[2]} for row in found ^ expected]

    def rows(self, view):
        printed = str(self.session.query(f"select * from {view}", "CSVWithNames"))
        return list(csv.DictReader(printed.splitlines()))

    def close(self):
        self.session.close()
