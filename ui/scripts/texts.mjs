// Holds the screen to the catalogue of texts: `node scripts/texts.mjs` fails where they differ,
// `node scripts/texts.mjs --write` writes src/bindings/text-keys.ts anew.
import { parse, Visitor } from "@fluent/syntax";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { extname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const ui = fileURLToPath(new URL("..", import.meta.url));
const house = join(ui, "..");
const bindings = join(ui, "src/bindings/text-keys.ts");
const wrong = [];

/** The messages and terms of a language: what each needs, and what each refers to. */
function catalogue(language) {
  const path = join(house, `assets/text/${language}.ftl`);
  const messages = new Map();
  const terms = new Set();
  for (const entry of parse(readFileSync(path, "utf8"), {}).body) {
    if (entry.type === "Junk") wrong.push(`${relative(house, path)}: not understood: ${entry.content.split("\n")[0]}`);
    if (entry.type === "Term") terms.add(entry.id.name);
    if (entry.type !== "Message") continue;
    const [needs, refers, usesTerms] = [new Set(), new Set(), new Set()];
    class Finder extends Visitor {
      visitVariableReference(node) {
        needs.add(node.id.name);
      }
      visitMessageReference(node) {
        refers.add(node.id.name);
      }
      visitTermReference(node) {
        usesTerms.add(node.id.name);
      }
    }
    new Finder().visit(entry);
    if (messages.has(entry.id.name)) wrong.push(`${language}: ${entry.id.name} stands there twice`);
    messages.set(entry.id.name, { needs: [...needs].sort(), refers, usesTerms });
  }
  for (const [key, { refers, usesTerms }] of messages) {
    for (const other of refers) if (!messages.has(other)) wrong.push(`${language}: ${key} refers to ${other}, which does not exist`);
    for (const term of usesTerms) if (!terms.has(term)) wrong.push(`${language}: ${key} uses the term -${term}, which does not exist`);
  }
  // What a message that is referred to needs has to be given as well.
  const needed = (key, seen = new Set()) => {
    const message = messages.get(key);
    if (!message || seen.has(key)) return [];
    seen.add(key);
    return [...message.needs, ...[...message.refers].flatMap((other) => needed(other, seen))];
  };
  return new Map([...messages].map(([key, message]) => [key, { ...message, needs: [...new Set(needed(key))].sort() }]));
}

/** All text of the files that may name a key. */
function sources(folder, extensions) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (["bindings", "target", "node_modules", "gen"].includes(entry.name)) return [];
    if (entry.isDirectory()) return sources(path, extensions);
    return extensions.includes(extname(path)) ? [readFileSync(path, "utf8")] : [];
  });
}

const dutch = catalogue("nl");
const english = catalogue("en");

const lines = [...dutch].map(([key, { needs }]) => `  "${key}": ${needs.map((n) => `"${n}"`).join(" | ") || "never"};`);
const wanted = `// Written by \`npm run texts\` from assets/text/nl.ftl. Do not edit.

/** Every sentence, and what has to be filled in. */
export interface TextArguments {
${lines.join("\n")}
}

export type TextKey = keyof TextArguments;
`;
if (process.argv.includes("--write")) writeFileSync(bindings, wanted);

const found = readFileSync(bindings, { encoding: "utf8", flag: "a+" });
if (found !== wanted) wrong.push("src/bindings/text-keys.ts is behind: run `npm run texts` and commit it");
for (const [key, { needs }] of dutch) {
  const other = english.get(key);
  if (!other) wrong.push(`en: ${key} is missing`);
  const unknown = (other?.needs ?? []).filter((n) => !needs.includes(n));
  if (unknown.length > 0) wrong.push(`en: ${key} wants ${unknown.join(", ")}, which nobody gives`);
}
for (const key of english.keys()) if (!dutch.has(key)) wrong.push(`en: ${key} is not in nl`);
/** Rust says `say!(language, BedFree)` of "bed-free", and names several at once to a `words!` of its own. */
const inRust = (key) => key.split("-").map((word) => word[0].toUpperCase() + word.slice(1)).join("");
const rust = sources(join(house, "src-tauri"), [".rs"]).filter((text) => !text.includes("pub enum Text<'a>")).join("\n");
const said = new Set([
  ...[...rust.matchAll(/\bsay!\(\s*[^,()]*(?:\(\))?[^,()]*,\s*([A-Z]\w*)/g)].map((match) => match[1]),
  ...[...rust.matchAll(/\bwords!\(([^)]*)\)/g)].flatMap((match) => match[1].split(/[\s,]+/)),
]);
const named = new Set(
  sources(join(ui, "src"), [".ts", ".svelte"]).flatMap((text) =>
    [...text.matchAll(/["']([a-z][a-z0-9]*(?:-[a-z0-9]+)*)["']/g)].map((match) => match[1]),
  ),
);
for (const { refers } of dutch.values()) for (const key of refers) named.add(key);
for (const key of dutch.keys()) if (!named.has(key) && !said.has(inRust(key))) wrong.push(`nl: nobody uses ${key}`);

for (const line of wrong) console.error(`texts: ${line}`);
process.exit(wrong.length > 0 ? 1 : 0);
