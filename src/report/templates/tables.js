// Sorting and filtering of tables. The page says everything without it.
(() => {
  "use strict";
  const { comma, sort, filter, shown } = document.body.dataset;
  const language = document.documentElement.lang;
  /** Tables with fewer rows are seen at a glance. */
  const FEWEST_SORTED = 3;
  const FEWEST_FILTERED = 10;

  const NO_VALUE = ["", "\u2013"];
  const monthName = new Intl.DateTimeFormat(language, { month: "long", timeZone: "UTC" });
  const nameOf = (_, month) => monthName.format(Date.UTC(2024, month)).toLocaleLowerCase(language);
  const months = Array.from({ length: 12 }, nameOf);

  /** A cell's number, or nothing where it has none; "< 0,1" lies halfway between 0 and 0,1. */
  function numberIn(text) {
    const bound = text.match(/^[<>]/)?.[0];
    let plain = text.replace(/[\s%<>]|pe|pp/g, "").replace("\u2212", "-");
    plain = comma === "," ? plain.replace(",", ".") : plain.replaceAll(",", "");
    const number = Number.parseFloat(plain);
    const beyond = { "<": -0.05, ">": 0.05 }[bound] ?? 0;
    return Number.isNaN(number) ? null : number + beyond;
  }

  /** The place in time of a month or period such as T2 2024 or augusti 2024, or nothing when it is none. */
  function timeIn(text) {
    const found = text.toLocaleLowerCase(language).match(/^(?:(?:kv |[qth])(\d)|(\p{L}+))?\s*(\d{4})?(?= \(|$)/u);
    const [, number = 0, name, year = 0] = found ?? [];
    const month = name === undefined ? Number(number) : months.indexOf(name) + 1;
    return (year || name) && (month || !name) ? 100 * Number(year) + month : null;
  }

  /** What a column is sorted by: time where all its cells are periods, numbers where it has any, or words. */
  function valuesOf(texts, numeric) {
    const times = texts.map(timeIn);
    if (!times.includes(null)) return times;
    const numbers = numeric ? texts.map(numberIn) : [];
    if (numbers.some((number) => number !== null)) return numbers;
    return texts.map((text) => (NO_VALUE.includes(text) ? null : text));
  }

  function compare(one, other) {
    if (typeof one === "string") return one.localeCompare(other, language, { numeric: true });
    return one - other;
  }

  function sortBy(table, heading, column) {
    const descending = heading.getAttribute("aria-sort") === "ascending";
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
    const body = table.tBodies[0];
    const rows = [...body.rows];
    const texts = rows.map((row) => row.cells[column].textContent.trim());
    const values = valuesOf(texts, heading.classList.contains("n"));
    const order = rows.map((row, index) => ({ row, value: values[index] }));
    order.sort((one, other) => {
      // What has no value stands last, either way.
      if (one.value === null || other.value === null) return (one.value === null) - (other.value === null);
      return descending ? compare(other.value, one.value) : compare(one.value, other.value);
    });
    body.append(...order.map(({ row }) => row));
  }

  function makeSortable(table) {
    [...table.tHead.rows[0].cells].forEach((heading, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.title = sort;
      button.textContent = heading.textContent;
      button.addEventListener("click", () => sortBy(table, heading, column));
      heading.replaceChildren(button);
    });
  }

  function makeFilter(table) {
    const label = document.createElement("label");
    const field = document.createElement("input");
    const told = document.createElement("output");
    field.type = "search";
    label.className = "filter";
    label.append(`${filter} `, field, " ", told);
    field.addEventListener("input", () => {
      const wanted = field.value.toLocaleLowerCase(language);
      const rows = [...table.tBodies[0].rows];
      for (const row of rows) row.hidden = !row.textContent.toLocaleLowerCase(language).includes(wanted);
      const left = rows.filter((row) => !row.hidden).length;
      told.textContent = wanted && shown.replace("{n}", left).replace("{all}", rows.length);
    });
    table.closest(".scroll").before(label);
  }

  for (const table of document.querySelectorAll("main table")) {
    const rows = table.tBodies[0].rows.length;
    if (rows >= FEWEST_SORTED) makeSortable(table);
    if (rows >= FEWEST_FILTERED) makeFilter(table);
  }
})();
