import { render, screen } from "@testing-library/svelte";
import { expect, test } from "vitest";
import * as sample from "../backend/sample";
import Meter from "./Meter.svelte";

const shown = (changes: Parameters<typeof sample.meter>[0]) => {
  render(Meter, { meter: sample.meter(changes) });
  return screen.getByTestId("meter");
};

test("ah_25: a score stands with what it means, its method and its direction", () => {
  const text = shown({ score: 131 }).textContent;
  for (const part of ["drukker dan 94 % van het half jaar", "NEDOCS", "131", "↑"]) expect(text).toContain(part);
});
test("the pointer stands where the score lies in the half year", () => {
  expect(shown({ position: 0.5 }).querySelector(".pointer")?.getAttribute("d")).toBe("M100 1v20");
});
test("a fresh score does not bother with its age", () => {
  expect(shown({ age: "2 min" }).textContent).not.toContain("oud");
});
test("ah_26: an old score is struck through and says how old it is", () => {
  const meter = shown({ score: 131, freshness: "stale", age: "3 u" });
  expect(meter.querySelector(".struck")?.textContent).toBe("131");
  expect(meter.textContent).toContain("3 u oud");
});
test("ah_27: an unknown busyness is a question mark, and no score stands there to be read", () => {
  const text = shown({ score: 131, freshness: "unknown", age: "7 u" }).textContent;
  expect(text).toContain("? drukte onbekend");
  expect(text).not.toContain("131");
});
