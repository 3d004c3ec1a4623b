// Writes small exports that stress the charts, one folder each: node exports.mjs FOLDER

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const DAY = 24 * 60 * 60 * 1000;
const TERTIALS = ["2023-05-02", "2023-09-01", "2024-01-02", "2024-05-02"];
const QUARTERS = ["2023-01-02", "2023-04-03", "2023-07-03", "2023-10-02", "2024-01-02", "2024-04-02", "2024-07-01"];

/** The date so many days after another, both as YYYY-MM-DD. */
function daysAfter(date, days) {
  return new Date(Date.parse(date) + days * DAY).toISOString().slice(0, 10);
}

/** A case that is closed on a day after so many days. */
function closed(end, days, unit = "Norr") {
  return { start: daysAfter(end, -days), end, unit };
}

/** A case that is still open. */
function open(start) {
  return { start, end: "", unit: "Norr" };
}

/** The same case so many times. */
function times(count, one) {
  return Array.from({ length: count }, () => one);
}

/** So many cases closed in the days after each first day, each after the days that `days` gives it. */
function inEvery(firsts, count, days) {
  return firsts.flatMap((first, index) =>
    Array.from({ length: count }, (_, number) => closed(daysAfter(first, number), days(number, index))),
  );
}

/** One case closed in each of the 60 months up to and with August 2024; every third is late. */
function oneCaseAMonth() {
  return Array.from({ length: 60 }, (_, month) => {
    const end = new Date(Date.UTC(2019, 8 + month, 15)).toISOString().slice(0, 10);
    return closed(end, month % 3 === 0 ? 150 : 90);
  });
}

/** So many late, one past 120 days and not past four months, the others in time: 100 cases. */
function oneBetweenMethods(late) {
  return inEvery(TERTIALS, 100, (number) => (number < late ? 140 : number === 90 ? 121 : 80));
}

const LONG_WORD = "ungdomsutredningssamordningsriktlinjer";
const LONG_UNIT =
  "Enheten för barn, unga och familj i de norra och östra stadsdelarna samt skärgårdskommundelarna, mottagning 2";

function longNames() {
  const units = ["Norr", LONG_UNIT, "Barnochungdomsutredningsenhetssamordningsfunktionen"];
  return inEvery(TERTIALS, 90, (number) => 100 + (number % 60)).map((one, number) => ({
    ...one,
    unit: units[number % units.length],
  }));
}

// The id is one that the page uses itself.
const LONG_RULES = `
[[rule]]
id        = "summary"
name      = { sv = "Utredningar om särskilt stöd till barn och unga enligt kommunens barn- och ${LONG_WORD} <A & B>", en = "Investigations of support to children and young persons under the guidelines of the municipality" }
start     = { sv = "utredning inledd enligt ${LONG_WORD}", en = "investigation opened" }
end       = { sv = "utredning avslutad", en = "investigation closed" }
basis     = "local-target"
method    = "4 months"
reference = "120 days"
roll      = "none"
cohort    = "closed"

[[rule.law]]
citation = { sv = "Socialnämndens barn- och ${LONG_WORD}, beslutade 2020-01-01, 4 kap. 2 § tredje stycket", en = "guidelines of the social services committee, chapter 4, section 2" }
verified = true
`;

const LONG_PROJECT = `
organisation = "Socialnämndens arbetsutskott för individ- och familjeomsorg och ${LONG_WORD} i Exempelkommunen"
rulebook     = "rules.toml"

[[source]]
control = "summary"
files   = ["cases.csv"]
columns = { case_id = "Ärendenr", start = "Utredning inledd", end = "Utredning avslutad", group = "Enhet" }

[[control]]
id     = "summary"
target = 0.05
`;

/** A project file with the target of child investigations. */
function target(share) {
  return `
[[control]]
id     = "child-investigation"
target = ${share}
`;
}

/** A project file with figures of earlier reports: shares by period. */
function published(shares) {
  const figures = Object.entries(shares).map(
    ([period, share]) => `
[[reported]]
control = "child-investigation"
period  = "${period}"
share   = ${share.toFixed(2)}
method  = "120 days"
source  = "Internkontrollrapport"
`,
  );
  return figures.join("");
}

/** A list of so many risks of one value, on the scale of the plan. */
function risks(count) {
  const rows = Array.from({ length: count }, (_, number) => `${number + 1};Ekonomi;Risk att ett avtal inte följs;4;5;Ja`);
  return ["Nr;Område;Risk;Sannolikhet;Konsekvens;Följer plan", ...rows, ""].join("\n");
}

/** Cases by the name of the export. */
const EXPORTS = {
  "single-case": [closed("2024-06-03", 60)],
  "none-closed-in-period": [...times(5, closed("2023-10-02", 130)), ...times(3, open("2024-05-20"))],
  "none-closed-ever": times(4, open("2024-03-01")),
  "always-in-time": inEvery(TERTIALS, 40, () => 60),
  "always-late": inEvery(TERTIALS, 40, () => 150),
  "in-time-and-late-by-turns": inEvery(TERTIALS, 40, (_, tertial) => (tertial % 2 === 0 ? 60 : 150)),
  "sixty-months": oneCaseAMonth(),
  "long-names": longNames(),
  "shares-nearly-equal": oneBetweenMethods(25),
  "shares-nearly-zero": oneBetweenMethods(0),
  "late-by-hundreds-of-days": inEvery(TERTIALS, 30, (number) => 500 + 20 * number),
  "quarters-target-at-interval": inEvery(QUARTERS, 50, (number) => (number < 10 ? 150 : 60)),
  "quarters-earlier-reports": inEvery(QUARTERS, 50, (number) => (number < 10 ? 150 : 60)),
  "many-risks-of-one-value": inEvery(TERTIALS, 40, () => 60),
};

/** Further files of an export: name and content. */
const FILES = {
  "long-names": { "frist.toml": LONG_PROJECT, "rules.toml": LONG_RULES },
  "many-risks-of-one-value": { "internal-control.toml": "[risks]\nscale = 5\n", "risks.csv": risks(60) },
  // 10 of 50 cases: 11.2 to 33.0 %.
  "quarters-target-at-interval": { "frist.toml": target(0.33) },
  "quarters-earlier-reports": {
    "frist.toml": published({
      "2021-Q3": 0,
      "2021-Q4": 0,
      "2022-Q1": 0.2,
      "2022-Q2": 0.2,
      "2022-Q3": 1,
      "2022-Q4": 0.2,
    }),
  },
};

function csv(cases) {
  const rows = cases.map((one, number) => `B-${number + 1};${one.start};${one.end};${one.unit}`);
  return ["Ärendenr;Utredning inledd;Utredning avslutad;Enhet", ...rows, ""].join("\n");
}

const folder = process.argv[2];
for (const [name, cases] of Object.entries(EXPORTS)) {
  mkdirSync(join(folder, name), { recursive: true });
  const files = { "cases.csv": csv(cases), ...FILES[name] };
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, name, file), text);
}
