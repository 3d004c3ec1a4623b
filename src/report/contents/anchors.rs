//! Anchors: the ids of sections and rows that other documents link to.

use crate::plan::register::Risk;

/// The id of a risk point's section.
pub fn risk_point_id(area: usize, place: usize) -> String {
    format!("risk-point_{}-{}", area + 1, place + 1)
}

/// The id of a risk's section or row: by its place in the list, for its number may hold any letter.
pub fn risk_id(risks: &[Risk], risk: &Risk) -> String {
    let place = risks.iter().position(|other| other.id == risk.id).map_or(0, |place| place + 1);
    format!("risk_{place}")
}
