// What three readers of npm make of feeds: an address a line comes in, one JSON object goes out:
// of each reader the entries in their order, and the language of the feed where it shows one.
import { readFileSync } from "node:fs";
import { parseFeed as parseRowan } from "@rowanmanning/feed-parser";
import { parseFeed as parseSmith } from "feedsmith";
import Parser from "rss-parser";

const seconds = (date) => Math.floor(new Date(date).getTime() / 1000);

async function rssParser(text) {
  const feed = await new Parser().parseString(text);
  const items = feed.items.map((one) => ({
    id: one.guid ?? one.id,
    title: one.title,
    published: seconds(one.isoDate),
    author: one.creator ?? one.author,
    content: one["content:encoded"] ?? one.content,
    language: one.language,
  }));
  return [items, feed.language];
}

async function feedParser(text) {
  const feed = parseRowan(text);
  const items = feed.items.map((one) => ({
    id: one.id,
    title: one.title,
    published: seconds(one.published),
    author: one.authors[0].name,
    content: one.content,
  }));
  return [items, feed.language];
}

async function feedsmith(text) {
  const { format, feed } = parseSmith(text);
  if (format === "atom") {
    const entries = feed.entries.map((one) => ({
      id: one.id,
      title: one.title.value,
      published: seconds(one.published),
      author: one.authors[0].name,
      content: one.content.value,
      language: one.xml.lang,
    }));
    return [entries, feed.xml.lang];
  }
  const items = feed.items.map((one) => ({
    id: one.guid.value,
    title: one.title,
    published: seconds(one.pubDate),
    author: one.dc.creators[0],
    content: one.content.encoded,
    language: one.dc.languages[0],
  }));
  return [items, feed.language];
}

const readers = { "rss-parser": rssParser, "feed-parser": feedParser, feedsmith };
const found = {};
for (const address of readFileSync(0, "utf-8").split("\n").filter(Boolean)) {
  const first = await fetch(address);
  const text = await first.text();
  const again = await fetch(address, { headers: { "If-None-Match": first.headers.get("etag") } });
  found[address] = { again: again.status };
  for (const [name, read] of Object.entries(readers)) found[address][name] = await read(text);
}
console.log(JSON.stringify(found));
