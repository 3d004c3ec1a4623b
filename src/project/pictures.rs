//! Which pictures of charts are written as files.

use schemars::JsonSchema;
use serde::Deserialize;

/// A picture of a chart as a file of its own: what it is and in which shape. Pages, PDF, Word and slides hold their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PictureFile {
    /// Wide, as SVG.
    Svg,
    /// Wide, as PNG.
    Png,
    /// For a column, as SVG.
    ColumnSvg,
    /// For a column, as PNG.
    ColumnPng,
}

impl PictureFile {
    /// Every one.
    pub const ALL: [PictureFile; 4] =
        [PictureFile::Svg, PictureFile::Png, PictureFile::ColumnSvg, PictureFile::ColumnPng];
    /// Those that are written unless something else is said: for slides and texts.
    pub const USUAL: [PictureFile; 2] = [PictureFile::Svg, PictureFile::Png];

    /// The name in the project file and on the command line.
    pub fn id(self) -> &'static str {
        match self {
            PictureFile::Svg => "svg",
            PictureFile::Png => "png",
            PictureFile::ColumnSvg => "column-svg",
            PictureFile::ColumnPng => "column-png",
        }
    }

    /// What follows the name of the chart.
    pub fn ending(self) -> &'static str {
        match self {
            PictureFile::Svg => ".svg",
            PictureFile::Png => ".png",
            PictureFile::ColumnSvg => "-column.svg",
            PictureFile::ColumnPng => "-column.png",
        }
    }

    /// The files of a list with commas between; `none` is an empty one.
    ///
    /// # Errors
    /// The first name that is none.
    pub fn parse_list(text: &str) -> Result<Vec<PictureFile>, &str> {
        if text == "none" {
            return Ok(Vec::new());
        }
        let named = |name| PictureFile::ALL.into_iter().find(|file| file.id() == name).ok_or(name);
        text.split(',').map(str::trim).map(named).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_by_name() {
        let all: Vec<&str> = PictureFile::ALL.iter().map(|file| file.id()).collect();
        assert_eq!(PictureFile::parse_list(&all.join(", ")), Ok(PictureFile::ALL.to_vec()));
        assert_eq!(PictureFile::parse_list("none"), Ok(Vec::new()));
        for (wrong, named) in
            [("", ""), ("svg,", ""), ("svg,none", "none"), ("jpg,png", "jpg"), ("PNG", "PNG")]
        {
            assert_eq!(PictureFile::parse_list(wrong), Err(named), "{wrong}");
        }
    }

    #[test]
    fn endings_differ() {
        for one in PictureFile::ALL {
            assert!(PictureFile::ALL.iter().all(|other| *other == one || other.ending() != one.ending()));
        }
    }
}
