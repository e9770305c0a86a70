import { render, screen } from "@testing-library/svelte";
import { expect, test } from "vitest";
import * as sample from "../../backend/sample";
import type { Tile as TileView } from "../../bindings";
import { desk } from "../../test-support/app";
import Tile from "./Tile.svelte";

const shown = (changes: Partial<TileView>) => {
  render(Tile, { tile: sample.tile(changes), dense: false, onopen: () => {} });
  return screen.getByTestId("tile");
};
const values = (tile: HTMLElement) => [...tile.querySelectorAll(".value")].map((e) => e.textContent);

test("a row says how many beds are free, held back and offered", () => {
  expect(values(shown({ rows: [sample.row({ free: 2, held: 1, offered: 1 })] }))).toEqual(["2", "1", "1"]);
});
test("ah_27: a number that nobody knows is a question mark and never 0", () => {
  expect(values(shown({ rows: [sample.row({ free: null, offered: null, held: 0 })] }))).toEqual(["?", "0", "?"]);
});
test("ah_27: beds of which the state is unknown stand beside the free ones", () => {
  expect(values(shown({ rows: [sample.row({ free: 2, unknown: 3 })] }))[0]).toBe("2+3?");
});
test("ah_26: a stale tile strikes its numbers through and its age stands out", () => {
  const tile = shown({ freshness: "stale", age: "3 u" });
  expect(tile.querySelector(".rows")?.classList.contains("old")).toBe(true);
  expect(tile.querySelector(".age.stale")?.textContent).toBe("3 u oud");
});
test("ah_26: a tile whose age is unknown says so with a question mark", () => {
  expect(shown({ freshness: "unknown", age: "onbekend" }).querySelector(".age.unknown")?.textContent).toBe("? onbekend oud");
});
test("ah_10: a stop is a shape, a word and a colour", () => {
  const tile = shown({ seh: { status: "stop", title: "STOP SEH", lines: ["SEH vol"] } });
  expect(tile.querySelector(".seh svg.stop rect")).not.toBe(null);
  expect(tile.querySelector(".seh")?.textContent).toContain("STOP SEH");
});
test("s_05: a name that is a script is a name", () => {
  const name = '<img src="x" onerror="document.title = 1"><script>document.title = 1</script>';
  const tile = shown({ name, seh: { status: "stop", title: name, lines: [name] } });
  expect(tile.querySelector("img, script")).toBe(null);
  expect(tile.textContent).toContain(name);
});
test("a location without an emergency department says so, and shows no meter", () => {
  const tile = shown({ seh: null, meter: null });
  expect(tile.textContent).toContain("Geen SEH");
  expect(tile.querySelector("[data-testid=meter]")).toBe(null);
});
test("a busyness that is not delivered is said, not left out", () => {
  expect(shown({ meter: null }).textContent).toContain("druk: niet aangeleverd");
});
test("ah_17: offline the whole frame says so while the tiles stay", async () => {
  await desk({ frame: () => sample.frame({ connection: { state: "offline", text: "Offline sinds 01:58 — u ziet de stand van 01:55", offline_since: "01:58", heard_s: null } }) });
  expect((await screen.findAllByTestId("tile")).length).toBe(2);
  expect(document.querySelector(".frame.offline")).not.toBe(null);
  expect(screen.getByTestId("connection").textContent).toContain("Offline sinds 01:58");
});
