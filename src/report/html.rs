//! Pages: a document as one self-contained file that needs no script and fetches nothing.

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, ErrorKind, UndefinedBehavior, Value, context};
use sha2::{Digest, Sha256};

use super::bounded::{SETTING, TRIAL};
use super::document::Document;
use super::look::Look;
use super::templates::{ENDLESS, Templates, endless_only};
use crate::error::Error;
use crate::language::Language;
use crate::text::Texts;

/// The template of a page.
const PAGE: &str = "page.html.jinja";
/// How the names of templates end that are filled in, not shown.
const TEMPLATES: &str = ".jinja";

/// Sets documents as pages.
pub struct Pages<'a> {
    look: &'a Look,
    templates: &'a Templates,
    language: Language,
    /// The built-in templates, read once; those of the municipality's own are read for each page, within bounds.
    built_in: Option<Environment<'static>>,
}

impl<'a> Pages<'a> {
    /// Pages of this look by these templates.
    ///
    /// # Errors
    /// [`Error::UnusableTemplate`] when a template of the municipality's own is at fault.
    pub fn new(look: &'a Look, templates: &'a Templates, language: Language) -> Result<Pages<'a>, Error> {
        let are_own = templates.are_own(TEMPLATES);
        let built_in = if are_own { None } else { Some(environment(templates, look, language, None)?) };
        Ok(Pages { look, templates, language, built_in })
    }

    /// Renders a document as a page. `root` leads from the page's folder to the report's: empty, or `../`.
    ///
    /// # Errors
    /// [`Error::UnusableTemplate`] when a template of the municipality's own is at fault.
    pub fn html(&self, document: &Document, root: &str) -> Result<Vec<u8>, Error> {
        /// Many times what the largest report takes of the built-in template.
        const FUEL: u64 = 1_000_000_000;
        if let Some(environment) = &self.built_in {
            return filled_in(document, root, self.templates, environment, usize::MAX);
        }
        let (document, root, look, language) =
            (document.clone(), root.to_owned(), self.look.clone(), self.language);
        self.templates.within(PAGE, SETTING, move |templates| {
            let environment = environment(templates, &look, language, Some(FUEL))?;
            filled_in(&document, &root, templates, &environment, MOST_BYTES)
        })
    }
}

/// Fills templates of the municipality's own in with a small document: what never ends is found before the work.
///
/// # Errors
/// [`Error::UnusableTemplate`] when a template cannot be read, or does not end. Other faults may be the small
/// document's.
pub fn try_out(
    document: Document,
    look: &Look,
    templates: &Templates,
    language: Language,
) -> Result<(), Error> {
    /// Many times what the small document takes of the built-in template.
    const FUEL: u64 = 10_000_000;
    let own = look.clone();
    templates.within(PAGE, TRIAL, move |templates| environment(templates, &own, language, None).map(drop))?;
    let look = look.clone();
    endless_only(templates.within(PAGE, TRIAL, move |templates| {
        let environment = environment(templates, &look, language, Some(FUEL))?;
        filled_in(&document, "", templates, &environment, MOST_BYTES)
    }))
}

/// The templates as they are written, with what is the same on every page: words and look.
fn environment(
    templates: &Templates,
    look: &Look,
    language: Language,
    fuel: Option<u64>,
) -> Result<Environment<'static>, Error> {
    let texts = Texts::of(language);
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(fuel);
    // These two take a width of any size at once, which ends the program where there is no such memory.
    ["indent", "format"].into_iter().for_each(|filter| environment.remove_filter(filter));
    let mut syntax = SyntaxConfig::builder();
    environment.set_syntax(syntax.trim_blocks(true).lstrip_blocks(true).build().expect("the usual syntax"));
    environment.add_function("t", move |key: &str| texts.get(key).to_owned());
    let (style, script) = (style(look, templates), format!("\n{}", templates.text("tables.js")));
    environment.add_global("policy", policy(&style, &script));
    environment.add_global("style", Value::from_safe_string(style));
    environment.add_global("script", Value::from_safe_string(script));
    let logo = look.logo.as_ref().map(|logo| Value::from_safe_string(logo.data_uri()));
    environment.add_global("logo", Value::from(logo));
    for (name, source) in templates.all().filter(|(name, _)| name.ends_with(TEMPLATES)) {
        let added = environment.add_template_owned(name, source.to_owned());
        added.map_err(|error| unusable(templates, name, &error))?;
    }
    Ok(environment)
}

fn filled_in(
    document: &Document,
    root: &str,
    templates: &Templates,
    environment: &Environment<'_>,
    most: usize,
) -> Result<Vec<u8>, Error> {
    let page = context! { document => Value::from(Serde(document)), root => root };
    let template = environment.get_template(PAGE).expect("it was just added");
    let mut written = Page { bytes: Vec::new(), most };
    template.render_captured_to(page, &mut written).map_err(|error| unusable(templates, PAGE, &error))?;
    Ok(written.bytes)
}

/// More than a page of the municipality's own may have.
const MOST_BYTES: usize = 256_000_000;

/// A page that is being written.
struct Page {
    bytes: Vec<u8>,
    most: usize,
}

impl Write for Page {
    fn write(&mut self, piece: &[u8]) -> std::io::Result<usize> {
        if piece.len() > self.most - self.bytes.len() {
            return Err(std::io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(piece);
        Ok(piece.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The style sheet with the municipality's colour.
fn style(look: &Look, templates: &Templates) -> String {
    format!("\n:root {{ --house: {}; }}\n{}", look.colour, templates.text("page.css"))
}

/// What a browser may do with the page: show it, in its own style, with its own script, and nothing else
/// (Content Security Policy 3).
fn policy(style: &str, script: &str) -> String {
    let hash = |text: &str| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text.as_bytes())));
    format!(
        "default-src 'none'; style-src {}; script-src {}; img-src data:; base-uri 'none'; form-action 'none'",
        hash(style),
        hash(script)
    )
}

/// Whether the template ran into a bound: ours, or one of its reader's own, which it tells in words alone.
fn is_excess(error: &minijinja::Error) -> bool {
    let told = ["recursion limit", "too many elements", "is too large"];
    matches!(error.kind(), ErrorKind::OutOfFuel | ErrorKind::WriteFailure)
        || error.detail().is_some_and(|detail| told.iter().any(|words| detail.contains(words)))
        || std::error::Error::source(error)
            .and_then(|cause| cause.downcast_ref::<minijinja::Error>())
            .is_some_and(is_excess)
}

fn unusable(templates: &Templates, name: &str, error: &minijinja::Error) -> Error {
    let at = error.name().filter(|at| templates.all().any(|(known, _)| known == *at)).unwrap_or(name);
    if is_excess(error) {
        let line = error.line().map_or("–".to_owned(), |line| line.to_string());
        return templates.unusable(at, ENDLESS, line);
    }
    let line = error.line().map_or(String::new(), |line| format!("{line}: "));
    let said = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
    templates.unusable(at, "jinja", format!("{line}{said}"))
}
