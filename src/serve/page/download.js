// The tags on show, as files: the columns are those of `wiredesk tag --format csv`.

import { save } from "./element.js";

const cell = (value) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);

export function csv(records, facets) {
  const header = ["source", "paragraph", "start", "end", "heading", "text"];
  const rows = [[...header, ...facets.flatMap((facet) => [facet, `${facet}_probability`])]];
  for (const record of records) {
    const row = [record.source, record.paragraph, record.start, record.end, Boolean(record.heading), record.text];
    for (const facet of facets) {
      const tags = record.tags[facet] ?? [];
      row.push(tags.map((tag) => tag.label).join("|"), tags.map((tag) => tag.probability).join("|"));
    }
    rows.push(row);
  }
  save("tags.csv", "text/csv", rows.map((row) => row.map((value) => cell(String(value))).join(",") + "\n").join(""));
}

export function json(records) {
  const plain = records.map((record) => {
    const tags = Object.entries(record.tags).map(([facet, tags]) => [facet, tags.map(({ explanation, ...tag }) => tag)]);
    return { ...record, tags: Object.fromEntries(tags) };
  });
  save("tags.json", "application/json", JSON.stringify(plain, null, 1) + "\n");
}
