// Search without a server: site/search.py says how the index is cut. A file of it is a script that
// hands its value to syndicateSearch(NAME, VALUE), so that it can be read from disk as well.
"use strict";
(() => {
  const form = document.querySelector("form.search");
  const field = document.getElementById("q");
  const status = document.getElementById("found");
  const results = document.getElementById("results");
  const blocks = form.dataset.blocks.trim().split(" ").filter(Boolean);
  const TEXTS = 40, PREFIX = 5, SHOWN = 20; // the first two as in site/search.py
  const UNPARTED = "\\u0e00-\\u0eff\\u1000-\\u109f\\u1780-\\u17ff\\u2e80-\\ud7af\\uf900-\\ufaff\\u{20000}-\\u{3ffff}";
  const RUN = new RegExp(`[${UNPARTED}]+|[^${UNPARTED}]+`, "gu");
  const IS_UNPARTED = new RegExp(`^[${UNPARTED}]`, "u");
  const loaded = new Map();
  const waiting = new Map();
  let asked = 0;

  window.syndicateSearch = (name, value) => waiting.get(name)(value);

  const load = (name) => {
    if (!loaded.has(name)) {
      loaded.set(name, new Promise((resolve, reject) => {
        const script = document.createElement("script");
        waiting.set(name, resolve);
        script.onerror = () => { loaded.delete(name); reject(new Error(name)); };
        script.src = `${name}.js`;
        document.head.append(script);
      }));
    }
    return loaded.get(name);
  };

  const normal = (text) => text.normalize("NFKC").toLowerCase();
  const wordsOf = (query) => normal(query).match(/[\p{L}\p{N}\p{M}]+/gu) || [];

  // The keys of a word: [key, whether it is but the beginning of one].
  const keysOf = (word) => word.match(RUN).flatMap((run) => {
    const letters = [...run];
    if (!IS_UNPARTED.test(run)) return [[letters.slice(0, PREFIX).join(""), letters.length < PREFIX]];
    if (letters.length === 1) return [[run, true]];
    return letters.slice(1).map((letter, place) => [letters[place] + letter, false]);
  });

  const places = (steps) => {
    let last = 0;
    return steps.split(",").map((step) => (last += Number(step)));
  };

  // The articles of a block that have a key.
  const having = async (block, [key, begins]) => {
    const files = Number(block.split("-")[1]);
    const index = await load(`${block}/k${key.codePointAt(0) % files}`);
    if (!begins) return new Set(index[key] ? places(index[key]) : []);
    return new Set(Object.keys(index).filter((one) => one.startsWith(key)).flatMap((one) => places(index[one])));
  };

  const candidates = async (block, words) => {
    const sets = await Promise.all(words.flatMap(keysOf).map((key) => having(block, key)));
    const [first, ...others] = sets.sort((a, b) => a.size - b.size);
    return [...first].filter((place) => others.every((set) => set.has(place))).sort((a, b) => b - a);
  };

  // What a block has, the newest first; of each the text is read, and has to hold every word.
  const hits = async function* (words) {
    for (const block of blocks) {
      for (const place of await candidates(block, words)) {
        const some = await load(`${block}/t${Math.floor(place / TEXTS)}`);
        const record = some[place % TEXTS];
        const text = normal(`${record[0]}\n${record[4]}\n${record[5]}`);
        if (words.every((word) => text.includes(word))) yield record;
      }
    }
  };

  // Mark the words where they stand as they were asked for; other widths and cases go unmarked.
  const marked = (text, words) => {
    const escaped = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    const parts = text.split(new RegExp(`(${escaped.join("|")})`, "giu"));
    return parts.map((part, place) => {
      if (place % 2 === 0) return part;
      const mark = document.createElement("mark");
      mark.textContent = part;
      return mark;
    });
  };

  const element = (name, className, ...content) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...content);
    return made;
  };

  const shown = ([title, href, date, language, summary, highlights], words) => {
    const day = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeZone: form.dataset.zone });
    const time = element("time", "", day.format(new Date(date)));
    time.dateTime = date;
    const link = element("a", "", ...marked(title, words));
    link.href = href;
    const heading = element("h2", "", link);
    const lines = highlights.split("\n").filter((line) => words.some((word) => normal(line).includes(word)));
    const article = element("article", "teaser", element("p", "eyebrow", time), heading);
    for (const text of [summary, ...lines.slice(0, 2)].filter(Boolean)) article.append(element("p", "", ...marked(text, words)));
    for (const part of article.querySelectorAll("h2, h2 ~ p")) part.lang = language;
    return article;
  };

  const more = async (found, words, mine) => {
    let next;
    for (let count = 0; count < SHOWN; count += 1) {
      next = await found.next();
      if (mine !== asked || next.done) break;
      results.append(shown(next.value, words));
    }
    if (mine !== asked) return;
    const total = results.querySelectorAll("article").length;
    status.textContent = total ? form.dataset.many.replace("{count}", next.done ? total : `${total}+`) : form.dataset.none;
    if (next.done) return;
    const button = element("button", "action", form.dataset.more);
    button.type = "button";
    button.addEventListener("click", () => { button.remove(); more(found, words, mine); });
    results.append(button);
  };

  const search = (query) => {
    const words = wordsOf(query);
    const mine = (asked += 1);
    results.replaceChildren();
    status.textContent = "";
    if (words.length) more(hits(words), words, mine).catch((error) => { status.textContent = String(error.message); });
  };

  form.hidden = false;
  field.value = new URLSearchParams(location.search).get("q") || "";
  search(field.value);
  field.addEventListener("input", () => search(field.value));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    history.replaceState(null, "", `?q=${encodeURIComponent(field.value)}`);
    search(field.value);
  });
})();
