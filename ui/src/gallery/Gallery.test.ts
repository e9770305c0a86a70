import { render, screen } from "@testing-library/svelte";
import { expect, test } from "vitest";
import Gallery from "./Gallery.svelte";
import { sections } from "./states";

test("every component stands in every state on the page, by day and by night", async () => {
  render(Gallery);
  expect(document.querySelectorAll("figure").length).toBeGreaterThanOrEqual(2 * sections.flatMap((section) => section.states).length);
  // What the screens ask for has arrived.
  expect((await screen.findAllByTestId("beds")).length).toBe(2);
  expect((await screen.findAllByTestId("settings")).length).toBe(2);
});
