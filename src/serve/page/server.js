// Asking the server; errors are sentences.

async function answer(promise) {
  let response;
  try {
    response = await promise;
  } catch {
    throw new Error("The server does not answer. Is `wiredesk serve` still running?");
  }
  if (response.ok) return response;
  const problem = await response.json().catch(() => ({}));
  throw new Error(problem.detail || `The server says ${response.status}.`);
}

export async function models() {
  return (await (await answer(fetch("/v1/models"))).json()).models;
}

/** Records of a text; `keys` are those of the API. */
export async function tag(text, keys) {
  const headers = { "Content-Type": "application/json" };
  const body = JSON.stringify({ text, ...keys });
  return (await answer(fetch("/v1/tag", { method: "POST", headers, body }))).json();
}

/** The response to labelled rows, as JSON or as a page. */
export async function evaluate(file, query) {
  const name = file.name.toLowerCase();
  const media = name.endsWith(".tsv") ? "text/tab-separated-values" : /\.(jsonl|ndjson)$/.test(name) ? "application/x-ndjson" : "text/csv";
  return answer(fetch(`/v1/evaluate?${query}`, { method: "POST", headers: { "Content-Type": media }, body: file }));
}
