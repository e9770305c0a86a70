import { screen, waitFor } from "@testing-library/svelte";
import { afterEach, expect, test } from "vitest";
import * as sample from "../../backend/sample";
import { desk } from "../../test-support/app";
import { setLanguage } from "../../text.svelte";

afterEach(() => setLanguage("nl"));

async function settings() {
  const opened = await desk({ settings: () => sample.settings() });
  await screen.findByRole("button", { name: "T Werklijst" });
  await opened.user.keyboard("8");
  await screen.findByTestId("settings");
  return opened;
}

test("whoever reads no Dutch finds English under its own name, and chooses it", async () => {
  const { backend, user } = await settings();
  await user.click(screen.getByRole("radio", { name: "English" }));
  expect(backend.argumentsOf("chooseLanguage")).toEqual([{ language: "en" }]);
});
test("the screen follows the language of the desk, and shows which one is chosen", async () => {
  const { backend } = await settings();
  expect(screen.getByRole<HTMLInputElement>("radio", { name: "Nederlands" }).checked).toBe(true);
  backend.sendFrame(sample.frame({ language: "en" }));
  await screen.findByRole("button", { name: "T Worklist" });
  await waitFor(() => expect(screen.getByRole<HTMLInputElement>("radio", { name: "English" }).checked).toBe(true));
});
test("of two choices one after the other, the last one counts", async () => {
  await settings();
  void setLanguage("en");
  await setLanguage("nl");
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(screen.getByRole("button", { name: "T Werklijst" })).toBeTruthy();
});
test("whose map the drive times come from, and under which licence, stands in the settings", async () => {
  await settings();
  const shown = screen.getByTestId("drive-times").textContent ?? "";
  expect(shown).toContain("© OpenStreetMap contributors, openrouteservice");
  expect(shown).toContain("ODbL");
});
