import { screen } from "@testing-library/svelte";
import { afterEach, expect, test } from "vitest";
import { setLanguage, t } from "./text.svelte";
import { desk } from "./test-support/app";

afterEach(() => setLanguage("nl"));

test("one bed is singular, none and several are plural", () => {
  expect([0, 1, 2].map((n) => t("beds-taken-back", { n }))).toEqual(["0 bedden teruggezet", "1 bed teruggezet", "2 bedden teruggezet"]);
});
test("values stand in a sentence without invisible marks, so that what is copied can be used", () => {
  expect(t("phone-copied", { phone: "038-1" })).toBe("Gekopieerd: 038-1");
});
test("counts are written without a thousands separator, as everywhere on the screen", () => {
  expect(t("beds-free", { n: 1700 })).toBe("vrij 1700");
});
test("the whole screen changes its language at once", async () => {
  await desk();
  await screen.findByRole("button", { name: "T Werklijst" });
  await setLanguage("en");
  await screen.findByRole("button", { name: "T Worklist" });
  expect(document.documentElement.lang).toBe("en");
});
