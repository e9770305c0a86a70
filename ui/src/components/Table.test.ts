import { render, screen } from "@testing-library/svelte";
import { expect, test } from "vitest";
import TableSample from "../gallery/TableSample.svelte";

const rows: [string, string, string][] = [
  ["meldingen per uur", "0,0", "ongeveer 1"],
  ["in een vloed", "4 %", "≤ 1 %"],
];
const texts = (elements: HTMLElement[]) => elements.map((e) => e.textContent);

test("rows stand in the order that Rust gives them", () => {
  render(TableSample, { rows: [...rows].reverse() });
  expect(texts(screen.getAllByRole("row").slice(1)).map((row) => row?.slice(0, 6))).toEqual(["in een", "meldin"]);
});
test("the head of a number stands above it, to the right", () => {
  render(TableSample, { rows });
  const right = screen.getAllByRole("columnheader").filter((head) => head.classList.contains("number"));
  expect(texts(right)).toEqual(["waarde"]);
});
test("a table without rows says so in words, over its whole width", () => {
  render(TableSample, { rows: [] });
  const cell = screen.getByRole("cell");
  expect([cell.textContent, cell.getAttribute("colspan")]).toEqual(["Er zijn geen meldingen.", "4"]);
});
test("a table of pairs needs no head", () => {
  render(TableSample, { rows, head: false });
  expect(screen.queryAllByRole("columnheader")).toEqual([]);
  expect(screen.getAllByRole("row").length).toBe(2);
});
