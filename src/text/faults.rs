//! Faults of rows: why, and what to do.

use super::{Texts, fill};
use crate::ingest::{Export, Fault, FaultCode};

/// Why a row is at fault, with the place of the row that contradicts it.
pub fn fault_reason(fault: &Fault, exports: &[Export], texts: &Texts) -> String {
    let reason = texts.get(&format!("fault.{}.reason", fault.code.id()));
    let other = fault.other.map(|place| {
        let place = exports[place.export].place(place.line, None);
        fill!(texts, "fault.other.place", place)
    });
    format!("{reason}{}", other.unwrap_or_default())
}

/// What to do about a fault.
pub fn fault_remedy(code: FaultCode, texts: &Texts) -> &str {
    texts.get(&format!("fault.{}.remedy", code.id()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    #[test]
    fn every_fault_has_its_texts_in_both_languages() {
        for language in [Language::Sv, Language::En] {
            for code in FaultCode::ALL.iter().copied() {
                assert!(!fault_remedy(code, Texts::of(language)).is_empty());
                assert!(!Texts::of(language).get(&format!("fault.{}.reason", code.id())).is_empty());
            }
        }
    }
}
