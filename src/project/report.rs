//! What the project file says of the report itself: plan and list of risks, logo, colour, small numbers.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::{Form, PictureFile};
use crate::error::Flaw;

/// A colour that white text can be read on, and that can be read on white.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour {
    /// Red, green and blue.
    pub parts: [u8; 3],
}

impl Default for Colour {
    /// The blue of the charts.
    fn default() -> Colour {
        Colour { parts: [0x0b, 0x4f, 0x8a] }
    }
}

impl std::fmt::Display for Colour {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [red, green, blue] = self.parts;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl Colour {
    fn parse(text: &str) -> Option<Colour> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
        let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
        Some(Colour { parts: [part(0)?, part(2)?, part(4)?] })
    }

    /// The contrast with white (WCAG 2, relative luminance).
    fn contrast_with_white(self) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        let [red, green, blue] = self.parts.map(linear);
        1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
    }
}

/// How the report looks and what goes into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportSettings {
    /// The plan of internal control, relative to the project file.
    pub plan: Option<PathBuf>,
    /// The list of risks, relative to the project file.
    pub risks: Option<PathBuf>,
    /// The logo, SVG or PNG, relative to the project file.
    pub logo: Option<PathBuf>,
    /// The colour of headings and rules.
    pub colour: Colour,
    /// The forms of its documents.
    pub forms: Vec<Form>,
    /// The pictures of charts that are written as files.
    pub pictures: Vec<PictureFile>,
    /// A smaller number than this is not published.
    pub smallest_published: u64,
    /// Folders of editions that were published before, relative to the project file.
    pub published_before: Vec<PathBuf>,
}

/// Small numbers are those below five unless the project file says otherwise.
const SMALLEST_PUBLISHED: u64 = 5;

impl Default for ReportSettings {
    fn default() -> ReportSettings {
        ReportSettings {
            plan: None,
            risks: None,
            logo: None,
            colour: Colour::default(),
            forms: Form::usual(),
            pictures: PictureFile::USUAL.to_vec(),
            smallest_published: SMALLEST_PUBLISHED,
            published_before: Vec::new(),
        }
    }
}

/// The same as it is typed.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportText {
    /// The plan of internal control; internal-control.toml beside this file when not given.
    plan: Option<PathBuf>,
    /// The list of risks; risks.csv or risks.xlsx beside this file when not given.
    risks: Option<PathBuf>,
    /// The logo, SVG or PNG.
    logo: Option<PathBuf>,
    /// The colour of headings and rules, such as "#0b4f8a"; dark enough to be read on white.
    #[schemars(with = "Option<String>")]
    colour: Option<Spanned<String>>,
    /// The forms of the report: html, pdf, xlsx, docx, md and pptx; all but pptx when not given.
    #[schemars(with = "Option<Vec<Form>>")]
    forms: Option<Spanned<Vec<Form>>>,
    /// The pictures of charts that are written as files: svg, png, column-svg and column-png; svg and png when not
    /// given.
    pictures: Option<Vec<PictureFile>>,
    /// A smaller number than this is not published: 3 to 100.
    #[schemars(with = "Option<u64>")]
    smallest_published: Option<Spanned<u64>>,
    /// Folders of editions that were published before: what they hide stays hidden, and what they show is public.
    #[serde(default)]
    published_before: Vec<PathBuf>,
}

/// What was typed, checked.
pub fn resolve_report(typed: ReportText, flaws: &mut Vec<Flaw>) -> ReportSettings {
    /// Text of this contrast can be read (WCAG 2.2, 1.4.3).
    const READABLE: f64 = 4.5;
    let mut settings = ReportSettings {
        plan: typed.plan,
        risks: typed.risks,
        logo: typed.logo,
        published_before: typed.published_before,
        pictures: typed.pictures.unwrap_or_else(|| PictureFile::USUAL.to_vec()),
        ..ReportSettings::default()
    };
    if let Some(colour) = typed.colour {
        match Colour::parse(colour.get_ref()) {
            None => flaws.push(Flaw::new("no-colour", &[]).at(colour.span())),
            Some(parsed) if parsed.contrast_with_white() < READABLE => {
                flaws.push(Flaw::new("pale-colour", &[]).at(colour.span()));
            }
            Some(parsed) => settings.colour = parsed,
        }
    }
    if let Some(forms) = typed.forms {
        match forms.get_ref().is_empty() {
            true => flaws.push(Flaw::new("no-forms", &[]).at(forms.span())),
            false => settings.forms = forms.into_inner(),
        }
    }
    if let Some(smallest) = typed.smallest_published {
        if (3..=100).contains(smallest.get_ref()) {
            settings.smallest_published = smallest.into_inner();
        } else {
            flaws.push(Flaw::new("smallest-published", &[]).at(smallest.span()));
        }
    }
    settings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_must_be_readable_on_white() {
        let blue = Colour::parse("#0B4f8a").expect("a colour");
        assert_eq!((blue, blue.to_string().as_str()), (Colour::default(), "#0b4f8a"));
        assert!(blue.contrast_with_white() > 8.0);
        assert!((Colour::parse("#767676").expect("a colour").contrast_with_white() - 4.54).abs() < 0.01);
        assert!((Colour { parts: [0; 3] }.contrast_with_white() - 21.0).abs() < 1e-9);
        for wrong in ["0b4f8a", "#0b4f8", "#0b4f8g", "#åå4f8", "blue"] {
            assert_eq!(Colour::parse(wrong), None, "{wrong}");
        }
    }
}
