//! Office files: what Word and PowerPoint files have in common.

pub mod drawing;
pub mod package;
pub mod properties;
pub mod xml;
