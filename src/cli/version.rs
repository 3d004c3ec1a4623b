//! `frist --version`: which program this is, by which it counts.

use crate::rulebook::Rulebook;

/// Parts that a build can be without.
const PARTS: [(&str, bool); 2] = [("report", cfg!(feature = "report")), ("pdf", cfg!(feature = "pdf"))];

/// Version, commit when it is known, version of the built-in rulebook and features, a line each.
pub fn version() -> String {
    told(option_env!("FRIST_COMMIT"))
}

fn told(commit: Option<&str>) -> String {
    let parts: Vec<&str> = PARTS.iter().filter(|(_, built)| *built).map(|(part, _)| *part).collect();
    format!(
        "frist {}\ncommit: {}\nrulebook: {}\nfeatures: {}\n",
        env!("CARGO_PKG_VERSION"),
        commit.unwrap_or("unknown"),
        Rulebook::builtin().version,
        parts.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_that_is_not_known_is_said_to_be_so() {
        let line = |told: &str, number: usize| told.lines().nth(number).map(str::to_owned);
        assert_eq!(line(&told(None), 1).as_deref(), Some("commit: unknown"));
        assert_eq!(line(&told(Some("0123456789ab")), 1).as_deref(), Some("commit: 0123456789ab"));
        assert_eq!(line(&told(None), 0), line(&told(Some("a")), 0));
    }
}
