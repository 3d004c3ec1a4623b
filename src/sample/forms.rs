//! Forms: how the export of each control looks.

/// How a control's export looks.
pub struct Form {
    /// The control.
    pub control: &'static str,
    /// Begin of the file name.
    pub stem: &'static str,
    /// Begin of case numbers.
    pub prefix: &'static str,
    /// Heading of the starts.
    pub start: &'static str,
    /// Heading of the ends.
    pub end: &'static str,
    /// Names of units.
    pub units: &'static [&'static str],
    /// The export has columns for extensions.
    pub extensions: bool,
    /// Starts and ends have a time of day.
    pub times: bool,
    /// Files of the small set end and begin at this day.
    pub split: Option<&'static str>,
}

pub const FORMS: [Form; 5] = [
    Form {
        control: "child-investigation",
        stem: "utredningar",
        prefix: "BU",
        start: "Utredning inledd",
        end: "Utredning avslutad",
        units: &["Barn norr", "Barn söder", "Ungdom", "Våld i nära relation"],
        extensions: true,
        times: false,
        split: Some("2024-01-01"),
    },
    Form {
        control: "preliminary-assessment",
        stem: "forhandsbedomningar",
        prefix: "FB",
        start: "Anmälan inkom",
        end: "Förhandsbedömning klar",
        units: &["Mottagning barn", "Mottagning ungdom"],
        extensions: false,
        times: false,
        split: None,
    },
    Form {
        control: "cooperation-talks",
        stem: "samarbetssamtal",
        prefix: "SS",
        start: "Begäran inkom",
        end: "Erbjuden tid",
        units: &["Familjerätten"],
        extensions: false,
        times: false,
        split: None,
    },
    Form {
        control: "safety-assessment",
        stem: "skyddsbedomningar",
        prefix: "SB",
        start: "Inkom datum och tid",
        end: "Skyddsbedömning gjord",
        units: &["Mottagning barn", "Mottagning ungdom", "Socialjouren"],
        extensions: false,
        times: true,
        split: None,
    },
    Form {
        control: "unenforced-decision",
        stem: "beslut",
        prefix: "BE",
        start: "Beslutsdatum",
        end: "Verkställighetsdatum",
        units: &["Barn norr", "Barn söder", "Vuxen", "Äldre"],
        extensions: false,
        times: false,
        split: None,
    },
];
