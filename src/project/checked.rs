//! Values of a project file as they are typed, checked.

use schemars::JsonSchema;
use toml::Spanned;

use crate::date::{Day, FIRST_INPUT_DAY, LAST_INPUT_DAY};
use crate::error::Flaw;
use crate::period::PeriodKind;
use crate::rulebook::day_of;

/// The names of [`PeriodKind`], for the schema.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[allow(dead_code, reason = "only its schema is used")]
pub enum PeriodName {
    Month,
    Quarter,
    Tertial,
    HalfYear,
    Year,
}

/// The value, or nothing and a flaw more.
pub fn sound<T>(result: Option<Result<T, Flaw>>, flaws: &mut Vec<Flaw>) -> Option<T> {
    result.and_then(|result| result.map_err(|flaw| flaws.push(flaw)).ok())
}

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

pub fn as_of_day(value: Spanned<toml::value::Datetime>) -> Result<Day, Flaw> {
    let day = day_of(*value.get_ref()).map_err(|flaw| flaw.at(value.span()))?;
    if day < FIRST_INPUT_DAY || day > LAST_INPUT_DAY {
        let (first, last) = (FIRST_INPUT_DAY.to_string(), LAST_INPUT_DAY.to_string());
        return Err(Flaw::new("day-out-of-range", &[("first", &first), ("last", &last)]).at(value.span()));
    }
    Ok(day)
}
