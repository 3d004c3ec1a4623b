//! Black-box tests of the program, one binary so that it is linked once.

#![allow(clippy::disallowed_methods, reason = "tests make their own files")]

mod allocations;
mod catalogue;
mod charts;
mod compare;
mod contributions;
mod date_columns;
mod dead_ends;
mod docs;
mod edges;
mod editions;
mod errors;
mod exports;
mod facts;
mod groups;
mod headline;
mod hostile_looks;
mod inputs;
mod internal_control;
mod judged;
mod law;
mod layering;
mod licenses;
mod machine_formats;
mod messy;
mod methods;
mod mutations;
mod no_network;
mod persons;
mod properties;
mod proposals;
mod pseudonyms;
mod read_right;
mod report;
mod sample_data;
mod spreadsheets;
mod tally;
mod tools;
mod trace;
mod vectors;
mod workbook;
mod workspace;
