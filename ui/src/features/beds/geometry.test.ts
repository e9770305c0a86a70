import { describe, expect, test } from "vitest";
import { beside, between, type Placed, touched } from "./geometry";

/** Cells of 40 by 40 px, each at the place that is given. */
const at = (...places: [id: string, left: number, top: number][]): Placed[] =>
  places.map(([id, left, top]) => ({ id, box: { left, right: left + 40, top, bottom: top + 40 } }));

describe("arrows on the bed map", () => {
  // Ward W on the left: room of three, room of one below. Ward V on the right begins a little lower.
  const cells = at(["w1", 0, 0], ["w2", 43, 0], ["w3", 86, 0], ["w4", 0, 52], ["v1", 400, 12], ["v2", 443, 12], ["x1", 0, 200]);
  const order = cells.map((cell) => cell.id);
  const go = (from: string, key: string) => beside(order, cells, from, key);

  test("right goes from the last bed of a room to the first of the next one", () => {
    expect(go("w3", "ArrowRight")).toBe("w4");
  });
  test("right goes from the last bed of a ward to the first of the next one", () => {
    expect(go("w4", "ArrowRight")).toBe("v1");
  });
  test("down goes to the bed below, also when the room below is narrower", () => {
    expect(go("w1", "ArrowDown")).toBe("w4");
    expect(go("w3", "ArrowDown")).toBe("w4");
  });
  test("down stays in the column of wards although the ward beside it begins a little lower", () => {
    expect(go("w2", "ArrowDown")).toBe("w4");
  });
  test("down leaves the last row of a ward for the ward below", () => {
    expect(go("w4", "ArrowDown")).toBe("x1");
  });
  test("up from the second bed of a ward goes to its own column, not to its beginning", () => {
    expect(beside(["a", "b", "c"], at(["a", 0, 0], ["b", 43, 0], ["c", 43, 50]), "c", "ArrowUp")).toBe("b");
  });
  test("at the edge an arrow leads nowhere", () => {
    expect(go("x1", "ArrowDown")).toBe(undefined);
    expect(go("w1", "ArrowLeft")).toBe(undefined);
  });
  test("the first arrow chooses the first bed", () => {
    expect(beside(order, cells, null, "ArrowDown")).toBe("w1");
  });
});

test("Shift takes every bed between two, whichever was first", () => {
  expect(between(["a", "b", "c", "d"], "c", "a")).toEqual(["a", "b", "c"]);
});

describe("a rectangle", () => {
  const cells = at(["a", 0, 0], ["b", 43, 0], ["c", 0, 52]);
  test("takes the beds that it touches, also in part", () => {
    expect(touched(cells, { left: 30, right: 50, top: 10, bottom: 20 })).toEqual(["a", "b"]);
  });
  test("takes none between the beds", () => {
    expect(touched(cells, { left: 41, right: 42, top: 0, bottom: 100 })).toEqual([]);
  });
});
