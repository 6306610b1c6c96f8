"use strict";

const find = (id) => document.getElementById(id);
const LABELS = {
  personal_attack: "personal attack",
  antisemitism_accusation: "accusation of antisemitism",
  on_topic_disagreement: "on-topic disagreement",
  abuse: "abuse",
  spam: "spam",
  off_topic: "off topic",
};
const DECISIONS = { publish: "Publish", hold: "Hold", reject: "Reject" };

function element(name, text, className) {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

function record() {
  const comment = { text: find("text").value };
  const article = {};
  if (find("title").value.trim()) article.title = find("title").value;
  if (find("article").value.trim()) article.text = find("article").value;
  if (Object.keys(article).length) comment.article = article;
  if (find("parent").value.trim()) comment.parent = find("parent").value;
  if (find("registered").value) comment.author = { registered: find("registered").value === "true" };
  return comment;
}

async function ask(comment) {
  const headers = { "Content-Type": "application/json" };
  if (find("key").value) headers["X-API-Key"] = find("key").value;
  const response = await fetch("/v1/score", { method: "POST", headers, body: JSON.stringify(comment) });
  const body = await response.json();
  if (response.status === 401) {
    for (const part of document.querySelectorAll(".key")) part.hidden = false;
    find("key").focus();
    throw new Error("This service wants its API key: fill it in and try again.");
  }
  if (!response.ok) throw new Error(body.error.message);
  return body;
}

// Offsets count code points, so the text is cut as an array of them.
function highlight(text, spans) {
  const points = Array.from(text);
  const labelAt = new Array(points.length).fill(null);
  for (const span of [...spans].sort((one, other) => one.weight - other.weight)) {
    for (let place = span.start; place < span.end; place += 1) labelAt[place] = span;
  }
  const words = find("words");
  words.replaceChildren();
  let start = 0;
  for (let place = 1; place <= points.length; place += 1) {
    if (place < points.length && labelAt[place] === labelAt[start]) continue;
    const piece = points.slice(start, place).join("");
    const span = labelAt[start];
    if (span) {
      const mark = element("mark", piece, span.label);
      mark.title = `${LABELS[span.label]}: weight ${span.weight.toFixed(2)}`;
      words.append(mark);
    } else {
      words.append(piece);
    }
    start = place;
  }
}

function showLegend(spans) {
  const legend = find("legend");
  legend.replaceChildren();
  for (const label of new Set(spans.map((span) => span.label))) {
    const entry = element("span", "");
    entry.append(element("i", "", label), LABELS[label]);
    legend.append(entry);
  }
  if (!spans.length) legend.textContent = "No label is likely enough to point at words.";
}

// A sentence of the blog that stands behind several rules is quoted once, with every reason under it.
function showRules(rules) {
  const bySentence = new Map();
  for (const rule of rules) bySentence.set(rule.says, [...(bySentence.get(rule.says) ?? []), rule]);
  const items = [...bySentence].map(([says, fired]) => {
    const item = element("li", "", fired.some((rule) => rule.action === "reject") ? "reject" : fired[0].action);
    item.append(element("q", says));
    for (const rule of fired) item.append(element("span", `${DECISIONS[rule.action]}: ${rule.reason}`));
    return item;
  });
  find("rules").replaceChildren(...(items.length ? items : [element("li", "None.")]));
}

function show(text, verdict) {
  find("decision").textContent = DECISIONS[verdict.decision];
  find("decision").className = `badge ${verdict.decision}`;
  find("suggestion").textContent = `The scores alone suggest: ${verdict.suggestion}.`;
  showRules(verdict.rules);
  highlight(text, verdict.spans);
  showLegend(verdict.spans);
  find("scores").tBodies[0].replaceChildren(
    ...Object.entries(verdict.scores).map(([label, score]) => {
      const row = document.createElement("tr");
      const bar = document.createElement("td");
      if (score !== null) {
        const meter = document.createElement("meter");
        meter.value = score;
        meter.setAttribute("aria-label", LABELS[label]);
        bar.append(meter);
      } else {
        bar.append(element("small", "nothing to compare with"));
      }
      row.append(element("td", LABELS[label]), bar, element("td", score === null ? "–" : score.toFixed(2)));
      return row;
    }),
  );
  find("source").textContent = `Model ${verdict.model}, policy ${verdict.policy}.`;
  find("verdict").hidden = false;
}

find("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = find("form").querySelector("button");
  const comment = record();
  button.disabled = true;
  find("empty").hidden = true;
  find("problem").hidden = true;
  find("verdict").hidden = true;
  try {
    show(comment.text, await ask(comment));
  } catch (error) {
    find("problem").textContent = error.message;
    find("problem").hidden = false;
  } finally {
    button.disabled = false;
    find("answer").scrollIntoView({ block: "nearest" });
  }
});
