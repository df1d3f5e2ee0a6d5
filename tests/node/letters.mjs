// Reads names of HTML files, one a line; prints what html-validate and caniemail hold against each,
// beyond what is allowed here with its reason, as JSON: [[file, problem], ...].
import { readFileSync } from "node:fs";
import { HtmlValidate } from "html-validate";
import { caniemail } from "caniemail";

// Rules of pages that letters must break.
const ALLOWED_HTML = {
  "no-inline-style": "mail programs drop or ignore <style>: styles stand in the elements",
  "no-deprecated-attr": "Outlook lays out by align, width, bgcolor, cellpadding and cellspacing",
  "no-conditional-comment": "the column of 600 pixels for Outlook stands in one",
  "prefer-tbody": "rows of layout tables, not of data",
  "prefer-native-element": "<article> becomes <div> in mail programs, and its role is lost with it",
  "no-redundant-role": "a list without marks is no list to VoiceOver unless it says so",
  "long-title": "the title is the subject, and a subject is as long as its article's title",
};

// What some program does not know, and why the letter is as readable without it.
const ALLOWED_MAIL = {
  "<style> element": "what is in it is for phones and dark mode; the rest is inlined",
  "<body> element": "becomes a <div>: the page's colour stands on the layout table too",
  "@media": "without it the desktop's spaces and light colours hold",
  "Attribute selector": "[data-ogsc] is for Outlook's own dark mode alone",
  "Chaining selectors": "in <style> alone, as @media",
  "Class selector": "in <style> alone, as @media",
  "Descendant combinator": "in <style> alone, as @media",
  "Type selector": "in <style> alone, as @media",
  "aria-hidden attribute": "then the bulb is read aloud, and nothing is lost",
  "aria-label attribute": "then the button is read as it is written, with its part",
  "role attribute": "then a reader hears of layout tables",
  "border-radius": "corners are square then",
  "border-spacing": "the attribute cellspacing says the same",
  "display:none": "the preheader is a pixel high, too",
  "opacity": "as display:none",
  "overflow": "as display:none",
  "overflow-wrap": "word-break says it for those",
  "word-break": "overflow-wrap says it for those; a word of 60 letters is rare",
  "text-wrap": "lines are broken as ever",
  "white-space": "code may run on in one line",
  "<ruby> element": "then a reading stands in brackets after its word",
  "<rt> element": "as <ruby>",
  "<rp> element": "as <ruby>: the brackets are in it",
  "height property": "line-height gives the bar and the gaps their height",
};

const validator = new HtmlValidate({ extends: ["html-validate:recommended"] });
const clients = ["gmail.*", "outlook.*", "apple-mail.*", "yahoo.*"];
const problems = [];
for (const file of readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  const html = readFileSync(file, "utf8");
  for (const result of (await validator.validateString(html)).results)
    for (const { ruleId, message, line } of result.messages)
      if (!(ruleId in ALLOWED_HTML)) problems.push([file, `line ${line}: ${ruleId}: ${message}`]);
  for (const [client, issues] of caniemail({ clients, html }).issues.errors)
    for (const { title } of issues)
      if (!(title in ALLOWED_MAIL)) problems.push([file, `${client}: ${title}`]);
}
console.log(JSON.stringify(problems));
