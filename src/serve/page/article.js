// The view that tags an article.

import * as download from "./download.js";
import { byId, element, percent } from "./element.js";
import * as server from "./server.js";
import { mark, reasons } from "./words.js";

const SAMPLE = `Home side wins cup final in Oslo

OSLO, Monday - The home side won the cup final after extra time, and the crowd ran onto the pitch. The captain said it was the best match of the season.

Norway's central bank raised interest rates again on Monday, and shares of banks fell.

In Brazil, floods after a week of heavy rain forced thousands of people to leave their homes. Rescue workers said that more rain is expected.
`;

/** What the last answer said: the model's own tags, the most probable ones with their words, and those of the article. */
let shown = null;
let asked = 0;

const threshold = () => Number(byId("threshold").value) / 100;

/** The records with the tags that are on show. */
function visible() {
  if (threshold() === 0) return shown.own;
  return shown.most.map((record) => {
    const tags = Object.entries(record.tags).map(([facet, tags]) => [facet, tags.filter((tag) => tag.probability >= threshold())]);
    return { ...record, tags: Object.fromEntries(tags) };
  });
}

function chip(tag, facet, name) {
  const title = tag.name ?? tag.label;
  return element(name, { className: `chip facet-${facet}` }, title, " ", element("b", {}, percent(tag.probability)));
}

function paragraph(record, number) {
  const text = element("p", { className: record.heading ? "heading" : "" }, record.text);
  const why = element("p", { className: "why" });
  const chips = element("div", { className: "chips" });
  Object.values(record.tags).forEach((tags, facet) => {
    for (const tag of tags) {
      const button = chip(tag, facet, "button");
      button.type = "button";
      button.setAttribute("aria-pressed", "false");
      const known = shown.most[number].tags[shown.facets[facet]].find((one) => one.label === tag.label) ?? tag;
      const show = () => {
        chips.querySelectorAll("button").forEach((other) => other.setAttribute("aria-pressed", String(other === button)));
        mark(text, record, known);
        why.textContent = reasons(known);
      };
      for (const event of ["mouseenter", "focus", "click"]) button.addEventListener(event, show);
      chips.append(button);
    }
  });
  if (!chips.children.length) chips.append(element("span", { className: "quiet" }, "no tag"));
  return element("li", {}, text, chips, why);
}

function show() {
  byId("cut").textContent = threshold() === 0 ? "as the model decides" : `at least ${percent(threshold())}`;
  byId("paragraphs").replaceChildren(...visible().map(paragraph));
  const chips = Object.values(shown.article.tags).flatMap((tags, facet) => {
    const enough = tags.filter((tag) => tag.probability >= threshold());
    return enough.map((tag) => {
      const made = chip(tag, facet, "span");
      const plural = tag.paragraphs.length === 1 ? "paragraph" : "paragraphs";
      made.append(` in ${plural} ${tag.paragraphs.join(", ")}`);
      return made;
    });
  });
  byId("rollup").replaceChildren(...(chips.length ? chips : [element("span", { className: "quiet" }, "no tag")]));
}

function say(words, wrong = false) {
  byId("said").textContent = words;
  byId("said").className = wrong ? "wrong" : "quiet";
}

export async function run() {
  const text = byId("text").value;
  if (!text.trim()) return say("There is no text yet. Paste one above, or try the sample.", true);
  const mine = ++asked;
  const keys = { model: byId("model").value, source: "article" };
  try {
    const most = server.tag(text, { ...keys, top: 8, explain: 12 }).catch(() => server.tag(text, { ...keys, top: 8 }));
    const [own, all, [article]] = await Promise.all([server.tag(text, keys), most, server.tag(text, { ...keys, by: "article" })]);
    // A later question has been asked: its answer counts.
    if (mine !== asked) return;
    shown = { own, most: all, article, facets: Object.keys(article.tags) };
    byId("result").hidden = false;
    byId("threshold").value = 0;
    show();
    say(`${own.length} ${own.length === 1 ? "paragraph" : "paragraphs"} tagged.`);
  } catch (error) {
    if (mine === asked) say(error.message, true);
  }
}

/** A file that was dropped or chosen. */
export async function open(file) {
  byId("text").value = await file.text();
  await run();
}

export function start() {
  byId("ask").addEventListener("submit", (event) => {
    event.preventDefault();
    run();
  });
  byId("text").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) run();
  });
  byId("sample").addEventListener("click", sample);
  byId("threshold").addEventListener("input", () => shown && show());
  byId("as-csv").addEventListener("click", () => download.csv(visible(), shown.facets));
  byId("as-json").addEventListener("click", () => download.json(visible()));
}

export function sample() {
  byId("text").value = SAMPLE;
  return run();
}
