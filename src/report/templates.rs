//! Templates: how documents are set, the built-in ones and a municipality's own in their place.

use std::path::{Path, PathBuf};

use super::bounded::{Bounds, Excess, within};
use crate::error::{Error, nearest};

/// The templates by name, as they stand in a folder of one's own.
const BUILT_IN: [(&str, &str); 5] = [
    ("page.html.jinja", include_str!("templates/page.html.jinja")),
    ("macros.jinja", include_str!("templates/macros.jinja")),
    ("page.css", include_str!("templates/page.css")),
    ("tables.js", include_str!("templates/tables.js")),
    ("document.typ", include_str!("templates/document.typ")),
];

/// What is wrong with a template that takes more time or memory than it may.
pub const ENDLESS: &str = "endless";
/// What is wrong with one that is longer than any template: parsers recurse into nested parts.
const LONG: &str = "long";
/// Bytes of a template that is filled in.
const MOST_BYTES: usize = 128 * 1024;
/// What is wrong with one that its reader panics on.
pub const CRASH: &str = "crash";

/// One template.
#[derive(Debug, Clone)]
struct Template {
    name: &'static str,
    text: String,
    /// Where it comes from, when it is not built in.
    path: Option<PathBuf>,
}

/// Every template of a run.
#[derive(Debug, Clone)]
pub struct Templates(Vec<Template>);

impl Templates {
    /// The built-in ones.
    pub fn built_in() -> Templates {
        let templates = BUILT_IN.map(|(name, text)| Template { name, text: text.to_owned(), path: None });
        Templates(templates.into())
    }

    /// The templates, with files in the place of those of the same name.
    ///
    /// # Errors
    /// [`Error::UnusableTemplate`] when a file is the template of nothing, its name may be misspelt, or it is too long.
    pub(super) fn replaced(mut self, files: Vec<(PathBuf, String)>) -> Result<Templates, Error> {
        for (path, text) in files {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let known = self.0.iter_mut().find(|template| template.name == name);
            let Some(template) = known else { return Err(no_template(&path, &name)) };
            let is_filled_in = [".jinja", ".typ"].iter().any(|ending| template.name.ends_with(ending));
            if is_filled_in && text.len() > MOST_BYTES {
                return Err(Error::UnusableTemplate { path, key: LONG, place: String::new() });
            }
            (template.text, template.path) = (text, Some(path));
        }
        Ok(self)
    }

    /// Whether there is a template of this name.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|template| template.name == name)
    }

    /// Whether a template whose name ends so is not built in.
    pub fn are_own(&self, ending: &str) -> bool {
        self.0.iter().any(|template| template.path.is_some() && template.name.ends_with(ending))
    }

    /// The text of a template.
    pub fn text(&self, name: &str) -> &str {
        &self.template(name).text
    }

    /// Every template's name and text.
    pub fn all(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().map(|template| (template.name, template.text.as_str()))
    }

    /// A template's fault, at its own file; a fault of a built-in one is ours and panics.
    pub fn unusable(&self, name: &str, key: &'static str, place: String) -> Error {
        match &self.template(name).path {
            Some(path) => Error::UnusableTemplate { path: path.clone(), key, place },
            None if self.0.iter().any(|template| template.path.is_some()) => {
                Error::UnusableTemplate { path: Path::new(name).into(), key, place }
            }
            None => panic!("the built-in template {name} is at fault"),
        }
    }

    /// Works with templates within bounds; what goes beyond them is the fault of the one named.
    ///
    /// # Errors
    /// Those of `work`, and [`Error::UnusableTemplate`].
    pub fn within<R: Send + 'static>(
        &self,
        name: &str,
        bounds: Bounds,
        work: impl FnOnce(&Templates) -> Result<R, Error> + Send + 'static,
    ) -> Result<R, Error> {
        let shared = self.clone();
        within(bounds, move || work(&shared)).unwrap_or_else(|excess| {
            Err(match excess {
                Excess::Endless => self.unusable(name, ENDLESS, "–".to_owned()),
                Excess::Panic => self.unusable(name, CRASH, String::new()),
            })
        })
    }

    fn template(&self, name: &str) -> &Template {
        self.0.iter().find(|template| template.name == name).expect("templates are asked for by their names")
    }
}

/// Of a trial only what does not end counts: other faults may be the small document's.
///
/// # Errors
/// [`Error::UnusableTemplate`].
pub fn endless_only<R>(tried: Result<R, Error>) -> Result<(), Error> {
    match tried {
        Err(error @ Error::UnusableTemplate { key: ENDLESS | CRASH, .. }) => Err(error),
        _ => Ok(()),
    }
}

fn no_template(path: &Path, name: &str) -> Error {
    let known = BUILT_IN.map(|(name, _)| name);
    let place = match nearest(name, known) {
        Some(meant) => meant,
        None => known.join(", "),
    };
    Error::UnusableTemplate { path: path.into(), key: "no-template", place }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(name: &str, text: &str) -> Option<(&'static str, String)> {
        match Templates::built_in().with(vec![(PathBuf::from(name), text.to_owned())]) {
            Err(Error::UnusableTemplate { path, key, place }) => {
                assert_eq!(path, Path::new(name));
                Some((key, place))
            }
            Err(other) => panic!("{other:?}"),
            Ok(_) => None,
        }
    }

    #[test]
    fn a_template_that_does_not_end_is_refused() {
        let endless = [
            "{{ range(1000000000) }}",
            "{% include 'page.html.jinja' %}",
            "\n{% for a in range(99999) %}{% for b in range(99999) %}{{ b }}{% endfor %}{% endfor %}",
            "{% macro m() %}{% for a in range(9) %}{{ m() }}{% endfor %}{% endmacro %}{{ m() }}",
            "{% set n = namespace(x='x') %}{% for a in range(60) %}{% set n.x = n.x ~ n.x %}{% endfor %}",
            "{% for a in range(1000) %}{{ 'x' * 99999999 }}{% endfor %}",
        ];
        for text in endless {
            let (key, place) = refused("page.html.jinja", text).unwrap_or_else(|| panic!("{text}"));
            assert!(key == ENDLESS || key == CRASH, "{text}: {key} {place}");
        }
        assert_eq!(refused("page.html.jinja", &"{{ 1 }}".repeat(20_000)).map(|(key, _)| key), Some(LONG));
        let chain = format!("{{{{ {}1 }}}}", "1+".repeat(60_000));
        assert_eq!(refused("page.html.jinja", &chain), None, "long, but it ends");
    }

    #[test]
    fn a_template_that_cannot_be_read_is_refused_before_it_is_used() {
        assert_eq!(refused("macros.jinja", "{% macro %}").map(|(key, _)| key), Some("jinja"));
        assert_eq!(refused("page.html.jinja", "{% for %}").map(|(key, _)| key), Some("jinja"));
        #[cfg(feature = "pdf")]
        assert_eq!(refused("document.typ", "#let = (").map(|(key, _)| key), Some("typst"));
    }

    #[test]
    fn what_may_be_the_small_documents_fault_is_left_to_the_report() {
        assert_eq!(refused("page.html.jinja", "<h1>{{ document.sections[7].heading }}</h1>"), None);
        assert_eq!(refused("page.css", "h1 { color: red }"), None);
    }

    #[test]
    #[cfg(feature = "pdf")]
    fn a_document_that_does_not_end_is_refused() {
        let endless = [
            "#let grown = (1,)\n#for i in range(60) { grown = grown + grown }\n",
            "#let f(x) = f(x + 1)\n#f(0)",
            "#let i = 0\n#while i >= 0 { i += 1 }",
        ];
        for text in endless {
            assert_eq!(refused("document.typ", text).map(|(key, _)| key), Some(ENDLESS), "{text}");
        }
    }
}
