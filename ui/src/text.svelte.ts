// Every sentence of the screen, from the one catalogue in assets/text.
//
//     t("beds-taken-back", { n: 3 })    // "3 bedden teruggezet"
//
// Keys and their arguments are types (bindings/text-keys.ts): a sentence that does not exist does not compile.
import { FluentBundle, FluentNumber, FluentResource, type FluentVariable } from "@fluent/bundle";
import dutch from "../../assets/text/nl.ftl?raw";
import type { Language } from "./bindings";
import type { TextArguments, TextKey } from "./bindings/text-keys";

export type { Language, TextKey };

type Arguments<Key extends TextKey> = [TextArguments[Key]] extends [never] ? [] : [Record<TextArguments[Key], string | number>];

/** A key that can be shown as it is, without anything to fill in. */
export type PlainKey = { [Key in TextKey]: [TextArguments[Key]] extends [never] ? Key : never }[TextKey];

function catalogue(language: Language, text: string): FluentBundle {
  // Without isolation marks: what is copied, exported or tested must not carry them.
  const bundle = new FluentBundle(language, { useIsolating: false });
  bundle.addResource(new FluentResource(text));
  return bundle;
}

const fallback = catalogue("nl", dutch);
let chosen = $state.raw(fallback);

// English is fetched, which takes a moment: what was wanted last counts.
let wanted: Language = "nl";

/** Shows everything in another language from now on. */
export async function setLanguage(language: Language) {
  if (wanted === language) return;
  wanted = language;
  const next = language === "nl" ? fallback : catalogue(language, (await import("../../assets/text/en.ftl?raw")).default);
  if (wanted !== language) return;
  chosen = next;
  document.documentElement.lang = language;
}

export const language = (): Language => (chosen === fallback ? "nl" : "en");

/** A measure with one decimal: "78,3". */
export const decimal = (value: number) =>
  new Intl.NumberFormat(language(), { minimumFractionDigits: 1, maximumFractionDigits: 1, useGrouping: false }).format(value);

// Counts are written as they are, "1700" and not "1.700"; the plural is still chosen by the number.
const plain = (value: string | number): FluentVariable =>
  typeof value === "number" ? new FluentNumber(value, { useGrouping: false }) : value;

/** The sentence of a key in the chosen language; in Dutch where that has none. */
export function t<Key extends TextKey>(key: Key, ...args: Arguments<Key>): string {
  const bundle = chosen.hasMessage(key) ? chosen : fallback;
  const pattern = bundle.getMessage(key)?.value;
  if (!pattern) return key;
  const values = Object.entries<string | number>(args[0] ?? {}).map(([name, value]) => [name, plain(value)] as const);
  return bundle.formatPattern(pattern, Object.fromEntries(values), []);
}
