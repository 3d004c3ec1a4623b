//! Black-box tests of the program, one binary so that it is linked once.

#![allow(clippy::disallowed_methods, reason = "tests make their own files")]

mod catalogue;
mod charts;
mod compare;
mod errors;
mod exports;
mod groups;
mod internal_control;
mod layering;
mod messy;
mod mutations;
mod properties;
mod report;
mod sample_data;
mod tools;
mod vectors;
mod workbook;
mod workspace;
