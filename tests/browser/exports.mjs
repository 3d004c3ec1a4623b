// Writes small exports that stress the charts, one folder each: node exports.mjs FOLDER

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const DAY = 24 * 60 * 60 * 1000;
const TERTIALS = ["2023-05-02", "2023-09-01", "2024-01-02", "2024-05-02"];

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

/** So many cases in every tertial, each closed after the days that `days` gives it. */
function inEveryTertial(count, days) {
  return TERTIALS.flatMap((first, tertial) =>
    Array.from({ length: count }, (_, number) => closed(daysAfter(first, number % 100), days(number, tertial))),
  );
}

/** One case closed in each of the 60 months up to and with August 2024; every third is late. */
function oneCaseAMonth() {
  return Array.from({ length: 60 }, (_, month) => {
    const end = new Date(Date.UTC(2019, 8 + month, 15)).toISOString().slice(0, 10);
    return closed(end, month % 3 === 0 ? 150 : 90);
  });
}

/** Shares of 25.0 and 25.5 %: one case of 200 is past 120 days and not past four months. */
function sharesNearlyEqual() {
  return inEveryTertial(200, (number) => (number < 50 ? 140 : number === 50 ? 121 : 80));
}

/** Shares of 0.0 and 0.5 %, both at the lower axis. */
function sharesNearlyZero() {
  return inEveryTertial(200, (number) => (number === 50 ? 121 : 80));
}

const LONG_UNIT =
  "Enheten för barn, unga och familj i de norra och östra stadsdelarna samt skärgårdskommundelarna, mottagning 2";

function longNames() {
  const units = ["Norr", LONG_UNIT, "Barnochungdomsutredningsenhetssamordningsfunktionen"];
  return inEveryTertial(90, (number) => 100 + (number % 60)).map((one, number) => ({
    ...one,
    unit: units[number % units.length],
  }));
}

// The id is one that the page uses itself.
const LONG_RULES = `
[[rule]]
id        = "summary"
name      = { sv = "Utredningar om särskilt stöd till barn och unga enligt kommunens barn- och ungdomsutredningssamordningsriktlinjer <A & B>", en = "Investigations of particular support to children and young persons under the guidelines of the municipality" }
start     = { sv = "utredning inledd", en = "investigation opened" }
end       = { sv = "utredning avslutad", en = "investigation closed" }
basis     = "local-target"
method    = "4 months"
reference = "120 days"
roll      = "none"
cohort    = "closed"

[[rule.law]]
citation = { sv = "Socialnämndens riktlinjer för utredning av barns och ungas behov av särskilt stöd, beslutade 2020-01-01, 4 kap. 2 § tredje stycket", en = "guidelines of the social services committee, chapter 4, section 2" }
verified = true
`;

const LONG_PROJECT = `
organisation = "Socialnämndens arbetsutskott för individ- och familjeomsorg i Exempelkommunens norra och östra kommundelar"
rulebook     = "rules.toml"

[[source]]
control = "summary"
files   = ["cases.csv"]
columns = { case_id = "Ärendenr", start = "Utredning inledd", end = "Utredning avslutad", group = "Enhet" }

[[control]]
id     = "summary"
target = 0.05
`;

/** Cases by the name of the export. */
const EXPORTS = {
  "single-case": [closed("2024-06-03", 60)],
  "none-closed-in-period": [...times(5, closed("2023-10-02", 130)), ...times(3, open("2024-05-20"))],
  "none-closed-ever": times(4, open("2024-03-01")),
  "always-in-time": inEveryTertial(40, () => 60),
  "always-late": inEveryTertial(40, () => 150),
  "in-time-and-late-by-turns": inEveryTertial(40, (_, tertial) => (tertial % 2 === 0 ? 60 : 150)),
  "sixty-months": oneCaseAMonth(),
  "long-names": longNames(),
  "shares-nearly-equal": sharesNearlyEqual(),
  "shares-nearly-zero": sharesNearlyZero(),
  "late-by-hundreds-of-days": inEveryTertial(30, (number) => 500 + 20 * number),
};

function csv(cases) {
  const rows = cases.map((one, number) => `B-${number + 1};${one.start};${one.end};${one.unit}`);
  return ["Ärendenr;Utredning inledd;Utredning avslutad;Enhet", ...rows, ""].join("\n");
}

function writeExport(folder, cases) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "cases.csv"), csv(cases));
}

const target = process.argv[2];
for (const [name, cases] of Object.entries(EXPORTS)) {
  writeExport(join(target, name), cases);
}
writeFileSync(join(target, "long-names", "rules.toml"), LONG_RULES);
writeFileSync(join(target, "long-names", "frist.toml"), LONG_PROJECT);
