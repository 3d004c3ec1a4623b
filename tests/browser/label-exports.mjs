// Writes small exports for the test of labels, a project folder each: node label-exports.mjs FOLDER DEALT
//
// DEALT: how many folders are made by chance beside those that are named.
//
// Data that labels must find room beside: few and many periods, units and cases, shares that lie on each other,
// gaps, long names. The same at every run, from a fixed seed.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [out, DEALT] = [process.argv[2], Number(process.argv[3])];
const SEED = 20240831;
/** Rows of a folder's exports together; the export of a name in LARGE has more. */
const MOST_ROWS = 2400;

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;

/** How a control's exports are written and how long its clock is; `due`: its cases count when they are due. */
const CONTROLS = {
  "child-investigation": { start: "Utredning inledd", end: "Utredning avslutad", months: 4, usual: 40 },
  "preliminary-assessment": { start: "Anmälan inkom", end: "Förhandsbedömning klar", days: 14, usual: 10 },
  "cooperation-talks": { start: "Begäran inkom", end: "Erbjuden tid", days: 14, usual: 12 },
  "safety-assessment": { start: "Inkom datum och tid", end: "Skyddsbedömning gjord", hours: 24, usual: 20 },
  "unenforced-decision": { start: "Beslutsdatum", end: "Verkställighetsdatum", months: 3, usual: 50, due: true },
  "long-rule": { start: "Startdatum", end: "Slutdatum", days: 30, usual: 20 },
};
const ALL_CONTROLS = Object.keys(CONTROLS).slice(0, 5);
/** The method that earlier reports counted by. */
const METHODS = {
  "child-investigation": "120 days",
  "safety-assessment": "next day",
  "unenforced-decision": "90 days",
};

const LONG_UNITS = [
  "Mottagningsgruppen för ensamkommande barn och unga i Skärholmen-Älvsjö",
  "Enheten för barn, unga och familj i de norra och östra stadsdelarna samt skärgårdskommundelarna",
  "Barnochungdomsutredningsenhetssamordningsfunktionen",
  "Utredningsgrupp 2 & 3 <barn under 13 år>, Hägersten-Liljeholmen",
  "Socialjouren, kvällar, nätter och helger, gemensam för Åre, Östersund och Härjedalen",
  "Familjerättsenheten för Danderyd, Lidingö, Täby, Vallentuna, Vaxholm och Österåker",
  "Vuxenenheten – missbruk, våld i nära relationer och hedersrelaterat förtryck",
  "Enheten för stöd och service enligt LSS till barn och unga med funktionsnedsättning",
];
const SHORT_UNITS = ["N", "S", "Ö", "V", "1", "IFO", "Barn", "Ungdom"];

const REASONS = [
  "Ny rutin för förhandsbedömningar efter omorganisationen av socialförvaltningens myndighetsutövning",
  "Verksamhetssystemet byttes och äldre ärenden fördes över för hand",
  "Utredningsgrupperna slogs ihop och barnochungdomsutredningssamordnarfunktionen infördes i alla stadsdelar",
];

const LONG_RULE = `
[[rule]]
id        = "long-rule"
name      = { sv = "Utredningar om särskilt stöd till barn och unga enligt kommunens barn- och ungdomsutredningssamordningsriktlinjer <A & B>", en = "Investigations of support to children and young persons under the guidelines of the municipality" }
start     = { sv = "utredning inledd", en = "investigation opened" }
end       = { sv = "utredning avslutad", en = "investigation closed" }
basis     = "local-target"
method    = "30 days"
reference = "1 month"
roll      = "none"
cohort    = "closed"

[[rule.law]]
citation = { sv = "Socialnämndens riktlinjer, 4 kap. 2 §", en = "guidelines of the social services committee, chapter 4, section 2" }
verified = true
`;

// Chance

let state = SEED;

/** A number from 0 up to 1 (mulberry32). */
function chance() {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
}

/** A whole number, both ends included. */
function between(low, high) {
  return low + Math.floor(chance() * (high - low + 1));
}

function shuffled(list) {
  const keys = list.map((value) => [chance(), value]);
  return keys.sort(([one], [other]) => one - other).map(([, value]) => value);
}

/** Deals from a deck that is shuffled anew when it is empty: each value comes as often as the others. */
function dealer(values) {
  let deck = [];
  return () => {
    if (deck.length === 0) deck = shuffled(values);
    return deck.pop();
  };
}

// Days and months; a month is counted from January of year 0

function monthOf(day) {
  const [year, month] = day.split("-").map(Number);
  return year * 12 + month - 1;
}

function monthName(month) {
  return `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, "0")}`;
}

function momentIn(month, day) {
  return Date.UTC(Math.floor(month / 12), month % 12, day);
}

function monthsBefore(moment, months) {
  const date = new Date(moment);
  return momentIn(date.getUTCFullYear() * 12 + date.getUTCMonth() - months, date.getUTCDate());
}

function written(moment, withTime) {
  const text = new Date(moment).toISOString();
  return withTime ? text.slice(0, 16).replace("T", " ") : text.slice(0, 10);
}

const PERIODS = {
  month: [1, (year, number) => `${year}-${String(number).padStart(2, "0")}`],
  quarter: [3, (year, number) => `${year}-Q${number}`],
  tertial: [4, (year, number) => `${year}-T${number}`],
  "half-year": [6, (year, number) => `${year}-H${number}`],
  year: [12, (year) => `${year}`],
};

/** The name of the period so many periods before the one that holds the month. */
function periodBefore(kind, month, before) {
  const [length, name] = PERIODS[kind];
  const index = Math.floor(month / length) - before;
  const perYear = 12 / length;
  return name(Math.floor(index / perYear), (index % perYear) + 1);
}

// What a folder may be like

// Every function of a month is given `index` of `count`.

/** The share of late cases in a month. */
const SHARES = {
  none: () => 0,
  all: () => 1,
  near: (index) => 0.25 + 0.01 * (index % 2),
  random: () => chance(),
  rising: (index, count) => 0.05 + (0.9 * index) / count,
  falling: (index, count) => 0.95 - (0.9 * index) / count,
  turns: (index) => index % 2,
  rare: () => 0.01,
  half: () => 0.5,
};

/** Cases in a month, before the cap on rows. */
const VOLUMES = {
  one: () => 1,
  few: () => between(2, 6),
  usual: () => between(15, 40),
  uneven: (index) => (index % 4 === 0 ? 80 : 3),
  burst: (index, count) => (index === count >> 1 ? 900 : 4),
};

/** Whether a month has cases at all. */
const GAPS = {
  none: () => true,
  thirds: (index) => index % 3 !== 1,
  middle: (index, count) => index < Math.min(3, count / 4) || index >= count - Math.min(3, count / 4),
};

/** How far from the due date in-time and late cases end, in the clock's unit. */
const MARGINS = {
  usual: (late, usual) => (late ? between(1, usual) : chance() < 0.1 ? 0 : -between(0, usual)),
  "on-the-day": (late) => (late ? 1 : 0),
  years: (late, usual) => (late ? between(1, 900) : -between(0, usual * 3)),
};

const UNITS = {
  none: [],
  one: LONG_UNITS.slice(0, 1),
  two: ["Norr", "Söder"],
  short: SHORT_UNITS,
  "three-long": LONG_UNITS.slice(0, 3),
  "eight-long": LONG_UNITS,
};
const THIRTY_UNITS = Array.from({ length: 30 }, (_, number) => `${LONG_UNITS[number % 8]} ${number + 1}`);

const ORDINARY = {
  controls: ["child-investigation"],
  asOf: "2024-08-31",
  period: "tertial",
  months: 36,
  /** Months from the last one with cases to the as-of date. */
  quiet: 0,
  units: UNITS.short,
  unitOf: (units, number) => units[number % units.length],
  share: "random",
  volume: "usual",
  gaps: "none",
  margins: "usual",
  /** Open cases, and the months before the as-of date in which they may have started. */
  open: 6,
  openMonths: 6,
  target: null,
  published: 0,
  chart: null,
  signals: null,
  trendPeriod: null,
  /** Months of the data that begin anew, from 0. */
  rebases: [],
  /** Months of the data that are noted, from 0. */
  notes: [],
  freeze: null,
  language: "sv",
};

/** What is told apart by name, because chance seldom deals it. */
const NAMED = {
  "single-case": { months: 1, volume: "one", units: UNITS.one, open: 0, target: 0.05 },
  "single-case-a-while-ago": { months: 1, quiet: 14, volume: "one", open: 0, period: "month" },
  "nothing-judged": { controls: ALL_CONTROLS, months: 0, open: 12, openMonths: 2, target: 0.3 },
  "one-open-case": { controls: ["preliminary-assessment"], months: 0, open: 1, openMonths: 1, language: "en" },
  "sixty-months-one-each": { months: 60, period: "month", volume: "one", share: "turns", target: 0 },
  "sixty-months-of-zero": { months: 60, period: "month", share: "none", target: 0, chart: "p" },
  "forty-months-at-a-target-of-one": { months: 40, period: "month", share: "all", volume: "few", target: 1 },
  "all-late": { controls: ["child-investigation", "safety-assessment"], share: "all", target: 1 },
  "ten-thousand-in-one": {
    controls: ["preliminary-assessment"],
    months: 1,
    period: "month",
    margins: "on-the-day",
    share: "rare",
  },
  "all-on-the-day": { controls: ALL_CONTROLS, margins: "on-the-day", share: "none", target: 0.05 },
  "years-apart": { controls: ["child-investigation", "unenforced-decision"], margins: "years", volume: "few" },
  "thirty-units": { units: THIRTY_UNITS, months: 24, volume: "usual", target: 0.05 },
  "thirty-units-alike": { units: THIRTY_UNITS, months: 12, share: "half", volume: "uneven", language: "en" },
  "units-alike": { units: UNITS["eight-long"], months: 12, share: "half", volume: "uneven", margins: "on-the-day" },
  "one-large-unit": {
    units: UNITS["eight-long"],
    unitOf: (units, number) => units[number < 8 ? number : 0],
    months: 4,
    volume: "uneven",
  },
  "long-gap": { months: 60, period: "quarter", gaps: "middle", target: 0.3 },
  "month-just-begun": { asOf: "2024-09-02", months: 3, period: "month", volume: "few", target: 0.3 },
  "three-rebases-in-a-row": { months: 36, period: "month", rebases: [16, 17, 18], share: "rising", target: 0.3 },
  "rebase-at-both-ends": { months: 24, rebases: [1, 22], chart: "xmr", share: "near" },
  "rebases-and-freezes": { months: 60, rebases: [15, 40], freeze: 12, signals: "health-service", share: "falling" },
  "notes-at-both-ends": { months: 60, rebases: [30], notes: [0, 1, 29, 30, 31, 58, 59], share: "falling" },
  "notes-where-deviations-are-few": { months: 60, notes: [0, 1, 28, 29, 30, 59], share: "rare", volume: "few" },
  "target-at-the-share": { months: 24, share: "near", volume: "uneven", target: 0.3, chart: "p" },
  "earlier-reports": { months: 12, published: 12, share: "random", target: 0.05 },
  "earlier-reports-by-month": { months: 3, period: "month", published: 20, share: "all", target: 1 },
  "trend-by-quarter": { months: 60, period: "year", trendPeriod: "quarter", share: "rising", target: 0.3 },
  "long-rule": { controls: ["long-rule"], units: UNITS["eight-long"], published: 2, target: 0.05, rebases: [20] },
  "long-rule-in-english": { controls: ["long-rule", "unenforced-decision"], months: 5, language: "en", target: 0.05 },
  "every-control": { controls: Object.keys(CONTROLS), units: UNITS["three-long"], months: 13, target: 0.05 },
  "shares-nearly-equal": { controls: ALL_CONTROLS, share: "near", volume: "usual", period: "year", months: 60 },
};
/** Cases in each month of a named export, in place of the usual ones. */
const LARGE = { "ten-thousand-in-one": 10_500 };

/** Folders with every trait dealt by itself. */
function dealt() {
  const traits = {
    asOf: dealer(["2024-08-31", "2024-09-12", "2025-12-31", "2024-02-29"]),
    period: dealer(Object.keys(PERIODS)),
    months: dealer([1, 2, 3, 5, 8, 12, 13, 24, 36, 60]),
    quiet: dealer([0, 0, 0, 1]),
    units: dealer(Object.values(UNITS)),
    share: dealer(Object.keys(SHARES)),
    volume: dealer(Object.keys(VOLUMES)),
    gaps: dealer(["none", "none", "none", "thirds", "middle"]),
    margins: dealer(["usual", "usual", "on-the-day", "years"]),
    open: dealer([0, 1, 8, 60]),
    target: dealer([null, 0, 0.05, 0.3, 1]),
    published: dealer([0, 0, 0, 1, 4]),
    chart: dealer([null, "p-prime", "p", "xmr"]),
    signals: dealer([null, "anhoej", "health-service"]),
    language: dealer(["sv", "sv", "sv", "en"]),
  };
  const controls = dealer(ALL_CONTROLS);
  const controlCount = dealer([1, 1, 2, 2, 3, 5]);
  const rebaseCount = dealer([0, 0, 1, 2, 3]);
  const noteCount = dealer([0, 0, 1, 3]);
  const adjacent = dealer([false, false, true]);
  const frozen = dealer([false, false, true]);
  return Array.from({ length: DEALT }, () => {
    const folder = Object.fromEntries(Object.entries(traits).map(([name, deal]) => [name, deal()]));
    const drawn = Array.from({ length: controlCount() }, controls);
    const rebases = rebaseMonths(rebaseCount(), folder.months, adjacent());
    const notes = rebaseMonths(noteCount(), folder.months, adjacent());
    const firstSegment = rebases[0] ?? folder.months;
    const freeze = frozen() && firstSegment > 2 ? between(1, firstSegment - 1) : null;
    return { ...ORDINARY, ...folder, controls: [...new Set(drawn)], rebases, notes, freeze };
  });
}

/** Months of the data, in order, where so many segments begin or notes stand; none at the first. */
function rebaseMonths(count, months, adjacent) {
  if (months < count + 2) return [];
  const first = between(1, months - count);
  if (adjacent) return Array.from({ length: count }, (_, number) => first + number);
  const all = Array.from({ length: months - 1 }, (_, month) => month + 1);
  return shuffled(all).slice(0, count).sort((one, other) => one - other);
}

// Cases

/** Start and end, as moments, of a case that ends, or is due, in a month so far from its due date. */
function caseIn(month, control, margin, lastMoment) {
  const { months, days, hours, due } = CONTROLS[control];
  const unit = hours ? HOUR : DAY;
  // Every month has 28 days, so that the clock never falls on a shorter month's last day.
  const day = momentIn(month, between(1, 28)) + (hours ? between(0, 24 * 60 - 1) * 60_000 : 0);
  const dueMoment = due ? day : day - margin * unit;
  const start = months ? monthsBefore(dueMoment, months) : dueMoment - (days ? days * DAY : hours * HOUR);
  const end = dueMoment + margin * unit;
  return { start: Math.min(start, end), end: end > lastMoment ? null : end };
}

function judgedCases(folder, control, large) {
  const { months, quiet } = folder;
  const last = monthOf(folder.asOf) - quiet;
  const most = Math.max(1, Math.floor(MOST_ROWS / folder.controls.length / Math.max(months, 1)));
  const lastMoment = Date.parse(folder.asOf) + DAY - 1;
  return Array.from({ length: months }, (_, index) => index).flatMap((index) => {
    if (!GAPS[folder.gaps](index, months)) return [];
    // A burst may have the rows of the months that have few.
    const cap = folder.volume === "burst" ? MOST_ROWS / folder.controls.length / 2 : most;
    const count = large ?? Math.min(VOLUMES[folder.volume](index, months), cap);
    const late = Math.floor(SHARES[folder.share](index, months) * count + chance());
    return Array.from({ length: count }, (_, number) => {
      const margin = MARGINS[folder.margins](number < late, CONTROLS[control].usual);
      return caseIn(last - months + 1 + index, control, margin, lastMoment);
    });
  });
}

function openCases({ asOf, open, openMonths }) {
  return Array.from({ length: open }, () => ({
    start: Math.max(Date.parse(asOf) - between(0, openMonths * 30) * DAY, Date.UTC(2014, 0, 1)),
    end: null,
  }));
}

function csv(folder, control, large) {
  const { start, end, hours } = CONTROLS[control];
  const cases = [...judgedCases(folder, control, large), ...openCases(folder)];
  const lastMoment = Date.parse(folder.asOf) + DAY - 1;
  const { units } = folder;
  const rows = cases.map((one, number) => {
    const cells = [
      `${control[0].toUpperCase()}-${number + 1}`,
      written(Math.min(one.start, lastMoment), hours),
      one.end === null ? "" : written(one.end, hours),
      ...(units.length ? [folder.unitOf(units, number)] : []),
    ];
    return cells.join(";");
  });
  const headings = ["Ärendenr", start, end, ...(units.length ? ["Enhet"] : [])].join(";");
  return [headings, ...rows, ""].join("\n");
}

// Project files

/** The end is named: where all cases end on the last day, frist asks whether the days are planned ones. */
function sources({ controls }) {
  return controls.map((control) => `
[[source]]
control = "${control}"
files   = ["${control}.csv"]
columns = { end = "${CONTROLS[control].end}" }
`);
}

function figures({ controls, period, asOf, months, published }) {
  const first = monthOf(asOf) - months;
  return controls.flatMap((control) => {
    const method = METHODS[control];
    if (!method) return [];
    return Array.from({ length: published }, (_, number) => {
      const share = [0, 1, 0.41][number] ?? Math.round(chance() * 100) / 100;
      const figure = number % 2 === 0 ? `share   = ${share}` : `cases      = 200\ndeviations = ${Math.round(200 * share)}`;
      return `
[[reported]]
control = "${control}"
period  = "${periodBefore(period, first, number + 1)}"
${figure}
method  = "${method}"
source  = "Internkontrollrapport"
`;
    });
  });
}

function settings({ controls, target, freeze, ...folder }) {
  const frozen = freeze === null || folder.noTrend ? "" : `freeze = "${monthName(firstMonth(folder) + freeze)}"\n`;
  const aimed = target === null ? "" : `target = ${target}\n`;
  if (!frozen && !aimed) return [];
  return controls.map((control) => `\n[[control]]\nid     = "${control}"\n${aimed}${frozen}`);
}

function firstMonth({ asOf, quiet, months }) {
  return monthOf(asOf) - quiet - months + 1;
}

function trend({ chart, signals, trendPeriod }) {
  const keys = Object.entries({ chart, signals, period: trendPeriod }).filter(([, value]) => value !== null);
  if (keys.length === 0) return [];
  return ["\n[trend]\n", ...keys.map(([key, value]) => `${key.padEnd(7)} = "${value}"\n`)];
}

/** Every second segment that is long enough is frozen half a year on. */
function rebases({ controls, rebases, freeze, ...folder }) {
  return controls.flatMap((control) =>
    rebases.map((month, number) => {
      const next = rebases[number + 1] ?? folder.months;
      const frozen = number % 2 === 0 && next - month > 6 && freeze !== null;
      return `
[[rebase]]
control = "${control}"
from    = "${monthName(firstMonth(folder) + month)}"
reason  = "${REASONS[number % REASONS.length]}"
${frozen ? `freeze  = "${monthName(firstMonth(folder) + month + 6)}"\n` : ""}`;
    }),
  );
}

function notes({ controls, notes, ...folder }) {
  return controls.flatMap((control) =>
    notes.map((month, number) => `
[[note]]
control = "${control}"
at      = "${monthName(firstMonth(folder) + month)}"
text    = "${REASONS[number % REASONS.length]}"
`),
  );
}

function projectFile(folder) {
  const rulebook = folder.controls.includes("long-rule") ? 'rulebook     = "rules.toml"\n' : "";
  const head = `organisation = "Exempelkommunen, socialnämnden"
as_of        = ${folder.asOf}
period       = "${folder.period}"
language     = "${folder.language}"
${rulebook}`;
  const parts = [...sources(folder), ...figures(folder), ...settings(folder)];
  parts.push(...trend(folder), ...rebases(folder), ...notes(folder));
  return head + parts.join("");
}

const named = Object.entries(NAMED).map(([name, traits]) => [name, { ...ORDINARY, ...traits }]);
const drawn = dealt().map((traits, index) => [`dealt-${String(index + 1).padStart(2, "0")}`, traits]);
for (const [name, traits] of [...named, ...drawn]) {
  const folder = traits;
  const path = join(out, name);
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, "frist.toml"), projectFile(folder));
  if (folder.controls.includes("long-rule")) writeFileSync(join(path, "rules.toml"), LONG_RULE);
  for (const control of folder.controls) {
    writeFileSync(join(path, `${control}.csv`), csv(folder, control, LARGE[name]));
  }
}
