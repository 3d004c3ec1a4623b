//! How CSV files that people open are written.

use schemars::JsonSchema;
use serde::Deserialize;

/// How the CSV files that people open are written; those that other programs depend on are always standard.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CsvStyle {
    /// Comma separated, as RFC 4180 says.
    #[default]
    Standard,
    /// As a Swedish Excel opens them: semicolon, decimal comma, byte order mark.
    ExcelSv,
}

impl CsvStyle {
    /// Every style.
    pub const ALL: [CsvStyle; 2] = [CsvStyle::Standard, CsvStyle::ExcelSv];

    /// The name in the project file and on the command line.
    pub fn id(self) -> &'static str {
        match self {
            CsvStyle::Standard => "standard",
            CsvStyle::ExcelSv => "excel-sv",
        }
    }

    /// What stands between cells.
    pub fn separator(self) -> u8 {
        match self {
            CsvStyle::Standard => b',',
            CsvStyle::ExcelSv => b';',
        }
    }

    /// What a file begins with.
    pub fn mark(self) -> &'static str {
        match self {
            CsvStyle::Standard => "",
            CsvStyle::ExcelSv => "\u{feff}",
        }
    }

    /// A number with a decimal point, and commas between thousands if any, in this style.
    pub fn number(self, number: &str) -> String {
        match self {
            CsvStyle::Standard => number.to_owned(),
            CsvStyle::ExcelSv => number.replace(',', "").replace('.', ","),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_the_style_s_comma() {
        assert_eq!(CsvStyle::Standard.number("0.25"), "0.25");
        assert_eq!(CsvStyle::ExcelSv.number("0.25"), "0,25");
        assert_eq!(CsvStyle::ExcelSv.number("1,218"), "1218");
        assert_eq!(CsvStyle::ExcelSv.number("12,345.6%"), "12345,6%");
    }
}
