//! Templates: how documents are set, the built-in ones and a municipality's own in their place.

use std::path::{Path, PathBuf};

use crate::error::{Error, nearest};

/// The templates by name, as they stand in a folder of one's own.
const BUILT_IN: [(&str, &str); 5] = [
    ("page.html.jinja", include_str!("templates/page.html.jinja")),
    ("macros.jinja", include_str!("templates/macros.jinja")),
    ("page.css", include_str!("templates/page.css")),
    ("tables.js", include_str!("templates/tables.js")),
    ("document.typ", include_str!("templates/document.typ")),
];

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

    /// With files in the place of templates of the same name.
    ///
    /// # Errors
    /// [`Error::UnusableTemplate`] when a file is the template of nothing: its name may be misspelt.
    pub fn with(mut self, files: Vec<(PathBuf, String)>) -> Result<Templates, Error> {
        for (path, text) in files {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let known = self.0.iter_mut().find(|template| template.name == name);
            let Some(template) = known else { return Err(no_template(&path, &name)) };
            (template.text, template.path) = (text, Some(path));
        }
        Ok(self)
    }

    /// The text of a template.
    pub fn text(&self, name: &str) -> &str {
        &self.template(name).text
    }

    /// Every template's name and text.
    pub fn all(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().map(|template| (template.name, template.text.as_str()))
    }

    /// A template's fault, told at its own file; a fault of a built-in one is ours and panics.
    pub fn unusable(&self, name: &str, key: &'static str, place: String) -> Error {
        match &self.template(name).path {
            Some(path) => Error::UnusableTemplate { path: path.clone(), key, place },
            None if self.0.iter().any(|template| template.path.is_some()) => {
                Error::UnusableTemplate { path: Path::new(name).into(), key, place }
            }
            None => panic!("the built-in template {name} is at fault"),
        }
    }

    fn template(&self, name: &str) -> &Template {
        self.0.iter().find(|template| template.name == name).expect("templates are asked for by their names")
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
