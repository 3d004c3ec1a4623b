//! Pages: what the report and the pages of groups share, from templates to figures.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value};
use serde::Serialize;

use crate::chart::{Chart, Picture};
use crate::language::Language;
use crate::text::Texts;

/// A chart on a page, in the shape that fits.
#[derive(Serialize)]
pub struct PageFigure {
    wide: Value,
    column: Value,
    /// The id of the table with the same figures, when there is one.
    table: Option<String>,
    /// What the chart says, below it.
    sentences: Vec<String>,
}

impl PageFigure {
    /// The figure of a chart.
    pub fn of(chart: &Chart, table: Option<String>, sentences: Vec<String>) -> PageFigure {
        // Our own SVG, every text in it escaped.
        let svg = |picture: &Picture| Value::from_safe_string(picture.svg.clone());
        PageFigure { wide: svg(&chart.wide), column: svg(&chart.column), table, sentences }
    }
}

const TEMPLATES: [(&str, &str); 4] = [
    ("report.html", include_str!("templates/report.html.jinja")),
    ("unit.html", include_str!("templates/unit.html.jinja")),
    ("macros.jinja", include_str!("templates/macros.jinja")),
    ("page.css", include_str!("templates/page.css")),
];

/// Renders a page from its template.
pub fn render(template: &str, page: &impl Serialize, language: Language) -> Vec<u8> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let mut syntax = SyntaxConfig::builder();
    environment.set_syntax(syntax.trim_blocks(true).lstrip_blocks(true).build().expect("the usual syntax"));
    environment.add_function("t", move |key: &str| Texts::of(language).get(key).to_owned());
    for (name, source) in TEMPLATES {
        environment.add_template(name, source).expect("a test renders every template");
    }
    let template = environment.get_template(template).expect("it was just added");
    template.render(Value::from(Serde(page))).expect("a test renders every template").into_bytes()
}
