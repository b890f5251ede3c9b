// The view that evaluates labelled rows.

import { byId, element, save } from "./element.js";
import * as server from "./server.js";

let file = null;

const figure = (share) => (share === null || share === undefined ? "–" : share.toFixed(4));

function query(format) {
  const asked = new URLSearchParams({ model: byId("model").value, source: file.name, on_bad_row: "skip", format });
  byId("labels").value.split(",").map((label) => label.trim()).filter(Boolean).forEach((label) => asked.append("label", label));
  if (byId("text-column").value.trim()) asked.set("text", byId("text-column").value.trim());
  return asked;
}

function row(name, scores, support) {
  const cells = [scores.precision, scores.recall, scores.f1].map((share) => element("td", {}, figure(share)));
  return element("tr", {}, element("th", { scope: "row" }, name), ...cells, element("td", {}, support === undefined ? "" : String(support)));
}

function table(name, facet) {
  const head = ["", "precision", "recall", "F1", "rows"].map((title) => element("th", { scope: "col" }, title));
  const labels = Object.entries(facet.labels).map(([label, scores]) => row(label, scores, scores.support));
  const averages = ["micro", "macro", "weighted"].map((way) => row(`${way} average`, facet[way]));
  const right = facet.accuracy ?? facet.exact_match;
  const says = `${facet.accuracy === undefined ? "Exact match" : "Accuracy"} ${figure(right)} of ${facet.rows} rows.`;
  const body = element("tbody", {}, ...averages, ...labels);
  const grid = element("table", {}, element("thead", {}, element("tr", {}, ...head)), body);
  return element("section", {}, element("h3", {}, name), element("p", {}, says), element("div", { className: "wide" }, grid));
}

function say(words, wrong = false) {
  byId("figures-said").textContent = words;
  byId("figures-said").className = wrong ? "wrong" : "quiet";
}

export async function open(chosen) {
  file = chosen;
  say(`Evaluating ${file.name} …`);
  byId("figures").replaceChildren();
  byId("as-page").hidden = true;
  try {
    const found = await (await server.evaluate(file, query("json"))).json();
    const warnings = (found.warnings ?? []).map((warning) => element("p", { className: "quiet" }, warning));
    const tables = Object.entries(found.facets).map(([name, facet]) => table(name, facet));
    byId("figures").replaceChildren(...warnings, ...tables);
    byId("as-page").hidden = false;
    say(`${found.rows} rows of ${file.name} evaluated.`);
  } catch (error) {
    say(error.message, true);
  }
}

export function start() {
  byId("ask-figures").addEventListener("submit", (event) => {
    event.preventDefault();
    if (file) open(file);
    else say("There is no file yet. Open one, or drop it here.", true);
  });
  byId("rows").addEventListener("change", (event) => event.target.files[0] && open(event.target.files[0]));
  byId("as-page").addEventListener("click", async () => {
    try {
      save("evaluation.html", "text/html", await (await server.evaluate(file, query("html"))).text());
    } catch (error) {
      say(error.message, true);
    }
  });
}
