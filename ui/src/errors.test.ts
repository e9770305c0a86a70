import { expect, test } from "vitest";
import type { ErrorCode } from "./bindings";
import { messageOf } from "./errors";

const inside = 'SQLITE_FULL: database or disk is full, /home/wan/.local/share/beddenwacht/ledger.sqlite at line 3';

// Every code: one that is added does not compile here until somebody has decided about it.
const saidOf: Record<ErrorCode, RegExp> = {
  storage: /^Niet opgeslagen/,
  "not-found": /bestaat niet/,
  invalid: /kan zo niet/,
  offline: /./,
  refused: /./,
  "not-allowed": /mag dat hier niet/,
  "not-from-here": /vanuit deze toestand/,
  changed: /net veranderd/,
  unreadable: /Niet leesbaar/,
};

test("s_09: what went wrong inside is one sentence on the screen, and its particulars stay in the log", () => {
  for (const [code, sentence] of Object.entries(saidOf)) {
    // Of these two Rust says the particulars, in words for a person.
    if (code === "offline" || code === "refused") continue;
    const said = messageOf({ code, detail: inside, retry: false });
    expect(said).toMatch(sentence);
    expect(said).not.toContain("SQLITE");
    expect(said).not.toContain("/home");
  }
});

test("s_09: an error that nobody expected shows nothing of itself", () => {
  for (const error of [new Error(inside), inside, { message: inside }, null, undefined, 7]) {
    expect(messageOf(error)).toBe("Er ging iets mis; zie het logboek.");
  }
});
