// Every key of the application, one row each. The sheet behind `?` is drawn from this list, and App.svelte acts by it.
import { type ScreenId, screens } from "./screens";
import type { PlainKey } from "./text.svelte";

export interface Shortcut {
  /** As the browser names them, letters in lower case. */
  keys: readonly string[];
  ctrl?: boolean;
  /** Left out, it does not matter: "?" needs Shift on one keyboard and not on another. */
  shift?: boolean;
  /** What stands on the sheet; the keys themselves if nothing is said. */
  shown?: PlainKey;
  what: PlainKey;
  /** A screen's own keys come before those that hold everywhere. */
  where: ScreenId | "everywhere";
  /** `native`: the browser does it; here only to be shown. */
  action: string;
}

const arrows = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"] as const;

export const shortcuts = [
  { keys: ["Tab"], what: "key-tab", where: "everywhere", action: "native" },
  { keys: ["Enter"], what: "key-enter", where: "everywhere", action: "native" },
  { keys: ["Escape"], shown: "key-name-escape", what: "key-back", where: "everywhere", action: "back" },
  { keys: ["/"], what: "key-filter", where: "everywhere", action: "filter" },
  { keys: ["c"], what: "key-copy", where: "everywhere", action: "copy-phone" },
  { keys: ["w"], what: "key-wall", where: "everywhere", action: "wall" },
  { keys: [" "], shown: "key-name-space", what: "key-acknowledge", where: "everywhere", action: "acknowledge" },
  { keys: ["v"], what: "key-next-alarm", where: "everywhere", action: "next-alarm" },
  { keys: ["p"], what: "key-shelve", where: "everywhere", action: "shelve" },
  { keys: ["m"], what: "key-silence", where: "everywhere", action: "silence" },
  { keys: ["o"], what: "key-take-over", where: "everywhere", action: "take-over" },
  { keys: ["n"], what: "key-night", where: "everywhere", action: "night" },
  { keys: ["z"], ctrl: true, what: "key-undo", where: "everywhere", action: "undo" },
  { keys: ["?"], what: "key-sheet", where: "everywhere", action: "keys" },

  { keys: arrows, shown: "key-name-arrows", what: "key-region-move", where: "region", action: "move" },

  { keys: ["b"], what: "key-location-beds", where: "location", action: "beds" },
  { keys: ["s"], what: "key-location-stop", where: "location", action: "announce" },

  { keys: arrows, shift: false, shown: "key-name-arrows", what: "key-beds-move", where: "beds", action: "move" },
  { keys: arrows, shift: true, shown: "key-name-shift-arrows", what: "key-beds-extend", where: "beds", action: "extend" },
  { keys: ["r"], what: "key-beds-room", where: "beds", action: "room" },
  { keys: ["a"], what: "key-beds-ward", where: "beds", action: "ward" },
  { keys: ["Enter"], what: "key-beds-detail", where: "beds", action: "detail" },
  { keys: ["l"], what: "key-beds-label", where: "beds", action: "label" },
] as const satisfies readonly Shortcut[];

/** The actions of a place, as its handlers must name them. */
export type ActionOf<Where extends ScreenId | "everywhere"> = Exclude<
  Extract<(typeof shortcuts)[number], { where: Where }>["action"],
  "native"
>;

/** Does what a key asks; `false` leaves the key to the browser. */
export type Handler = (event: KeyboardEvent) => void | false;

const letter = (key: string) => (key.length === 1 ? key.toLowerCase() : key);

function fits(row: Shortcut, event: KeyboardEvent): boolean {
  return (
    row.keys.includes(letter(event.key)) &&
    (row.ctrl ?? false) === event.ctrlKey &&
    (row.shift === undefined || row.shift === event.shiftKey)
  );
}

/** The rows that a key means on a screen: the screen's own first, then those of everywhere. */
export function meant(event: KeyboardEvent, on: ScreenId): Shortcut[] {
  const of = (where: Shortcut["where"]) => shortcuts.filter((row) => row.where === where && row.action !== "native" && fits(row, event));
  return [...of(on), ...of("everywhere")];
}

/** The screen that a key opens. */
export function screenOf(event: KeyboardEvent): ScreenId | undefined {
  if (event.ctrlKey) return undefined;
  return screens.find((row) => "key" in row && letter(row.key) === letter(event.key))?.id;
}
