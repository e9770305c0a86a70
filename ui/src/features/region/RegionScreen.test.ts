import { screen } from "@testing-library/svelte";
import { expect, test } from "vitest";
import * as sample from "../../backend/sample";
import { desk } from "../../test-support/app";

const none = { of: 7, open: 0, threatened: 0, stop: 0, closed: 0, unknown: 0 };
const counted = async (sehs: Partial<typeof none>) => {
  await desk({ region: () => ({ ...sample.region(), sehs: { ...none, ...sehs } }) });
  return (await screen.findByTestId("sehs")).textContent?.replace(/\s+/g, " ").trim();
};

test("12.11: with no SEH open the region says so, and how many threaten to close", async () => {
  expect(await counted({ stop: 6, threatened: 1 })).toBe("SEH: 0 van 7 open 6 in stop 1 dreigend");
});
test("12.11: what is closed for the night is no stop, and what nobody knows is not called open", async () => {
  expect(await counted({ open: 5, closed: 1, unknown: 1 })).toBe("SEH: 5 van 7 open 1 gesloten 1 onbekend");
});
test("12.11: where every SEH is open nothing else is said of them", async () => {
  expect(await counted({ open: 7 })).toBe("SEH: 7 van 7 open");
});
