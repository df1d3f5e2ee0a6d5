// Reads header fields, one JSON string a line, and prints each value decoded in the same way.
import { createInterface } from "node:readline";
import libmime from "libmime";

for await (const line of createInterface({ input: process.stdin })) {
  const { value } = libmime.decodeHeader(JSON.parse(line));
  console.log(JSON.stringify(libmime.decodeWords(value)));
}
