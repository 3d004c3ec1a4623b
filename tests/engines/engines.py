"""The engines: each loads the law, is given cases, and answers with a tally and a ledger."""

import csv
import os
import pwd
import re
import shutil
import subprocess
import tempfile
from pathlib import Path


def statements(text):
    """The statements of a file, for engines that take one at a time."""
    code = "\n".join(line for line in text.splitlines() if not line.startswith("--"))
    return [statement.strip() for statement in re.split(r";\s*(?:\n|$)", code) if statement.strip()]


def cases_from(law, table):
    """The view of cases over another table: the only text that a site writes."""
    text = (law / "load-duckdb.sql").read_text(encoding="utf-8")
    return text[text.index("create or replace view frist_cases"):].replace("frist_selftest", table)


class DuckDb:
    name = "DuckDB"
    loader = "load-duckdb.sql"

    def __init__(self, law):
        import duckdb

        self.law = law
        self.connection = duckdb.connect()
        self.run("set threads = 2")
        folder = os.getcwd()
        os.chdir(law)
        self.run((law / self.loader).read_text(encoding="utf-8"))
        os.chdir(folder)

    def run(self, text):
        self.connection.execute(text)

    def take(self, cases):
        """Puts cases in the place of the self-test's."""
        columns = self.columns()
        types = ", ".join(f"'{column}': 'varchar'" for column in columns)
        self.run("drop table if exists own cascade")
        self.run(
            f"create table own as select * from read_csv('{cases}', header = true, quote = '\"', columns = {{{types}}})"
        )
        self.run(cases_from(self.law, "own"))

    def columns(self):
        with open(self.law / "selftest.csv", encoding="utf-8", newline="") as file:
            return next(csv.reader(file))

    def rows(self, view):
        result = self.connection.execute(f"select * from {view}")
        names = [column[0] for column in result.description]
        return [dict(zip(names, row)) for row in result.fetchall()]

    def close(self):
        self.connection.close()


class PostgreSql:
    name = "PostgreSQL"
    loader = "load-postgresql.sql"

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
            self.psql("-f", self.loader)
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
        with open(self.law / "selftest.csv", encoding="utf-8", newline="") as file:
            columns = ", ".join(f"{column} text" for column in next(csv.reader(file)))
        self.psql(text=f"drop table if exists own cascade; create table own ({columns});\n"
                  f"\\copy own from '{cases}' with (format csv, header)\nanalyze own;\n")
        # What depends on the view went with the table that it read.
        self.run(cases_from(self.law, "own"))

    def rows(self, view):
        printed = self.psql("--csv", "-c", f"select * from {view}")
        return list(csv.DictReader(printed.splitlines()))

    def close(self):
        self.server(self.control, "-D", self.data, "-m", "immediate", "stop")
        shutil.rmtree(self.folder)


class Spark:
    name = "Spark"
    loader = "load-spark.sql"
    master = "local-cluster[2,1,1536]"

    def __init__(self, law):
        self.law = law
        self.folder = Path(tempfile.mkdtemp(prefix="frist-spark-"))
        self.before = os.getcwd()
        # Tables are read where they are declared.
        os.chdir(law)
        self.session = self.open()
        for statement in statements((law / self.loader).read_text(encoding="utf-8")):
            self.session.sql(statement.replace("path '", f"path '{law}/"))

    def open(self):
        from pyspark.sql import SparkSession

        builder = SparkSession.builder.master(self.master)
        settings = {
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
            "spark.sql.shuffle.partitions": "4",
            "spark.sql.warehouse.dir": str(self.folder / "warehouse"),
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
        with open(self.law / "selftest.csv", encoding="utf-8", newline="") as file:
            columns = ", ".join(f"{column} string" for column in next(csv.reader(file)))
        self.session.sql("drop table if exists own")
        self.session.sql(
            f"create table own ({columns}) using csv options (path '{cases}', header 'true', escape '\"')"
        )
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

    def close(self):
        super().close()
        self.server.stop()
