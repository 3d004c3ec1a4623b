// Looks at report folders in headless Chromium: node check.mjs FOLDER, which holds reports-* and node_modules.
//
// Page: WCAG 2.2 A and AA and axe's best practice, valid HTML, no network, no console error, no sideways
// scrolling at 320 px. Charts: role, title and description, and no text on another or outside the picture.

import { accessSync, constants, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, delimiter, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const work = resolve(process.argv[2]);
const require = createRequire(join(work, "package.json"));
const { chromium } = require("playwright-core");
const { HtmlValidate } = require("html-validate");
const axeSource = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const WIDE = { width: 1280, height: 900 };
const NARROW = { width: 320, height: 640 };
const PICTURE = { width: 960, height: 540 };
const AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
// The standard preset as it is; a rule that is set otherwise stands here with its reason.
const HTML_RULES = {};
/** Text may lie on text, or outside the picture, by so many CSS pixels: browsers round. */
const TOLERANCE = 0.5;

const faults = [];

function oneLine(text) {
  return text.replace(/\s+/g, " ").trim();
}

function fault(file, what, where) {
  faults.push(`${file}: ${what}: ${where}`);
}

/** Chromium's path, or the usual one when it is not on the PATH. */
function chromiumPath() {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.map((folder) => join(folder, "chromium")).find(isExecutable) ?? "/usr/bin/chromium";
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function launch() {
  return chromium.launch({
    executablePath: chromiumPath(),
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** Opens a page of its own with these settings, lets `look` see it, and closes it. */
async function withPage(browser, settings, look) {
  const page = await browser.newPage(settings);
  try {
    return await look(page);
  } finally {
    await page.close();
  }
}

function address(path) {
  return pathToFileURL(path).href;
}

// The page

const html = new HtmlValidate({ root: true, extends: ["html-validate:standard"], rules: HTML_RULES });

async function checkHtml(path, file) {
  const report = await html.validateFile(path);
  for (const message of report.results.flatMap((result) => result.messages)) {
    fault(file, `html ${message.ruleId}: ${message.message}`, `line ${message.line}, ${message.selector}`);
  }
}

/** With the page's own content security policy in force. */
async function checkQuiet(page, path, file) {
  const requests = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) fault(file, "console", message.text());
  });
  page.on("pageerror", (error) => fault(file, "script error", error.message));
  await page.goto(address(path), { waitUntil: "networkidle" });
  for (const url of requests.slice(1)) fault(file, "network request", url);
}

async function checkAccessibility(page, path, file) {
  await page.goto(address(path));
  await page.evaluate(axeSource);
  for (const viewport of [WIDE, NARROW]) {
    for (const colorScheme of ["light", "dark"]) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme });
      for (const { id, where } of await violations(page)) {
        fault(file, `axe ${id} at ${viewport.width} px, ${colorScheme}`, where);
      }
    }
  }
}

/** What axe finds on the page: rule and element. */
async function violations(page) {
  const found = await page.evaluate(async (tags) => {
    const options = { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] };
    return (await window.axe.run(document, options)).violations;
  }, AXE_TAGS);
  return found.flatMap((rule) =>
    rule.nodes.map((node) => ({ id: rule.id, where: `${node.target.join(" ")} (${oneLine(node.failureSummary)})` })),
  );
}

async function checkReflow(page, path, file) {
  await page.goto(address(path));
  const width = await page.evaluate(() => document.scrollingElement.scrollWidth);
  if (width > NARROW.width) {
    const wide = await page.evaluate(tooWide);
    fault(file, `the page is ${width} px wide at ${NARROW.width} px`, wide.map(oneLine).join(", "));
  }
  for (const table of await page.evaluate(tablesThatStickOut)) {
    fault(file, `the table does not scroll in a region of its own at ${NARROW.width} px`, table);
  }
}

/** Runs in the page: the innermost elements that their content sticks out of, without what scrolls by itself. */
function tooWide() {
  const wide = [...document.querySelectorAll("main *, body > :not(main) *")].filter(
    (element) =>
      !element.closest("svg, [role=region]") && element.clientWidth > 0 && element.scrollWidth > element.clientWidth,
  );
  const innermost = wide.filter((element) => !wide.some((other) => other !== element && element.contains(other)));
  return innermost.map((element) => `<${element.localName}> "${element.textContent.slice(0, 60)}…"`);
}

/** Runs in the page: the ids of tables without a scrolling region that fits the page. */
function tablesThatStickOut() {
  const fits = (region) =>
    region !== null &&
    ["auto", "scroll"].includes(getComputedStyle(region).overflowX) &&
    region.getBoundingClientRect().right <= document.documentElement.clientWidth;
  const tables = [...document.querySelectorAll("table")];
  return tables.filter((table) => !fits(table.closest("[role=region]"))).map((table) => `#${table.id}`);
}

async function checkPage(browser, folder) {
  const path = join(folder, "report.html");
  const file = join(basename(folder), "report.html");
  await checkHtml(path, file);
  await withPage(browser, { viewport: WIDE }, (page) => checkQuiet(page, path, file));
  await withPage(browser, { bypassCSP: true }, (page) => checkAccessibility(page, path, file));
  await withPage(browser, { viewport: NARROW }, (page) => checkReflow(page, path, file));
}

// The charts

async function checkChart(page, path, file) {
  await page.goto(address(path));
  const chart = await page.evaluate(readChart);
  for (const part of chart.missing) fault(file, "the svg element lacks", part);
  checkTexts(file, chart);
}

/** Runs in the picture: what it lacks for those who do not see it, its box and those of its texts. */
function readChart() {
  const box = (element) => {
    const { left, top, right, bottom } = element.getBoundingClientRect();
    return { text: element.textContent.trim(), left, top, right, bottom };
  };
  const svg = document.documentElement;
  const described = (name) => [...svg.children].some((child) => child.localName === name && child.textContent.trim());
  const missing = ["title", "desc"].filter((name) => !described(name));
  if (svg.getAttribute("role") !== "img") missing.push("role=img");
  if (!svg.hasAttribute("viewBox")) missing.push("viewBox");
  return { missing, picture: box(svg), texts: [...svg.querySelectorAll("text")].map(box) };
}

function checkTexts(file, { picture, texts }) {
  if (texts.length === 0) fault(file, "no text", "svg");
  texts.forEach((one, index) => {
    if (!isInside(one, picture)) fault(file, "text outside the picture", told(one));
    for (const other of texts.slice(index + 1)) {
      if (overlap(one, other)) fault(file, "texts overlap", `${told(one)} and ${told(other)}`);
    }
  });
}

function isInside(box, picture) {
  return (
    box.left >= picture.left - TOLERANCE &&
    box.top >= picture.top - TOLERANCE &&
    box.right <= picture.right + TOLERANCE &&
    box.bottom <= picture.bottom + TOLERANCE
  );
}

function overlap(one, other) {
  const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
  const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
  return across > TOLERANCE && down > TOLERANCE;
}

function told({ text, left, top, right, bottom }) {
  const [x1, y1, x2, y2] = [left, top, right, bottom].map((edge) => edge.toFixed(1));
  return `"${text}" (${x1}, ${y1})–(${x2}, ${y2})`;
}

/** Gives the number of charts. */
async function checkCharts(browser, folder) {
  const charts = join(folder, "charts");
  const names = readdirSync(charts).filter((name) => name.endsWith(".svg"));
  await withPage(browser, { viewport: PICTURE }, async (page) => {
    for (const name of names) await checkChart(page, join(charts, name), join(basename(folder), "charts", name));
  });
  return names.length;
}

async function checkFolder(browser, folder) {
  await checkPage(browser, folder);
  return checkCharts(browser, folder);
}

const folders = readdirSync(work).filter((name) => name.startsWith("reports-"));
const browser = await launch();
let charts = 0;
try {
  for (const folder of folders) charts += await checkFolder(browser, join(work, folder));
} finally {
  await browser.close();
}
if (charts === 0) fault(basename(work), "no charts", "reports-*");
for (const line of faults) console.log(line);
console.log(`browser: ${folders.length} pages and ${charts} charts checked, ${faults.length} faults`);
process.exitCode = faults.length === 0 ? 0 : 1;
