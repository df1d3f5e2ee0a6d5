// RSS and Atom by npm's `feed`, which knows no sources. Its folder of modules is where it is run.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const found = createRequire(`${process.cwd()}/`).resolve("feed");
const { Feed } = await import(pathToFileURL(found));

function write(entries) {
  const feed = new Feed({
    id: "tag:example.com,2025-04-01:feed",
    title: "港と潮",
    link: "https://example.com/",
    description: "海辺の連載。",
    author: { name: "編集部" },
    language: "ja",
    updated: entries[0].updated,
  });
  for (const one of entries) {
    feed.addItem({
      id: one.id,
      title: one.title,
      link: one.address,
      description: one.summary,
      content: one.content,
      author: [{ name: one.author }],
      category: one.tags.map((name) => ({ name })),
      published: one.published,
      date: one.updated,
    });
  }
  return [feed.atom1(), feed.rss2()];
}

const entries = JSON.parse(readFileSync(process.argv[2], "utf-8")).map((one) => ({
  ...one,
  published: new Date(one.published),
  updated: new Date(one.updated),
}));
const runs = [];
while (runs.length < 3 || runs.reduce((all, one) => all + one, 0) < 1) {
  const begun = process.cpuUsage();
  write(entries);
  const used = process.cpuUsage(begun);
  runs.push((used.user + used.system) / 1e6);
}
console.log(Math.min(...runs));
