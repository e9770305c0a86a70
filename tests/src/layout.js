// What is wrong with how text stands in `arguments[0]`, a sentence each: text that is cut off, that leaves its box, or that
// lies over other text. What a person can scroll to is not cut off, and what is said to assistive technology alone is not drawn.
const root = arguments[0];
const SLACK_PX = 1.5;
// The boxes of two lines that stand close overlap by their empty edges.
const LEADING = 0.4;

const styles = new Map();
const style = (e) => styles.get(e) ?? styles.set(e, getComputedStyle(e)).get(e);
const clips = (value) => value === "hidden" || value === "clip";
const scrolls = (value) => value === "auto" || value === "scroll";
const shown = (e) => {
  for (let at = e; at && at !== document; at = at.parentElement) {
    const s = style(at);
    if (s.display === "none" || s.visibility === "hidden" || s.opacity === "0" || s.clipPath !== "none") return false;
  }
  return true;
};
/** The nearest box of its own: a word in a line has none. */
const boxOf = (e) => {
  let at = e;
  while (["inline", "contents"].includes(style(at).display)) at = at.parentElement;
  return at;
};
const cut = (box, by) => ({
  left: Math.max(box.left, by.left),
  right: Math.min(box.right, by.right),
  top: Math.max(box.top, by.top),
  bottom: Math.min(box.bottom, by.bottom),
});
const outside = (box, of) =>
  box.left < of.left - SLACK_PX || box.right > of.right + SLACK_PX || box.top < of.top - SLACK_PX - 2 || box.bottom > of.bottom + SLACK_PX + 2;

const texts = [];
const faults = [];
const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
for (let node = walker.nextNode(); node; node = walker.nextNode()) {
  const text = node.data.trim();
  const parent = node.parentElement;
  if (text === "" || ["SCRIPT", "STYLE", "OPTION"].includes(parent.tagName) || !shown(parent)) continue;
  const range = document.createRange();
  range.selectNodeContents(node);
  for (const rect of range.getClientRects()) {
    if (rect.width < 1 || rect.height < 1) continue;
    let seen = { left: rect.left, right: rect.right, top: rect.top, bottom: rect.bottom };
    const own = boxOf(parent);
    let said = false;
    for (let at = own; at && root.contains(at); at = at.parentElement) {
      const s = style(at);
      const box = at.getBoundingClientRect();
      if (scrolls(s.overflowX) || scrolls(s.overflowY)) {
        seen = cut(seen, box);
        if (seen.right <= seen.left || seen.bottom <= seen.top) break;
        continue;
      }
      const hides = clips(s.overflowX) || clips(s.overflowY);
      // What is left out whole, or ends in an ellipsis, stands in the title.
      const whole = seen.top >= box.bottom - SLACK_PX;
      const told = at.title !== "" && (s.textOverflow === "ellipsis" || whole);
      if ((at === own || hides) && !said && !told && outside(seen, box)) {
        said = true;
        const how = hides ? "is cut off by" : "leaves";
        faults.push(`"${text.slice(0, 60)}" ${how} <${at.tagName.toLowerCase()} class="${at.className}"> (${[seen.left - box.left, box.right - seen.right, seen.top - box.top, box.bottom - seen.bottom].map(Math.round)})`);
      }
      if (hides) seen = cut(seen, box);
    }
    if (seen.right > seen.left && seen.bottom > seen.top) texts.push({ text, node, seen });
  }
}
for (const [i, a] of texts.entries()) {
  for (const b of texts.slice(i + 1)) {
    if (a.node === b.node) continue;
    const wide = Math.min(a.seen.right, b.seen.right) - Math.max(a.seen.left, b.seen.left);
    const high = Math.min(a.seen.bottom, b.seen.bottom) - Math.max(a.seen.top, b.seen.top);
    const least = Math.min(a.seen.bottom - a.seen.top, b.seen.bottom - b.seen.top) * LEADING;
    if (wide > SLACK_PX && high > Math.max(least, 2)) faults.push(`"${a.text.slice(0, 60)}" lies over "${b.text.slice(0, 60)}"`);
  }
}
return [...new Set(faults)];
