// Search over the index of the book. Reading needs none of this.
"use strict";

const mandateBook = (() => {
  const SHOWN = 60;
  let entries = [];
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/_/g, " ").toLowerCase();

  const load = (rows) => {
    entries = rows.map(([title, kind, at, words]) => ({
      title, kind, at, words, inTitle: plain(title), inWords: plain(`${title} ${words}`),
    }));
    show();
  };

  // Every word of the question must occur; where the title has it, the entry comes first.
  const find = (question) => {
    const wanted = plain(question).split(/\s+/).filter(Boolean);
    const weight = (entry) => {
      let sum = 0;
      for (const word of wanted) {
        if (!entry.inWords.includes(word)) return 0;
        sum += entry.inTitle.includes(word) ? 4 : 1;
      }
      return sum + (entry.kind === "rule" ? 1 : 0);
    };
    if (!wanted.length) return [];
    return entries
      .map((entry, place) => ({ entry, place, weight: weight(entry) }))
      .filter((found) => found.weight > 0)
      .sort((a, b) => b.weight - a.weight || a.place - b.place)
      .map((found) => found.entry);
  };

  const made = (tag, text, name) => {
    const element = document.createElement(tag);
    element.textContent = text;
    if (name) element.className = name;
    return element;
  };

  const show = () => {
    const results = document.getElementById("results");
    if (!results) return;
    const question = document.getElementById("q").value.trim();
    const found = find(question);
    results.replaceChildren(...found.slice(0, SHOWN).map((entry) => {
      const item = document.createElement("li");
      const link = made("a", entry.title);
      link.href = entry.at;
      const words = entry.words.length > 200 ? `${entry.words.slice(0, 200)}…` : entry.words;
      item.append(link, " ", made("span", entry.kind, "quiet"), made("p", words));
      return item;
    }));
    const status = document.getElementById("status");
    if (!question) status.textContent = "Type what you look for: rules, passages, vocabulary, scenarios.";
    else if (!found.length) status.textContent = `Nothing was found for “${question}”.`;
    else if (found.length > SHOWN) status.textContent = `${found.length} found for “${question}”; the first ${SHOWN} are shown.`;
    else status.textContent = `${found.length} found for “${question}”.`;
  };

  document.addEventListener("DOMContentLoaded", () => {
    const field = document.getElementById("q");
    if (document.getElementById("results")) {
      field.value = new URLSearchParams(location.search).get("q") ?? "";
      field.addEventListener("input", show);
      field.form.addEventListener("submit", (event) => {
        event.preventDefault();
        show();
        document.querySelector("#results a")?.focus();
      });
      show();
      if (!field.value) field.focus();
    }
    // `/` goes to the search, as in many places; not while something is typed.
    document.addEventListener("keydown", (event) => {
      if (event.key !== "/" || event.ctrlKey || event.altKey || event.metaKey) return;
      if (event.target.closest("input, textarea, select, [contenteditable]")) return;
      event.preventDefault();
      field.focus();
      field.select();
    });
  });

  return { load };
})();
