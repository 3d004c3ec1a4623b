//! Where files stand in the folder of a report: what a person opens at its top, pictures in `charts/`, what programs
//! read and what the report was made of in `data/`.

use crate::project::PictureFile;

/// A file of figures or rows: `data/results.json`.
pub fn data(name: &str) -> String {
    format!("data/{name}")
}

/// The figures of a chart: `data/charts/child-investigation-share.csv`.
pub fn chart_data(name: &str) -> String {
    data(&format!("charts/{name}.csv"))
}

/// A picture of a chart: `charts/child-investigation-share-column.svg`.
pub fn picture(chart: &str, file: PictureFile) -> String {
    format!("charts/{chart}{}", file.ending())
}
