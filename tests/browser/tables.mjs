// Sorting and filtering of the tables of a page, held against an own reading of their numbers.

/** What has been tried on all pages together: a check of nothing would find nothing. */
export const tablesTried = {
  columns: 0,
  thousands: 0,
  empty: 0,
  keyboards: 0,
  filters: 0,
  missing() {
    return ["columns", "thousands", "empty", "keyboards", "filters"].filter((what) => this[what] === 0);
  },
};

/** What is wrong with the tables of an open page whose folded tables are unfolded. */
export async function tableFaults(page) {
  const language = await page.evaluate(() => document.documentElement.lang);
  const tables = await page.evaluate(clickThrough);
  const found = tables.flatMap((table) => table.columns.flatMap((column) => columnFaults(table, column, language)));
  return [...found, ...(await keyboardFaults(page)), ...(await filterFaults(page))];
}

/** Runs in the page: the rows of every table that sorts, before and after each heading is clicked once and twice. */
function clickThrough() {
  const cellsOf = (row) => [...row.cells].map((cell) => cell.textContent.trim());
  const rowsOf = (table) => [...table.tBodies[0].rows].map(cellsOf);
  const sortable = [...document.querySelectorAll("main table")].filter((table) => table.querySelector("th button"));
  return sortable.map((table) => {
    const headings = [...table.tHead.rows[0].cells];
    const click = (heading) => {
      heading.querySelector("button").click();
      return { rows: rowsOf(table), told: headings.map((one) => one.getAttribute("aria-sort")) };
    };
    const before = rowsOf(table);
    const columns = headings.map((heading, index) => {
      const numeric = heading.classList.contains("n");
      return { index, numeric, ascending: click(heading), descending: click(heading) };
    });
    return { id: table.id, before, columns };
  });
}

/**
 * A cell's number as the language writes it, 1 218 and 34,5 % or 1,218 and 34.5%, of the first when it holds
 * several; none for a dash or a word. What is told as < 0,1 or > −0,1 lies between that and nought; 3 av 7 or 3 of 7 is
 * that part in percent.
 */
function numberOf(text, language) {
  const [, part, whole] = text.match(/^([\d\s,]+) (?:av|of) ([\d\s,]+)$/) ?? [];
  if (whole !== undefined) return (100 * Number(part.replace(/\D/g, ""))) / Number(whole.replace(/\D/g, ""));
  const isBound = /^[<>]/.test(text);
  const plain = text.replace(/[\s\u00a0\u202f<>]/g, "").replace(/^\u2212/, "-");
  const pattern = language === "sv" ? /^[+-]?\d+(,\d+)?/ : /^[+-]?\d{1,3}(,\d{3})*(\.\d+)?/;
  const [digits] = plain.match(pattern) ?? [];
  if (digits === undefined) return null;
  const number = Number(language === "sv" ? digits.replace(",", ".") : digits.replaceAll(",", ""));
  return isBound ? number / 2 : number;
}

/** What is wrong with one column after it was clicked once and twice. */
function columnFaults(table, { index, numeric, ascending, descending }, language) {
  const where = `#${table.id}, column ${index + 1}`;
  const found = [];
  tablesTried.columns += 1;
  for (const [name, { rows, told }] of Object.entries({ ascending, descending })) {
    const cells = rows.map((row) => row[index]);
    const wrong = numeric ? outOfOrder(cells, language, name) : null;
    if (wrong) found.push([`not ${name}`, `${where}: ${wrong}`]);
    const wanted = told.map((_, place) => (place === index ? name : null));
    if (String(told) !== String(wanted)) found.push(["aria-sort", `${where}: ${told}`]);
    const all = (some) => some.map(String).sort().join("\n");
    if (all(rows) !== all(table.before)) found.push(["rows lost or changed", where]);
  }
  // Tables stand in order of time when the page opens.
  const isTime = table.before.every((row) => /^\S.*\d{4}( \(|$)|^\d{4}( \(|$)/.test(row[0]));
  const inTime = (rows) => String(rows.map((row) => row[0])) === String(table.before.map((row) => row[0]));
  if (index === 0 && isTime && !inTime(ascending.rows)) found.push(["not in order of time", where]);
  const distinct = distinctValues(table.before.map((row) => row[index]), numeric, language);
  const isSame = String(ascending.rows) === String(descending.rows);
  if (distinct > 1 && isSame) found.push(["a click changes nothing", where]);
  return found;
}

/** How many values of a column can be told apart: numbers where it has any, or else words. */
function distinctValues(cells, numeric, language) {
  const numbers = numeric ? cells.map((cell) => numberOf(cell, language)).filter((number) => number !== null) : [];
  const words = cells.filter((cell) => !["", "–"].includes(cell));
  return new Set(numbers.length > 0 ? numbers : words).size;
}

/** The first two cells of a column that stand in the wrong order; those without a number stand last either way. */
function outOfOrder(cells, language, direction) {
  const numbers = cells.map((cell) => numberOf(cell, language));
  tablesTried.thousands += cells.some((cell) => /\d[\s,]\d{3}/.test(cell)) ? 1 : 0;
  tablesTried.empty += numbers.includes(null) && numbers.some((number) => number !== null) ? 1 : 0;
  for (let place = 1; place < cells.length; place += 1) {
    const [one, next] = [numbers[place - 1], numbers[place]];
    const isFarther = direction === "ascending" ? one > next : one < next;
    if (next !== null && (one === null || isFarther)) return `"${cells[place - 1]}" before "${cells[place]}"`;
  }
  return null;
}

/** Headings are reached with Tab and clicked with Enter and the blank. */
async function keyboardFaults(page) {
  const region = page.locator(".scroll:has(th button)").filter({ visible: true }).first();
  if ((await region.count()) === 0) return [];
  tablesTried.keyboards += 1;
  const found = [];
  const heading = region.locator("th:has(button)").first();
  await region.focus();
  await page.keyboard.press("Tab");
  if (!(await heading.locator("button").evaluate((button) => button === document.activeElement))) {
    found.push(["Tab does not lead to the heading", await region.getAttribute("aria-labelledby")]);
  }
  await heading.locator("button").focus();
  const before = await heading.getAttribute("aria-sort");
  const states = [];
  for (const key of ["Enter", "Space"]) {
    await page.keyboard.press(key);
    states.push(await heading.getAttribute("aria-sort"));
  }
  const wanted = before === "ascending" ? "descending,ascending" : "ascending,descending";
  if (String(states) !== wanted) found.push(["keys do not sort", `${before}, then ${states}`]);
  return found;
}

/** A filter leaves the rows that hold what is typed, says how many, and gives all back. */
async function filterFaults(page) {
  const label = page.locator("label.filter").filter({ visible: true }).first();
  if ((await label.count()) === 0) return [];
  tablesTried.filters += 1;
  const table = label.locator("xpath=following-sibling::*[1]").locator("table");
  const rowsOf = () =>
    table.evaluate((element) =>
      [...element.tBodies[0].rows].map((row) => ({ text: row.textContent.toLowerCase(), seen: row.checkVisibility() })),
    );
  const field = label.locator("input");
  const before = await rowsOf();
  const word = (await table.locator("tbody th").last().textContent()).trim().split(/\s+/).at(-1);
  await field.pressSequentially(word.toUpperCase());
  const found = [];
  for (const { text, seen } of await rowsOf()) {
    const does = seen ? "shows" : "hides";
    if (seen !== text.includes(word.toLowerCase())) found.push([`filter "${word}"`, `${does} "${text.trim()}"`]);
  }
  const left = (await rowsOf()).filter((row) => row.seen).length;
  const said = await label.locator("output").textContent();
  const saysHowMany = [left, before.length].every((count) => said.includes(String(count)));
  if (!saysHowMany) found.push(["filter says", `"${said}", ${left}`]);
  await field.fill("");
  if ((await rowsOf()).some((row) => !row.seen)) found.push(["an empty filter hides rows", word]);
  return found;
}
