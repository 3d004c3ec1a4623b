//! The law for databases: tables of due dates and days, and one SQL text that joins them and counts.
//!
//! Engines differ in how they read a text as a date and in where a month after the 31st ends. So nothing is left to them
//! but equality, comparison and counting. docs/scale.md describes the files.

mod selftest;
mod tables;

use crate::date::Day;
use crate::pipeline::Control;
use crate::project::Settings;
use tables::Sheet;

/// A file of the package: its name and its content.
pub type File = (String, Vec<u8>);

/// The package for some controls: everything but its manifest.
pub fn package(controls: &[Control], settings: &Settings, as_of: Day) -> Vec<File> {
    let mut sheets = tables::of_law(controls, settings, as_of);
    let tested = selftest::of(controls, settings, as_of);
    sheets.extend([tested.cases, tested.expected]);
    let loaders = [
        ("load-duckdb.sql", include_str!("load-duckdb.sql"), Dialect::Standard),
        ("load-postgresql.sql", include_str!("load-postgresql.sql"), Dialect::Standard),
        ("load-spark.sql", include_str!("load-spark.sql"), Dialect::Spark),
    ];
    let loaders = loaders.map(|(name, text, dialect)| {
        let declared: String = sheets.iter().map(|sheet| dialect.declaration(sheet)).collect();
        (name.to_owned(), text.replace("{tables}", &declared).replace("{cases}", CASES).into_bytes())
    });
    let constant = [("frist.sql", include_str!("frist.sql")), ("selftest.sql", include_str!("selftest.sql"))];
    let constant = constant.map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()));
    let tables = sheets.iter().map(|sheet| (format!("{}.csv", sheet.name), sheet.csv()));
    constant.into_iter().chain(loaders).chain(tables).collect()
}

/// The view of cases, with the self-test in it.
const CASES: &str = include_str!("cases.sql");

/// How tables are declared.
#[derive(Clone, Copy)]
enum Dialect {
    /// `create table`, and the loader copies the file into it.
    Standard,
    /// A view of the file, and a table made of it. A table `using csv` would look for its file in Spark's own warehouse,
    /// and be empty where it is not.
    Spark,
}

impl Dialect {
    fn declaration(self, sheet: &Sheet) -> String {
        let name = sheet.name;
        let text = match self {
            Dialect::Standard => "text",
            Dialect::Spark => "string",
        };
        let columns = sheet
            .columns
            .iter()
            .map(|(name, is_number)| format!("{name} {}", if *is_number { "bigint" } else { text }));
        let columns = columns.collect::<Vec<_>>().join(", ");
        match self {
            Dialect::Standard => {
                format!(
                    "drop table if exists frist_{name} cascade;\ncreate table frist_{name} ({columns});\n"
                )
            }
            Dialect::Spark => format!(
                "create or replace temporary view frist_{name}_file ({columns})\n\
                 using csv options (path '{name}.csv', header 'true', escape '\"');\n\
                 drop table if exists frist_{name};\n\
                 create table frist_{name} using parquet as select * from frist_{name}_file;\n"
            ),
        }
    }
}
