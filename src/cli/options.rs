//! Options that several commands share: each command has those that mean something to it.

use std::fmt;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};

use crate::date::Day;
use crate::encoding::Encoding;
use crate::error::Error;
use crate::ingest::Input;
use crate::language::Language;
use crate::period::{Period, PeriodKind};
use crate::project::{Asked, CsvStyle, PictureFile, Settings};
use crate::rulebook::{Clock, Rulebook};
use crate::text::{Texts, fill};

/// Where an option stands that every command has: before `--help`.
const LAST: usize = 998;

/// What every command has.
#[derive(Args)]
pub struct Global {
    /// Language of reports, messages and help
    #[arg(long, global = true, value_name = "LANG", value_parser = languages(), display_order = LAST)]
    pub lang: Option<Language>,
}

impl Global {
    /// The language of a command that reads no project file.
    pub fn texts(&self) -> &'static Texts {
        Texts::of(self.lang.unwrap_or_default())
    }
}

/// A rulebook of one's own.
#[derive(Args)]
pub struct OwnRules {
    /// A rulebook whose rules override or extend the built-in ones and the project's
    #[arg(long, value_name = "FILE")]
    pub rulebook: Option<PathBuf>,
}

impl OwnRules {
    /// The same with a path that a manifest recorded, below the folder that holds the inputs.
    pub fn inside(self, folder: &Path) -> OwnRules {
        OwnRules { rulebook: self.rulebook.map(|path| folder.join(path)) }
    }

    /// The rulebook of a command without a project file.
    pub fn read(&self) -> Result<Rulebook, Error> {
        let mut input = Input::default();
        input.settings.put(Asked { rulebook: self.rulebook.clone(), ..Asked::default() });
        input.rulebook()
    }
}

/// By which law, as of which day.
#[derive(Args)]
pub struct Law {
    /// The day that the data describes; later events do not count
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub as_of: Option<Day>,
    #[command(flatten)]
    pub own: OwnRules,
}

impl Law {
    /// What it says in place of the project file, beside what the command has to say.
    pub fn asked(&self, global: &Global, of_command: Asked) -> Asked {
        let rulebook = self.own.rulebook.clone();
        Asked { as_of: self.as_of, rulebook, language: global.lang, ..of_command }
    }
}

/// How many threads work.
#[derive(Args)]
pub struct Threads {
    /// Worker threads [default: one per processor]
    #[arg(long, value_name = "N", value_parser = whole::<usize>(1..=256))]
    pub threads: Option<usize>,
}

impl Threads {
    /// How many they are in a command that goes by no project file.
    pub fn count(&self) -> usize {
        self.threads.unwrap_or_else(|| Settings::default().threads.0)
    }
}

/// How exports are read and judged.
#[derive(Args)]
pub struct Reading {
    #[command(flatten)]
    pub law: Law,
    /// Encoding of text exports [default: detected in each file]
    #[arg(long, value_name = "ENCODING", value_parser = encodings(), ignore_case = true)]
    pub encoding: Option<Encoding>,
    #[command(flatten)]
    pub threads: Threads,
}

impl Reading {
    /// As [`OwnRules::inside`].
    pub fn inside(self, folder: &Path) -> Reading {
        Reading { law: Law { own: self.law.own.inside(folder), ..self.law }, ..self }
    }

    /// As [`Law::asked`].
    pub fn asked(&self, global: &Global, of_command: Asked) -> Asked {
        let threads = self.threads.threads;
        self.law.asked(global, Asked { encoding: self.encoding, threads, ..of_command })
    }
}

/// How CSV is written.
#[derive(Args)]
pub struct Csv {
    /// How CSV is written: standard, or excel-sv with semicolon, decimal comma and byte order mark [default: the
    /// project's, or standard]
    #[arg(long, value_name = "STYLE", value_parser = one_of(CsvStyle::ALL.map(|style| (style.id(), style))))]
    pub csv: Option<CsvStyle>,
}

/// How tables are printed.
#[derive(Args)]
pub struct Printed {
    /// How tables are printed: for people, or for programs as JSON or CSV
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
    #[command(flatten)]
    pub style: Csv,
}

impl Printed {
    /// How a command without exports prints its tables.
    pub fn printing(&self, global: &Global) -> Printing {
        let (csv, language) = (self.style.csv.unwrap_or_default(), global.lang.unwrap_or_default());
        Printing { format: self.format, csv, language }
    }

    /// What it says in place of the project file.
    pub fn asked(&self) -> Asked {
        Asked { csv: self.style.csv, ..Asked::default() }
    }
}

/// How tables are printed, and in which language.
#[derive(Debug, Clone, Copy)]
pub struct Printing {
    pub format: Format,
    pub csv: CsvStyle,
    pub language: Language,
}

/// How tables are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// For machines: JSON.
    Json,
    /// For machines: comma separated values.
    Csv,
}

/// Why a value cannot be used: what it should have been.
#[derive(Debug, Clone, PartialEq)]
pub enum Unfit {
    /// A day.
    Day,
    /// A way to count, such as `4 months`.
    Clock,
    /// A period, such as `2024-T2`.
    Period,
    /// A number of per cent.
    Percent,
    /// A list of pictures.
    Pictures,
    /// A whole number, of these.
    Whole(RangeInclusive<u64>),
}

impl Unfit {
    /// What it should have been, in a sentence.
    pub fn sentence(&self, texts: &Texts) -> String {
        match self {
            Unfit::Day => texts.get("argument.day").to_owned(),
            Unfit::Clock => texts.get("argument.clock").to_owned(),
            Unfit::Period => texts.get("flaw.no-period").to_owned(),
            Unfit::Percent => texts.get("argument.percent").to_owned(),
            Unfit::Pictures => {
                fill!(texts, "argument.pictures", known = PictureFile::ALL.map(PictureFile::id).join(", "))
            }
            Unfit::Whole(range) if *range.end() == u64::MAX => texts.get("argument.any-whole").to_owned(),
            Unfit::Whole(range) => {
                fill!(texts, "argument.whole", least = range.start(), most = range.end())
            }
        }
    }
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence(Texts::of(Language::En)))
    }
}

impl std::error::Error for Unfit {}

fn day(text: &str) -> Result<Day, Unfit> {
    Day::parse_iso(text).ok_or(Unfit::Day)
}

/// A way to count.
pub fn clock(text: &str) -> Result<Clock, Unfit> {
    text.parse().map_err(|_| Unfit::Clock)
}

/// A period by its name.
pub fn period(text: &str) -> Result<Period, Unfit> {
    Period::parse(text).ok_or(Unfit::Period)
}

/// A whole number.
pub fn whole<T: TryFrom<u64>>(range: RangeInclusive<u64>) -> impl Fn(&str) -> Result<T, Unfit> + Clone {
    move |text| {
        let number = text.parse().ok().filter(|number| range.contains(number));
        number.and_then(|number| T::try_from(number).ok()).ok_or_else(|| Unfit::Whole(range.clone()))
    }
}

/// One of some values by their ids, which help and completions list.
pub fn one_of<T: Copy + Send + Sync + 'static, const N: usize>(
    all: [(&'static str, T); N],
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(all.map(|(id, _)| id)).map(move |given| {
        let found = all.iter().find(|(id, _)| id.eq_ignore_ascii_case(&given));
        found.expect("clap lets only these pass").1
    })
}

fn languages() -> impl TypedValueParser<Value = Language> {
    one_of([Language::Sv, Language::En].map(|language| (language.tag(), language)))
}

/// Lengths of periods.
pub fn periods() -> impl TypedValueParser<Value = PeriodKind> {
    one_of(PeriodKind::ALL.map(|kind| (kind.id(), kind)))
}

/// By the names that [`Encoding::named`] knows.
fn encodings() -> impl TypedValueParser<Value = Encoding> {
    const ISO: &str = "iso-8859-1";
    let known = Encoding::ALL.map(Encoding::id).into_iter().chain([ISO]);
    PossibleValuesParser::new(known).map(|given| Encoding::named(&given).expect("clap lets only these pass"))
}
