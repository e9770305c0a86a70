import { screen, waitFor } from "@testing-library/svelte";
import { describe, expect, test } from "vitest";
import * as sample from "./backend/sample";
import { type ScreenRow, screens } from "./screens";
import { session } from "./session.svelte";
import { desk } from "./test-support/app";
import { t } from "./text.svelte";

const rows: readonly ScreenRow[] = screens;

/** The desk with an answer for every screen, and a location that was looked at before. */
async function everyScreen() {
  const at = await desk({
    location: () => sample.location(),
    beds: () => sample.beds(),
    worklist: () => sample.worklist(),
    alarmMetrics: () => sample.alarmMetrics(),
    dataQuality: () => sample.dataQuality(),
    settings: () => sample.settings(),
  });
  await screen.findAllByTestId("tile");
  session.lastSite = "isala-zwolle";
  return at;
}
/** What the screen's component draws, told from any other's. */
const drawn = () => screen.getByRole("main").firstElementChild?.outerHTML.slice(0, 120) ?? "";

test("the list of screens is what stands in the top bar, in its order", async () => {
  await everyScreen();
  const bar = screen.getByRole("navigation", { name: "Schermen" });
  const shown = [...bar.querySelectorAll("button")].map((button) => button.textContent?.replace(/\s+/g, " ").trim());
  expect(shown).toEqual(rows.filter((row) => row.bar).map((row) => `${row.key} ${t(row.title)}`));
});

describe("the key of each screen opens it, and the component of its row is drawn", () => {
  test.each(rows.filter((row) => row.key !== undefined).map((row) => [row.id, row] as const))("%s", async (_, row) => {
    const { user } = await everyScreen();
    session.open(row.id === "region" ? "settings" : "region");
    await waitFor(() => expect(screen.queryAllByTestId("tile").length === 0).toBe(row.id === "region"));
    const before = drawn();
    await user.keyboard((row.key ?? "").toLowerCase());
    expect(session.screen.id).toBe(row.id);
    await waitFor(() => expect(drawn()).not.toBe(before));
  });
});

test("no two screens have the same name, key or component", async () => {
  for (const of of [(row: ScreenRow) => row.id, (row: ScreenRow) => row.title, (row: ScreenRow) => row.key ?? row.id])
    expect(new Set(rows.map(of)).size).toBe(rows.length);
  const components = await Promise.all(rows.map(async (row) => (await row.load()).default));
  expect(new Set<unknown>(components).size).toBe(rows.length);
});

test("Escape leads where the row says, and to the region where it says nothing", async () => {
  const { user } = await everyScreen();
  for (const row of rows.filter((row) => row.id !== "region")) {
    session.screen = { id: row.id as (typeof screens)[number]["id"], site: "isala-zwolle" };
    await user.keyboard("{Escape}");
    expect(session.screen.id, row.id).toBe(row.back ?? "region");
  }
  await waitFor(() => expect(screen.queryAllByTestId("tile").length).toBeGreaterThan(0));
});
