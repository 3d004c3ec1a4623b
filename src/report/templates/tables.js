// Sorting and filtering of tables. The page says everything without it.
(() => {
  "use strict";
  const { sort, filter, shown } = document.body.dataset;
  const language = document.documentElement.lang;
  /** Tables with fewer rows are seen at a glance. */
  const FEWEST_SORTED = 3;
  const FEWEST_FILTERED = 10;

  /** What a cell is sorted by: its number, its words, or nothing where it has no value. */
  function valueOf(cell) {
    const number = cell.dataset.sort;
    if (number === undefined) return cell.textContent.trim() || null;
    return number === "" ? null : Number(number);
  }

  function compare(one, other) {
    if (typeof one === "number" && typeof other === "number") return one - other;
    return String(one).localeCompare(String(other), language, { numeric: true });
  }

  function sortBy(table, heading, column) {
    const descending = heading.getAttribute("aria-sort") === "ascending";
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
    const body = table.tBodies[0];
    const order = [...body.rows].map((row) => ({ row, value: valueOf(row.cells[column]) }));
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
