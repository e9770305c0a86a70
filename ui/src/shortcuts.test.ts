import { describe, expect, test } from "vitest";
import { screens } from "./screens";
import { meant, screenOf, type Shortcut, shortcuts } from "./shortcuts";

const press = (key: string, modifiers: KeyboardEventInit = {}) => new KeyboardEvent("keydown", { key, ...modifiers });
const rows: readonly Shortcut[] = shortcuts;

test("no key means two things in the same place", () => {
  const seen = new Set<string>();
  for (const row of rows.filter((row) => row.action !== "native"))
    for (const key of row.keys) {
      const name = `${row.where} ${row.ctrl ? "ctrl " : ""}${row.shift ?? ""} ${key}`;
      expect(seen.has(name), name).toBe(false);
      seen.add(name);
    }
});
test("no key that opens a screen is taken by something else", () => {
  for (const row of screens)
    if ("key" in row) expect(rows.filter((other) => other.keys.includes(row.key.toLowerCase())), row.id).toEqual([]);
});

describe("a key", () => {
  test("means what the screen says before what holds everywhere", () => {
    expect(meant(press("Escape"), "beds").map((row) => row.action)).toEqual(["back"]);
    expect(meant(press("b"), "location").map((row) => row.action)).toEqual(["beds"]);
  });
  test("of another screen means nothing", () => {
    expect(meant(press("b"), "region")).toEqual([]);
  });
  test("is the same as a capital, for whoever has Caps Lock on", () => {
    expect(meant(press("M"), "region").map((row) => row.action)).toEqual(["silence"]);
    expect(screenOf(press("t"))).toBe("worklist");
  });
  test("with Control is another key", () => {
    expect(meant(press("m", { ctrlKey: true }), "region")).toEqual([]);
    expect(meant(press("z", { ctrlKey: true }), "region").map((row) => row.action)).toEqual(["undo"]);
    expect(screenOf(press("1", { ctrlKey: true }))).toBe(undefined);
  });
  test("with Shift chooses more beds where it alone would go to one", () => {
    expect(meant(press("ArrowUp"), "beds").map((row) => row.action)).toEqual(["move"]);
    expect(meant(press("ArrowUp", { shiftKey: true }), "beds").map((row) => row.action)).toEqual(["extend"]);
  });
});
