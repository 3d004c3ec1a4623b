//! Pages of groups: each unit with its own trend in every control that it has cases of.

use std::collections::{BTreeMap, HashSet};

use serde::Serialize;

use super::html::{made_by, main_sentence};
use super::page::{PageFigure, render};
use super::tables::{self, Table};
use super::{Findings, Rendered};
use crate::analysis::{ControlFindings, GroupFindings};
use crate::chart::group_trend;
use crate::text::{Texts, trend_sentences};

/// The groups that have pages, and what their files are called.
pub struct Units {
    /// File names by name of group.
    files: BTreeMap<String, String>,
}

#[derive(Serialize)]
struct Page<'a> {
    language: &'static str,
    title: String,
    name: &'a str,
    organisation: Option<&'a str>,
    subtitle: String,
    controls: Vec<Section>,
    made_by: String,
}

#[derive(Serialize)]
struct Section {
    id: String,
    name: String,
    sentences: Vec<String>,
    figures: Vec<PageFigure>,
    periods: Table,
}

/// The groups of a control's first column that have names.
fn named(control: &ControlFindings) -> impl Iterator<Item = &GroupFindings> {
    let groups = control.groupings.first().into_iter().flat_map(|grouping| &grouping.groups);
    groups.filter(|group| !group.name.is_empty())
}

impl Units {
    /// The named groups of the first column of every control.
    pub fn of(findings: &Findings<'_>) -> Units {
        let mut files: BTreeMap<String, String> = BTreeMap::new();
        let mut taken: HashSet<String> = HashSet::new();
        let mut names: Vec<&String> =
            findings.controls.iter().flat_map(named).map(|group| &group.name).collect();
        names.sort();
        names.dedup();
        for name in names {
            let slug = slug(name);
            let numbered = (2..).map(|number| format!("{slug}-{number}"));
            let mut candidates = std::iter::once(slug.clone()).chain(numbered);
            let free =
                candidates.find(|candidate| taken.insert(candidate.clone())).expect("numbers do not end");
            files.insert(name.clone(), free);
        }
        Units { files }
    }

    /// Where the rows of a control's table of groups lead.
    pub fn links(&self, control: &ControlFindings) -> Vec<String> {
        let groups = control.groupings.first().map_or(&[][..], |grouping| &grouping.groups);
        let link = |group: &GroupFindings| {
            self.files.get(&group.name).map_or(String::new(), |file| format!("units/{file}.html"))
        };
        groups.iter().map(link).collect()
    }

    /// The pages.
    pub fn pages(&self, findings: &Findings<'_>, texts: &Texts, threads: usize) -> Vec<Rendered> {
        let all: Vec<(&String, &String)> = self.files.iter().collect();
        super::side_by_side(threads, &all, |(name, file)| Rendered {
            name: format!("units/{file}.html"),
            bytes: page(findings, name, texts),
        })
    }
}

fn page(findings: &Findings<'_>, name: &str, texts: &Texts) -> Vec<u8> {
    let of_unit = |control: &&ControlFindings| named(control).any(|group| group.name == name);
    let controls = findings.controls.iter().filter(of_unit);
    let page = Page {
        language: texts.language().tag(),
        title: texts.get("report.title").to_owned(),
        name,
        organisation: findings.organisation,
        subtitle: texts.fill("report.unit-subtitle", &[("as_of", &texts.long_date(findings.as_of))]),
        controls: controls.map(|control| section(control, name, texts)).collect(),
        made_by: made_by(findings, texts),
    };
    render("unit.html", &page, texts.language())
}

fn section(control: &ControlFindings, name: &str, texts: &Texts) -> Section {
    let group = named(control).find(|group| group.name == name).expect("the control has the unit");
    let mut sentences: Vec<String> =
        group.periods.last().map(|period| main_sentence(period, texts)).into_iter().collect();
    sentences.extend(
        group.place.map(|place| texts.get(&format!("funnel.sentence-{}", place.position.id())).to_owned()),
    );
    let id = &control.rule.id;
    let figures = group.trend.iter().map(|trend| {
        let chart = group_trend(&format!("{id}-trend"), control, name, trend, texts);
        PageFigure::of(&chart, None, trend_sentences(trend, texts))
    });
    Section {
        id: id.clone(),
        name: control.rule.name.text(texts.language()).to_owned(),
        sentences,
        figures: figures.collect(),
        periods: tables::periods_of(control, &group.periods, texts),
    }
}

/// A name for files: small letters, digits and hyphens.
fn slug(name: &str) -> String {
    /// Longer names would not fit every file system beside their folder.
    const LONGEST: usize = 60;
    let plain = name.chars().flat_map(char::to_lowercase).map(|letter| match letter {
        'å' | 'ä' | 'á' | 'à' | 'â' => 'a',
        'ö' | 'ø' | 'ó' | 'ô' => 'o',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'ü' | 'ú' => 'u',
        letter if letter.is_ascii_alphanumeric() => letter,
        _ => '-',
    });
    let words: String = plain.collect();
    let words: Vec<&str> = words.split('-').filter(|word| !word.is_empty()).collect();
    let slug: String = words.join("-").chars().take(LONGEST).collect();
    // Names such as "con" are no file names on every system.
    format!("unit-{}", slug.trim_end_matches('-')).trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_are_plain() {
        assert_eq!(slug("Barn & unga, Öster"), "unit-barn-unga-oster");
        assert_eq!(slug("../../etc"), "unit-etc");
        assert_eq!(slug("児童"), "unit");
        assert_eq!(slug("CON"), "unit-con");
        assert!(slug(&"x".repeat(500)).len() < 70);
    }
}
