// 11.A4, 12.A1: what the space bar may acknowledge.
import { fireEvent, screen } from "@testing-library/svelte";
import { describe, expect, test } from "vitest";
import { acknowledged, column, current, drawn, head, looked, over, passes, shown, stop } from "../../test-support/column";

describe("Space", () => {
  test("acknowledges the first alarm that calls, as it was shown", async () => {
    const { backend, user } = await column([stop("a"), stop("b"), acknowledged("seen")]);
    await user.keyboard(" ");
    expect(backend.argumentsOf("acknowledge")).toEqual([{ id: "a", raised: stop("a").raised }]);
  });
  test("acknowledges the alarm that V has chosen", async () => {
    const { seen, user } = await column([stop("a"), stop("b")]);
    await user.keyboard("v ");
    expect(seen()).toEqual(["b"]);
  });
  test("acknowledges the alarm that has the focus", async () => {
    const { seen, user } = await column([stop("a"), stop("b")]);
    while (document.activeElement !== head("b")) await user.tab();
    expect(current()).toEqual(["b"]);
    await user.keyboard(" ");
    expect(seen()).toEqual(["b"]);
  });
  test("acknowledges nothing when nothing is open", async () => {
    const { seen, user } = await column([acknowledged("a")]);
    await user.keyboard(" ");
    expect(seen()).toEqual([]);
  });
  test("acknowledges nothing while a dialog is open, nor at once after it", async () => {
    const { seen, user } = await column([stop("a")]);
    await user.keyboard("?");
    await screen.findByRole("dialog");
    await looked();
    await user.keyboard(" {Escape} ");
    expect(seen()).toEqual([]);
    await looked();
    await user.keyboard(" ");
    expect(seen()).toEqual(["a"]);
  });
});

test("whoever reads what was acknowledged, or chose what somebody else acknowledged since, acknowledges what calls", async () => {
  const { seen, user, becomes } = await column([stop("a"), acknowledged("read")]);
  await user.click(head("read"));
  await looked();
  await user.keyboard(" ");
  expect(seen()).toEqual(["a"]);
  await becomes(stop("b"), stop("c"));
  await user.keyboard("v");
  expect(current()).toEqual(["c"]);
  await becomes(stop("b"), acknowledged("c"));
  await looked();
  await user.keyboard(" ");
  expect(seen()).toEqual(["a", "b"]);
});

test("what ended after it was chosen is chosen no more", async () => {
  const { seen, user, becomes } = await column([stop("a"), stop("b")]);
  await user.keyboard("v");
  await becomes(stop("a"), over("b"));
  await looked();
  await user.keyboard(" ");
  expect(seen()).toEqual(["a"]);
});

describe("a key that was on its way acknowledges nothing", () => {
  test("of an alarm that arrived a second ago", async () => {
    const { seen, user, becomes } = await column([stop("a")]);
    await becomes(stop("new"), stop("a"));
    await passes(1000);
    await user.keyboard(" ");
    expect(seen()).toEqual([]);
    await screen.findByText(/^Niet bevestigd: SEH-stop new staat hier nog maar net/);
    await passes(1000);
    await user.keyboard(" ");
    expect(seen()).toEqual(["new"]);
  });
  test("of an alarm that became another one, though it stands where it stood", async () => {
    const { seen, user, becomes } = await column([stop("a", { status: "threatened", title: "Dreigende SEH-stop a" })]);
    await becomes(stop("a", { raised: "2026-10-01T01:00:30Z" }));
    await passes(1000);
    await user.keyboard(" ");
    expect(seen()).toEqual([]);
  });
  test("of an alarm that moved when one above it went away", async () => {
    drawn(1000);
    const { seen, user, becomes } = await column([stop("a"), stop("b"), stop("c")]);
    await user.keyboard("v");
    await looked();
    await becomes(stop("b"), stop("c"));
    await user.keyboard(" ");
    expect(seen()).toEqual([]);
    await looked();
    await user.keyboard(" ");
    expect(seen()).toEqual(["b"]);
  });
  test("of an alarm that moved after somebody chose what was chosen already", async () => {
    drawn(1000);
    const { seen, user, becomes } = await column([stop("a"), stop("b")]);
    await user.click(head("b"));
    await user.click(head("b"));
    await looked();
    await becomes(stop("new"), stop("a"), stop("b"));
    await user.keyboard(" ");
    expect(seen()).toEqual([]);
  });
  test("of the next alarm, when it is pressed twice", async () => {
    const { backend, seen, user, becomes } = await column([stop("a"), stop("b")]);
    await user.keyboard(" ");
    await becomes(stop("b"), acknowledged("a"));
    await user.keyboard(" ");
    expect(seen()).toEqual(["a"]);
    expect(backend.argumentsOf("acknowledge").length).toBe(1);
  });
  test("of anything, while it is held down", async () => {
    const { seen } = await column([stop("a")]);
    await fireEvent.keyDown(document.body, { key: " ", repeat: true });
    await passes(50);
    expect(seen()).toEqual([]);
  });
  test("of what another window lay before until now", async () => {
    const { seen, user } = await column([stop("a")]);
    await fireEvent.focus(window);
    await user.keyboard(" ");
    expect(seen()).toEqual([]);
  });
  test("of a card that an alarm of the same hospital has just joined", async () => {
    const { seen, user, becomes } = await column([stop("seh", { group: "isala" })]);
    await becomes(stop("seh", { group: "isala" }), stop("ccu", { group: "isala" }));
    await passes(1000);
    await user.keyboard(" ");
    expect(seen()).toEqual(["seh"]);
    await screen.findByText(/^Niet bevestigd: SEH-stop ccu/);
  });
});

describe("what nobody can see is brought into sight before it can be acknowledged", () => {
  test("scrolled away", async () => {
    drawn(250);
    const { seen, user } = await column([stop("a"), stop("b"), stop("c"), stop("d")]);
    const port = document.querySelector<HTMLElement>(".zones");
    if (port) port.scrollTop = 200;
    await fireEvent.scroll(port as HTMLElement);
    await looked();
    await user.keyboard(" ");
    expect(seen()).toEqual([]);
    expect(port?.scrollTop).toBe(0);
    await screen.findByText(/^Niet bevestigd: SEH-stop a stond buiten beeld/);
    await user.keyboard(" ");
    expect(seen()).toEqual([]);
    await looked();
    await user.keyboard(" ");
    expect(seen()).toEqual(["a"]);
  });
  test("V scrolls to what it chooses", async () => {
    drawn(250);
    const { seen, user } = await column([stop("a"), stop("b"), stop("c"), stop("d")]);
    await user.keyboard("vvv");
    expect(current()).toEqual(["d"]);
    expect(document.querySelector(".zones")?.scrollTop).toBe(150);
    await user.keyboard(" ");
    expect(seen()).toEqual([]);
    await looked();
    await user.keyboard(" ");
    expect(seen()).toEqual(["d"]);
  });
  test("told together in a flood: V opens them, and nothing folded away is chosen by itself", async () => {
    const low = (id: string) => stop(id, { priority: "low", grouped: true });
    const { seen, user } = await column([low("x"), low("y")], { frame: { flood: "14 meldingen in tien minuten" } });
    expect(shown()).toEqual([]);
    await user.keyboard(" ");
    expect(seen()).toEqual([]);
    await user.keyboard("v");
    await looked();
    expect(shown()).toEqual(["x", "y"]);
    await user.keyboard(" ");
    expect(seen()).toEqual(["x"]);
  });
  test("folded away because it is over", async () => {
    const { seen, user } = await column([over("a")]);
    await user.keyboard(" ");
    expect(seen()).toEqual([]);
    expect(shown()).toEqual(["a"]);
    await looked();
    await user.keyboard(" ");
    expect(seen()).toEqual(["a"]);
  });
  test("of one hospital's services those that are in sight are acknowledged, and the rest comes into sight", async () => {
    drawn(250);
    const { seen, user } = await column(["seh", "ccu", "ehh"].map((id) => stop(id, { group: "isala" })));
    await user.keyboard(" ");
    await looked();
    expect(seen()).toEqual(["seh", "ccu"]);
    expect(document.querySelector(".zones")?.scrollTop).toBe(50);
  });
});

test("a click on a button that has just moved under the pointer acknowledges nothing", async () => {
  const { seen, user, becomes } = await column([stop("a")]);
  await becomes(stop("new"));
  await user.click(screen.getByTestId("acknowledge"));
  expect(seen()).toEqual([]);
  await passes(1000);
  await user.click(screen.getByTestId("acknowledge"));
  expect(seen()).toEqual(["new"]);
});

test("a service is not acknowledged while the name of its hospital is scrolled away", async () => {
  drawn(250);
  const { seen, user } = await column([stop("a"), stop("seh", { group: "isala" }), stop("ccu", { group: "isala" })]);
  await user.keyboard("v");
  const port = document.querySelector(".zones") as HTMLElement;
  port.scrollTop = 120;
  await fireEvent.scroll(port);
  await looked();
  await user.keyboard(" ");
  expect(seen()).toEqual([]);
  await looked();
  await user.keyboard(" ");
  await looked();
  expect(seen()).toEqual(["seh", "ccu"]);
});
