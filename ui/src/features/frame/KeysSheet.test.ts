import { render, screen } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { screens } from "../../screens";
import { session } from "../../session.svelte";
import { shortcuts } from "../../shortcuts";
import { t } from "../../text.svelte";
import KeysSheet from "./KeysSheet.svelte";

const sheet = () => {
  render(KeysSheet, { onclose: () => {} });
  return screen.getByRole("dialog");
};

test("the sheet is the list of keys and nothing beside it", () => {
  const said = [...sheet().querySelectorAll("dd")].map((e) => e.textContent);
  const screensOpened = screens.flatMap((row) => ("key" in row ? [t("key-screen", { screen: t(row.title) })] : []));
  expect(said.sort()).toEqual([...shortcuts.map((row) => t(row.what)), ...screensOpened].sort());
});
test("every key that opens a screen stands on the sheet", () => {
  const keys = [...sheet().querySelectorAll("kbd")].map((e) => e.textContent);
  for (const row of screens) if ("key" in row) expect(keys).toContain(row.key);
});
test("the keys of the screen behind the sheet stand first", () => {
  session.open("beds", "isala-zwolle");
  const [first, second] = [...sheet().querySelectorAll("h3")].map((e) => e.textContent);
  expect([first, second]).toEqual(["Bedden", "Overal"]);
});
