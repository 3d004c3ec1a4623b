//! What is said of an outlook, beside its chart and table.

use super::{Texts, fill};
use crate::analysis::Detail;

/// Which open cases are in the outlook, and how often earlier forecasts of its title's kind held.
pub fn outlook_sentences(detail: &Detail, texts: &Texts) -> Vec<String> {
    let Some(outlook) = &detail.outlook else { return Vec::new() };
    let ahead = outlook.farthest();
    let all = ahead.forecast.open + outlook.late_already + outlook.due_later;
    let days = texts.count(ahead.days as u64);
    let mut said = vec![fill!(
        texts,
        "report.outlook-cases",
        all = texts.count(all),
        open = texts.count(ahead.forecast.open),
        days,
        late = texts.count(outlook.late_already),
        later = texts.count(outlook.due_later)
    )];
    let (inside, trials) = (ahead.inside() as u64, ahead.trials.len() as u64);
    said.push(match trials {
        0 => texts.get("report.outlook-untried").to_owned(),
        trials => {
            let share = texts.whole_percent((100.0 * inside as f64 / trials as f64).round() / 100.0);
            let inside = texts.count(inside);
            fill!(texts, "report.outlook-trials", days, inside, trials = texts.count(trials), share)
        }
    });
    if outlook.left_out > 0 {
        let months = texts.number_word(outlook.left_out as u64);
        said.push(fill!(texts, "report.outlook-shocks", n = months));
    }
    said
}
