//! Pages: a document as one self-contained file that needs no script and fetches nothing.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, context};
use sha2::{Digest, Sha256};

use super::document::Document;
use super::look::Look;
use super::templates::Templates;
use crate::error::Error;
use crate::language::Language;
use crate::text::Texts;

/// The template of a page.
const PAGE: &str = "page.html.jinja";

/// Renders a document as a page. `root` leads from the page's folder to the report's: empty, or `../`.
///
/// # Errors
/// [`Error::UnusableTemplate`] when a template of the municipality's own is at fault.
pub fn html(
    document: &Document,
    root: &str,
    look: &Look,
    templates: &Templates,
    language: Language,
) -> Result<Vec<u8>, Error> {
    let texts = Texts::of(language);
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let mut syntax = SyntaxConfig::builder();
    environment.set_syntax(syntax.trim_blocks(true).lstrip_blocks(true).build().expect("the usual syntax"));
    environment.add_function("t", move |key: &str| texts.get(key).to_owned());
    for (name, source) in templates.all().filter(|(name, _)| name.ends_with(".jinja")) {
        let added = environment.add_template_owned(name, source.to_owned());
        added.map_err(|error| unusable(templates, name, &error))?;
    }
    let style = style(look, templates);
    let script = format!("\n{}", templates.text("tables.js"));
    let page = context! {
        document => Value::from(Serde(document)),
        root => root,
        style => Value::from_safe_string(style.clone()),
        script => Value::from_safe_string(script.clone()),
        policy => policy(&style, &script),
        logo => look.logo.as_ref().map(|logo| Value::from_safe_string(logo.data_uri())),
        comma => texts.comma(),
    };
    let template = environment.get_template(PAGE).expect("it was just added");
    let page = template.render(page).map_err(|error| unusable(templates, PAGE, &error))?;
    Ok(page.into_bytes())
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

fn unusable(templates: &Templates, name: &str, error: &minijinja::Error) -> Error {
    let at = error.name().filter(|at| templates.all().any(|(known, _)| known == *at)).unwrap_or(name);
    let line = error.line().map_or(String::new(), |line| format!("{line}: "));
    let said = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
    templates.unusable(at, "jinja", format!("{line}{said}"))
}
