import { render, screen } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { use } from "../../backend";
import { fixture } from "../../backend/fixture";
import * as sample from "../../backend/sample";
import type { Drive } from "../../bindings";
import StopDialog from "./StopDialog.svelte";

/** The line of the only neighbour, as it is read. */
async function neighbour(drive: Drive | null) {
  const others = sample.stopOutlook().others.map((other) => ({ ...other, drive }));
  use(fixture({ stopOutlook: () => sample.stopOutlook({ others }) }));
  render(StopDialog, { id: "isala", name: "Isala Zwolle", onclose: () => undefined });
  const name = await screen.findByText("Deventer Ziekenhuis");
  return (name.closest("tr")?.textContent ?? "").replace(/\s+/g, " ");
}

test("the drive to a neighbour is a band, with the minutes by siren beside it", async () => {
  const line = await neighbour({ band: "25–32", siren_min: 20, by_distance: false });
  expect(line).toContain("ca. 25–32 min");
  expect(line).toContain("met sirene ca. 20");
  expect(line).not.toContain("geschat");
});
test("a drive that was worked out from the distance says so", async () => {
  expect(await neighbour({ band: "31–45", siren_min: null, by_distance: true })).toContain("geschat naar afstand");
});
test("where the drive or its minutes by siren are not known, no number stands there", async () => {
  const line = await neighbour(null);
  expect(line).toContain("?");
  expect(line).not.toMatch(/min|sirene/);
});
