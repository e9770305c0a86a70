import { fireEvent, screen, waitFor } from "@testing-library/svelte";
import { describe, expect, test } from "vitest";
import * as sample from "../../backend/sample";
import type { BedsView } from "../../bindings";
import { session } from "../../session.svelte";
import { type Answers, desk } from "../../test-support/app";

const { bed, room, ward } = sample;

/** Two wards: one with a room of two and a room of one, the other with a room of two. */
const map = (changes: Partial<BedsView> = {}) =>
  sample.beds({
    wards: [ward("A", [room("A1", [bed("a1"), bed("a2")]), room("A2", [bed("a3")])]), ward("B", [room("B1", [bed("b1"), bed("b2")])])],
    ...changes,
  });

async function bedMap(view: BedsView = map(), answers: Answers = {}) {
  const at = await desk({ beds: () => view, labelChoices: () => sample.choices(), ...answers });
  session.open("beds", "isala-zwolle");
  await screen.findByTestId("beds");
  return at;
}
const cell = (id: string) => document.querySelector<HTMLElement>(`[data-bed=${id}]`)!;
const chosen = () => [...document.querySelectorAll<HTMLElement>("[data-bed][aria-pressed=true]")].map((e) => e.dataset["bed"]);

/** Puts every bed where a window would have it: beds of a room side by side, rooms and wards below each other. */
function place(rows: string[][]) {
  rows.forEach((row, y) =>
    row.forEach((id, x) => {
      const [left, top] = [x * 43, y * 52];
      cell(id).getBoundingClientRect = () => ({ left, right: left + 40, top, bottom: top + 40 }) as DOMRect;
    }),
  );
}

describe("choosing beds with the mouse", () => {
  test("a click chooses that bed alone", async () => {
    const { user } = await bedMap();
    await user.click(cell("a1"));
    await user.click(cell("b1"));
    expect(chosen()).toEqual(["b1"]);
  });
  test("Shift and a click choose every bed up to there, across rooms and wards", async () => {
    const { user } = await bedMap();
    await user.click(cell("a2"));
    await user.keyboard("{Shift>}");
    await user.click(cell("b1"));
    await user.keyboard("{/Shift}");
    expect(chosen()).toEqual(["a2", "a3", "b1"]);
  });
  test("Control and a click add a bed, and take it away again", async () => {
    const { user } = await bedMap();
    await user.click(cell("a1"));
    await user.keyboard("{Control>}");
    await user.click(cell("b2"));
    expect(chosen()).toEqual(["a1", "b2"]);
    await user.click(cell("a1"));
    await user.keyboard("{/Control}");
    expect(chosen()).toEqual(["b2"]);
  });
  test("a rectangle from an empty spot chooses the beds that it touches", async () => {
    await bedMap();
    place([["a1", "a2"], ["a3"], ["b1", "b2"]]);
    await fireEvent.pointerDown(screen.getByTestId("beds"), { clientX: 20, clientY: 45 });
    await fireEvent.pointerMove(window, { clientX: 60, clientY: 120 });
    await fireEvent.pointerUp(window);
    expect(chosen()).toEqual(["a3", "b1", "b2"]);
  });
  test("a slip of the hand on an empty spot keeps what was chosen", async () => {
    const { user } = await bedMap();
    await user.click(cell("a1"));
    await fireEvent.pointerDown(screen.getByTestId("beds"), { clientX: 20, clientY: 45 });
    await fireEvent.pointerMove(window, { clientX: 22, clientY: 47 });
    await fireEvent.pointerUp(window);
    expect(chosen()).toEqual(["a1"]);
  });
});

describe("choosing beds with the keyboard", () => {
  test("arrows go from bed to bed and take the focus along", async () => {
    const { user } = await bedMap();
    place([["a1", "a2"], ["a3"], ["b1", "b2"]]);
    await user.keyboard("{ArrowRight}{ArrowRight}{ArrowDown}");
    expect(chosen()).toEqual(["a3"]);
    expect(document.activeElement).toBe(cell("a3"));
  });
  test("Shift and arrows choose more beds", async () => {
    const { user } = await bedMap();
    place([["a1", "a2"], ["a3"], ["b1", "b2"]]);
    await user.keyboard("{ArrowRight}{Shift>}{ArrowRight}{ArrowRight}{/Shift}");
    expect(chosen()).toEqual(["a1", "a2", "a3"]);
  });
  test("R chooses the whole room, A the whole ward", async () => {
    const { user } = await bedMap();
    await user.click(cell("a2"));
    await user.keyboard("r");
    expect(chosen()).toEqual(["a1", "a2"]);
    await user.keyboard("a");
    expect(chosen()).toEqual(["a1", "a2", "a3"]);
  });
  test("L opens the label panel for the chosen beds", async () => {
    const { user } = await bedMap();
    await user.click(cell("a1"));
    await user.keyboard("l");
    expect((await screen.findByRole("dialog")).getAttribute("aria-label")).toBe("Label geven · 1 bed");
  });
  test("L does nothing for an account that may not label here, and the screen says so", async () => {
    const { user } = await bedMap(map({ may_label: false }));
    await user.click(cell("a1"));
    await user.keyboard("l");
    expect(session.dialog).toBe(null);
    expect(screen.getByTestId("beds").textContent).toContain("dit account labelt hier niet");
  });
  test("Escape leads back to the location", async () => {
    const { user } = await bedMap();
    await user.keyboard("{Escape}");
    expect(session.screen).toEqual({ id: "location", site: "isala-zwolle" });
    // Its component arrives before the test ends.
    await waitFor(() => expect(screen.queryByTestId("beds")).toBe(null));
  });
});

test("ah_27: a bed of which nobody knows the state shows a question mark, not a free bed", async () => {
  await bedMap(map({ wards: [ward("A", [room("A1", [bed("a1", { state: "unknown" })])])] }));
  expect(cell("a1").textContent).toContain("?");
  expect(cell("a1").className).toContain("unknown");
});

test("blocked beds are hidden until they are asked for", async () => {
  const { user } = await bedMap(map({ blocked: 1, wards: [ward("A", [room("A1", [bed("a1"), bed("a2", { state: "blocked" })])])] }));
  expect(cell("a2")).toBe(null);
  await user.click(screen.getByRole("button", { name: "geblokkeerd 1" }));
  expect(cell("a2")).not.toBe(null);
});

test("what was chosen stays chosen when a delivery arrives", async () => {
  let view = map();
  const { backend, user } = await bedMap(view, { beds: () => view });
  await user.click(cell("a1"));
  view = map({ free: 9 });
  backend.sendChanged(["beds"]);
  await waitFor(() => expect(screen.getByTestId("beds").textContent).toContain("vrij 9"));
  expect(chosen()).toEqual(["a1"]);
});
