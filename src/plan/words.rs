//! Words of a closed list as a plan may say them: in English or Swedish, in any case.

use toml::Spanned;

use super::{Month, Severity, Status};
use crate::error::Flaw;

/// Words, and what they mean.
type Words<T> = [(&'static str, T)];

/// Months.
pub const MONTHS: [(&str, Month); 20] = [
    ("january", Month::January),
    ("february", Month::February),
    ("march", Month::March),
    ("april", Month::April),
    ("may", Month::May),
    ("june", Month::June),
    ("july", Month::July),
    ("august", Month::August),
    ("september", Month::September),
    ("october", Month::October),
    ("november", Month::November),
    ("december", Month::December),
    ("januari", Month::January),
    ("februari", Month::February),
    ("mars", Month::March),
    ("maj", Month::May),
    ("juni", Month::June),
    ("juli", Month::July),
    ("augusti", Month::August),
    ("oktober", Month::October),
];

/// How far a control point has come.
pub const STATUSES: [(&str, Status); 8] = [
    ("begun", Status::Begun),
    ("not-begun", Status::NotBegun),
    ("paused", Status::Paused),
    ("completed", Status::Completed),
    ("påbörjad", Status::Begun),
    ("ej påbörjad", Status::NotBegun),
    ("pausad", Status::Paused),
    ("slutförd", Status::Completed),
];

/// Grades, in one deviation or several.
pub const SEVERITIES: [(&str, Severity); 10] = [
    ("none", Severity::None),
    ("minor", Severity::Minor),
    ("severe", Severity::Severe),
    ("målet nås", Severity::None),
    ("ingen avvikelse", Severity::None),
    ("inga avvikelser", Severity::None),
    ("mindre allvarlig avvikelse", Severity::Minor),
    ("mindre allvarliga avvikelser", Severity::Minor),
    ("graverande avvikelse", Severity::Severe),
    ("graverande avvikelser", Severity::Severe),
];

/// What a word means.
///
/// # Errors
/// A flaw that names the words there are.
pub fn word<T: Copy>(typed: Spanned<String>, known: &Words<T>) -> Result<T, Flaw> {
    let folded = typed.get_ref().trim().to_lowercase();
    let meant = known.iter().find(|(name, _)| *name == folded);
    meant.map(|(_, meaning)| *meaning).ok_or_else(|| {
        let names = known.iter().map(|(name, _)| *name);
        let listed = names.clone().collect::<Vec<&str>>().join(", ");
        Flaw::new("unknown-word", &[("word", typed.get_ref()), ("known", &listed)])
            .suggest(&folded, names)
            .at(typed.span())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;
    use crate::text::Texts;

    fn meant<T: Copy>(typed: &str, known: &Words<T>) -> Result<T, Flaw> {
        word(Spanned::new(3..9, typed.to_owned()), known)
    }

    #[test]
    fn words_are_known_in_either_language_and_any_case() {
        assert_eq!(meant(" Augusti", &MONTHS), Ok(Month::August));
        assert_eq!(meant("OKTOBER", &MONTHS), meant("october", &MONTHS));
        assert_eq!(meant("Ej påbörjad", &STATUSES), Ok(Status::NotBegun));
        assert_eq!(meant("PÅBÖRJAD", &STATUSES), Ok(Status::Begun));
        assert_eq!(meant("Graverande avvikelser", &SEVERITIES), Ok(Severity::Severe));
        let flaw = meant("agusti", &MONTHS).expect_err("no month");
        assert_eq!(
            (flaw.key, flaw.suggestion.as_deref(), flaw.span),
            ("unknown-word", Some("augusti"), Some(3..9))
        );
    }

    /// As the catalogues print them.
    #[test]
    fn every_word_of_a_report_can_be_typed() {
        for texts in [Language::Sv, Language::En].map(Texts::of) {
            for month in MONTHS.map(|(_, month)| month) {
                assert_eq!(meant(texts.month(month as u8), &MONTHS), Ok(month));
            }
        }
        let sv = Texts::of(Language::Sv);
        for status in Status::ALL {
            assert_eq!(meant(status.id(), &STATUSES), Ok(status));
            assert_eq!(meant(sv.get(&format!("status.{}", status.id())), &STATUSES), Ok(status));
        }
        for severity in [Severity::None, Severity::Minor, Severity::Severe] {
            assert_eq!(meant(severity.id(), &SEVERITIES), Ok(severity));
            assert_eq!(meant(sv.get(&format!("severity.{}", severity.id())), &SEVERITIES), Ok(severity));
        }
    }
}
