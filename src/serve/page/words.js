// The words behind a tag, marked in their paragraph.

import { element } from "./element.js";

/** For each byte of the UTF-8 text where a character begins, its position in the string. */
function positions(text) {
  const found = new Map();
  let byte = 0, unit = 0;
  for (const character of text) {
    found.set(byte, unit);
    const point = character.codePointAt(0);
    byte += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    unit += character.length;
  }
  return found.set(byte, unit);
}

/** Shows the paragraph with the contributions of a tag, or plain without one. */
export function mark(place, record, tag) {
  const weights = new Float64Array(record.text.length);
  const at = tag ? positions(record.text) : null;
  for (const { weight, places } of tag?.explanation?.contributions ?? []) {
    for (const [start, end] of places) {
      const from = at.get(start - record.start), to = at.get(end - record.start);
      if (from === undefined || to === undefined) continue;
      for (let i = from; i < to; i++) weights[i] += weight;
    }
  }
  const parts = [];
  for (let i = 0; i < record.text.length; ) {
    let end = i + 1;
    while (end < record.text.length && Math.sign(weights[end]) === Math.sign(weights[i])) end++;
    const piece = record.text.slice(i, end);
    parts.push(weights[i] === 0 ? piece : element("mark", { className: weights[i] > 0 ? "for" : "against" }, piece));
    i = end;
  }
  place.replaceChildren(...parts);
}

/** Why, in words. */
export function reasons(tag) {
  const all = tag.explanation?.contributions ?? [];
  const few = all.slice(0, 6).map(({ feature, weight }) => `${feature} ${weight > 0 ? "+" : "−"}${Math.abs(weight).toFixed(2)}`);
  const name = tag.name ?? tag.label;
  const alone = tag.own !== undefined && Math.abs(tag.own - tag.probability) > 0.05 ? `, ${Math.round(tag.own * 100)} % by this paragraph alone: the rest of the article adds to it` : "";
  return few.length ? `${name}: ${few.join(", ")}${alone}` : `${name}: no word of this paragraph${alone || "; it is what the model expects"}`;
}
