// The page: which view is on show, and where dropped files go.

import * as article from "./article.js";
import { byId, element } from "./element.js";
import * as figures from "./figures.js";
import * as server from "./server.js";

const isRows = (file) => /\.(csv|tsv|jsonl|ndjson)$/i.test(file.name);

function view() {
  const evaluates = location.hash === "#evaluate";
  byId("evaluate").hidden = !evaluates;
  byId("tag").hidden = evaluates;
  byId("to-evaluate").toggleAttribute("aria-current", evaluates);
  byId("to-tag").toggleAttribute("aria-current", !evaluates);
}

/** Labelled rows are evaluated, everything else is an article. */
function open(file) {
  location.hash = isRows(file) ? "#evaluate" : "#tag";
  return isRows(file) ? figures.open(file) : article.open(file);
}

function dropping(over) {
  document.body.classList.toggle("over", over);
}

async function start() {
  view();
  addEventListener("hashchange", view);
  addEventListener("dragover", (event) => {
    event.preventDefault();
    dropping(true);
  });
  addEventListener("dragleave", () => dropping(false));
  addEventListener("drop", (event) => {
    event.preventDefault();
    dropping(false);
    if (event.dataTransfer.files[0]) open(event.dataTransfer.files[0]);
    else byId("text").value = event.dataTransfer.getData("text/plain");
  });
  byId("file").addEventListener("change", (event) => event.target.files[0] && open(event.target.files[0]));
  article.start();
  figures.start();
  try {
    const models = await server.models();
    byId("model").append(...models.map(({ name }) => element("option", {}, name)));
    byId("models").hidden = models.length < 2;
  } catch (error) {
    byId("said").textContent = error.message;
  }
  if (location.hash === "#sample") article.sample();
}

start();
