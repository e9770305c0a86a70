import { render, screen } from "@testing-library/svelte";
import { expect, test } from "vitest";
import * as sample from "../../backend/sample";
import type { FrameView } from "../../bindings";
import { session } from "../../session.svelte";
import { desk } from "../../test-support/app";
import BottomStrip from "./BottomStrip.svelte";

const coverage = (changes: Partial<FrameView>) => {
  render(BottomStrip, { frame: sample.frame(changes), notification: null });
  return screen.getByTestId("coverage");
};
const offline = { state: "offline", text: "Offline sinds 01:58", offline_since: "01:58", heard_s: null };

test("the strip says how many locations are current", () => {
  expect(coverage({ current: 7, locations: 8 }).textContent?.trim()).toBe("7 van 8 locaties actueel");
});
test("ah_17: offline the strip says since when, and calls nothing current, however young the numbers are", () => {
  const said = coverage({ connection: offline, current: 8, locations: 8 });
  expect(said.textContent).toContain("offline sinds 01:58");
  expect(said.textContent).not.toContain("actueel");
  expect(said.className).toContain("warn");
});
test("what was just done is said in the strip, where it covers no number of a tile", async () => {
  await desk();
  await screen.findAllByTestId("tile");
  session.notify("3 bedden gelabeld");
  const notification = await screen.findByText("3 bedden gelabeld");
  expect(notification.closest("footer")).not.toBe(null);
  expect(notification.getAttribute("role")).toBe("status");
});
test("before a region is chosen there is no strip, and what went wrong is said all the same", async () => {
  await desk({ frame: () => sample.frame({ first_start: true }) });
  await screen.findByText("Beddenwacht");
  session.notify("De server antwoordt niet.", true);
  expect(await screen.findByText("De server antwoordt niet.")).not.toBe(null);
});
