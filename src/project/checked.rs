//! Values that were typed, checked.

use toml::Spanned;

use crate::error::Flaw;
use crate::period::PeriodKind;

/// The length of periods that was typed.
pub fn period_kind(typed: Spanned<String>) -> Result<PeriodKind, Flaw> {
    typed.get_ref().parse().map_err(|_| {
        let known = PeriodKind::ALL.map(PeriodKind::id);
        Flaw::new("unknown-word", &[("word", typed.get_ref()), ("known", &known.join(", "))])
            .suggest(typed.get_ref(), known)
            .at(typed.span())
    })
}

/// A share that was typed, checked to be one.
pub fn share(typed: Option<Spanned<f64>>, key: &str) -> Result<Option<f64>, Flaw> {
    match typed {
        Some(share) if !(0.0..=1.0).contains(share.get_ref()) => {
            Err(Flaw::new("no-share", &[("key", key)]).at(share.span()))
        }
        share => Ok(share.map(Spanned::into_inner)),
    }
}
