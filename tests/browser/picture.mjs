// What a browser makes of a chart, and what is wrong with it.

/** Text may lie on text, or outside the picture, by so many CSS pixels: browsers round. */
const TOLERANCE = 0.5;

/**
 * Runs in the page: what an svg element lacks for those who do not see it, its size and its texts.
 * A text in several lines or styles counts as several; places are told from the picture's corner.
 */
export function readPicture(svg) {
  const { left, top, width, height } = svg.getBoundingClientRect();
  const scale = (element) => {
    const { a, b, c, d } = element.getScreenCTM();
    return Math.sqrt(Math.abs(a * d - b * c));
  };
  const read = (node) => {
    const element = node.parentElement;
    const range = document.createRange();
    range.selectNode(node);
    const box = (element.childNodes.length === 1 ? element : range).getBoundingClientRect();
    return {
      text: node.data.trim(),
      size: parseFloat(getComputedStyle(element).fontSize) * scale(element),
      left: box.left - left,
      top: box.top - top,
      right: box.right - left,
      bottom: box.bottom - top,
    };
  };
  const textNodes = (element) =>
    [...element.childNodes].flatMap((node) => {
      if (node.nodeType === Node.TEXT_NODE) return node.data.trim() ? [node] : [];
      return textNodes(node);
    });
  const described = (name) => [...svg.children].some((child) => child.localName === name && child.textContent.trim());
  const missing = ["title", "desc"].filter((name) => !described(name));
  if (svg.getAttribute("role") !== "img") missing.push("role=img");
  if (svg.querySelector("parsererror")) missing.push("well-formed XML");
  missing.push(...["width", "height", "viewBox"].filter((name) => !svg.hasAttribute(name)));
  const texts = [...svg.querySelectorAll("text")].flatMap(textNodes).map(read);
  return { missing, width, height, texts };
}

/** What is wrong with a picture: pairs of what and where. */
export function faultsOf({ missing, width, height, texts }) {
  const faults = missing.map((part) => ["the svg element lacks", part]);
  if (texts.length === 0) faults.push(["no text", "svg"]);
  const picture = { left: 0, top: 0, right: width, bottom: height };
  texts.forEach((one, index) => {
    if (!isInside(one, picture)) {
      faults.push([`text outside the picture of ${width.toFixed(0)} × ${height.toFixed(0)} px`, told(one)]);
    }
    for (const other of texts.slice(index + 1)) {
      const [across, down] = overlap(one, other);
      if (across > TOLERANCE && down > TOLERANCE) {
        const by = `by ${across.toFixed(1)} × ${down.toFixed(1)} px`;
        faults.push([`texts overlap ${by}`, `${told(one)} and ${told(other)}`]);
      }
    }
  });
  return faults;
}

function isInside(box, picture) {
  return (
    box.left >= picture.left - TOLERANCE &&
    box.top >= picture.top - TOLERANCE &&
    box.right <= picture.right + TOLERANCE &&
    box.bottom <= picture.bottom + TOLERANCE
  );
}

/** Width and height of what two boxes share; not positive when they share nothing. */
function overlap(one, other) {
  return [
    Math.min(one.right, other.right) - Math.max(one.left, other.left),
    Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top),
  ];
}

export function told({ text, left, top, right, bottom }) {
  const [x1, y1, x2, y2] = [left, top, right, bottom].map((edge) => edge.toFixed(1));
  return `"${text}" (${x1}, ${y1})–(${x2}, ${y2})`;
}
