// What the column shows, and in which order. What the space bar may do there: acknowledge.test.ts.
import { fireEvent, screen, waitFor } from "@testing-library/svelte";
import { describe, expect, test, vi } from "vitest";
import * as sample from "../../backend/sample";
import { session } from "../../session.svelte";
import { desk } from "../../test-support/app";
import { acknowledged, column, current, drawn, head, looked, over, passes, shown, stop } from "../../test-support/column";

const medium = (id: string) => stop(id, { priority: "medium" });
const point = () => fireEvent.pointerMove(screen.getByRole("complementary"));

test("alarms stand in the order that Rust gives them", async () => {
  await column([stop("c"), stop("a"), stop("b")]);
  expect(shown()).toEqual(["c", "a", "b"]);
});

describe("while somebody points at the list", () => {
  test("ah_21: a new alarm waits below and is counted, and comes to its place when the pointer leaves", async () => {
    const { becomes } = await column([medium("a"), medium("b")]);
    await point();
    await becomes(medium("new"), medium("b"), medium("a"));
    expect(shown()).toEqual(["a", "b", "new"]);
    expect(screen.getByTestId("new-above").textContent).toBe("▲ 1 nieuwe");
    await fireEvent.pointerLeave(screen.getByRole("complementary"));
    await passes(50);
    expect(shown()).toEqual(["new", "b", "a"]);
    expect(screen.queryByTestId("new-above")).toBe(null);
  });
  test("a new alarm waits five seconds at most, though the pointer rests there or moves on", async () => {
    const { becomes } = await column([medium("a")]);
    await point();
    await becomes(medium("new"), medium("a"));
    for (let second = 0; second < 4; second += 1) {
      await point();
      await passes(1000);
    }
    expect(shown()).toEqual(["a", "new"]);
    await passes(1100);
    expect(shown()).toEqual(["new", "a"]);
  });
  test("a pointer that has rested there for long holds nothing", async () => {
    const { becomes } = await column([medium("a")]);
    await point();
    await passes(5100);
    await becomes(medium("new"), medium("a"));
    expect(shown()).toEqual(["new", "a"]);
  });
  test("a high alarm stands on top at once, and one that becomes high goes there", async () => {
    const { becomes } = await column([stop("old"), medium("a"), medium("b")]);
    await point();
    await becomes(stop("new"), stop("b"), stop("old"), medium("a"));
    expect(shown()).toEqual(["new", "b", "old", "a"]);
  });
});

test("a new alarm below what is in sight is counted until somebody has seen it", async () => {
  drawn(250);
  const { becomes, user } = await column([stop("a"), stop("b")]);
  await becomes(stop("a"), stop("b"), medium("low"));
  expect(screen.getByTestId("new-below").textContent).toBe("▼ 1 nieuwe");
  await user.click(screen.getByTestId("new-below"));
  await looked();
  expect(screen.queryByTestId("new-below")).toBe(null);
  expect(document.querySelector(".zones")?.scrollTop).toBe(50);
});

test("a high alarm that comes while the list is scrolled down comes into sight, unless somebody points at the list", async () => {
  drawn(250);
  const { becomes } = await column([stop("a"), stop("b"), stop("c"), stop("d")]);
  const port = document.querySelector(".zones") as HTMLElement;
  const scrollDown = async () => {
    port.scrollTop = 150;
    await fireEvent.scroll(port);
  };
  await scrollDown();
  await becomes(stop("new"), stop("a"), stop("b"), stop("c"), stop("d"));
  expect(port.scrollTop).toBe(0);
  await scrollDown();
  await point();
  await becomes(stop("newer"), stop("new"), stop("a"), stop("b"), stop("c"), stop("d"));
  expect(port.scrollTop).toBe(150);
  expect(screen.getByTestId("new-above").textContent).toBe("▲ 1 nieuwe");
  await passes(5100);
  expect(port.scrollTop).toBe(0);
});

test("the button says Space on the one card that Space acknowledges", async () => {
  await column([stop("a"), stop("b")]);
  expect(current()).toEqual(["a"]);
  expect(screen.getAllByTestId("acknowledge").map((button) => button.textContent?.includes("spatie"))).toEqual([true]);
});

test("the chosen card is whole and the others are three lines, until somebody presses one of them", async () => {
  const { user } = await column([stop("a"), stop("b")]);
  const whole = () => [...document.querySelectorAll<HTMLElement>("li.whole [data-testid=alarm]")].map((row) => row.dataset["id"]);
  expect(whole()).toEqual(["a"]);
  await user.click(head("b"));
  expect(whole()).toEqual(["b"]);
});

describe("the services of one hospital", () => {
  const isala = (service: string, changes = {}) => stop(service, { group: "isala", hospital: "Isala Zwolle", service, what: `${service}-stop`, ...changes });
  test("12.14: share one card, and another hospital has its own", async () => {
    await column([isala("SEH"), isala("CCU"), stop("deventer")]);
    expect(screen.getAllByTestId("card").length).toBe(2);
    expect(screen.getByRole("button", { name: /Bevestig 2/ })).toBeTruthy();
  });
  test("are acknowledged together by one key, each as it was shown", async () => {
    const { seen, user } = await column([isala("SEH"), isala("CCU"), stop("deventer")]);
    await user.keyboard(" ");
    await looked();
    expect(seen()).toEqual(["SEH", "CCU"]);
  });
  test("what came after the others were acknowledged calls by itself", async () => {
    await column([isala("CT"), acknowledged("SEH", { group: "isala" })]);
    expect(current()).toEqual(["CT"]);
  });
  test("go on the shelf together, or without one that somebody ticks off", async () => {
    const { backend, user } = await column([isala("SEH"), isala("CCU")]);
    await user.keyboard("p");
    await screen.findByRole("dialog");
    await user.click(screen.getByRole("checkbox", { name: "SEH-stop CCU" }));
    await user.type(screen.getByRole("textbox"), "bekend{Enter}");
    await waitFor(() => expect(backend.argumentsOf("shelve")).toEqual([{ id: "SEH", reason: "bekend", minutes: 60 }]));
  });
});

test("12.14: the diamond is a stop that threatens, and priority has a mark of its own", async () => {
  await column([stop("a", { status: "threatened", priority: "high" }), stop("b", { status: null, priority: "medium" })]);
  const [first, second] = screen.getAllByTestId("alarm");
  expect(first?.querySelector("svg.threatened")).toBeTruthy();
  expect(second?.querySelector("svg.threatened")).toBe(null);
  expect(screen.getAllByRole("img").map((mark) => mark.getAttribute("aria-label"))).toEqual(["hoog", "midden"]);
});

describe("what is over", () => {
  test("12.9: is folded and counted apart from what calls", async () => {
    await column([stop("a"), over("b"), over("c")]);
    expect(shown()).toEqual(["a"]);
    expect(screen.getByTestId("over").textContent).toContain("Voorbij 2");
  });
  test("12.9: says since when, and is not red", async () => {
    const { user } = await column([stop("a"), over("b")]);
    await user.click(screen.getByRole("button", { name: /Voorbij 1/ }));
    const card = document.querySelector<HTMLElement>("li.over");
    expect(card?.textContent).toContain("Voorbij 05:31");
    expect(card?.querySelector("svg.stop, svg.high")).toBe(null);
  });
  test("12.9: is acknowledged all at once, as far as it was in sight", async () => {
    drawn(250);
    const { seen, user } = await column([over("a"), over("b"), over("c")]);
    await user.click(screen.getByRole("button", { name: /Voorbij 3/ }));
    await looked();
    await user.click(screen.getByTestId("acknowledge-over"));
    await passes(100);
    expect(seen()).toEqual(["a", "b"]);
    await looked();
    await user.click(screen.getByTestId("acknowledge-over"));
    await passes(100);
    expect(seen()).toContain("c");
  });
});

test("12.15: what was acknowledged takes one line, until somebody presses it", async () => {
  const { user } = await column([stop("a"), acknowledged("b")]);
  const line = () => document.querySelector("li.acknowledged");
  expect(line()?.classList.contains("line")).toBe(true);
  await user.click(head("b"));
  expect(line()?.textContent).toContain("Bevestigd 03:00 door wan-hoofd.");
});

test("what is set aside says why and until when", async () => {
  await column([stop("a"), stop("b", { state: "shelved", open: false, note: "Op de plank tot 03:00 door wan-hoofd: bekend" })]);
  expect(document.querySelector("li.acknowledged")?.textContent).toContain("Op de plank tot 03:00");
});

test("12.C5: all that blinks blinks together", async () => {
  const started: { startTime: number | null }[] = [];
  vi.spyOn(Element.prototype, "getAnimations").mockImplementation(() => {
    const animation = { startTime: null };
    started.push(animation);
    return [animation as unknown as Animation];
  });
  const { becomes } = await column([stop("a")]);
  await becomes(stop("b"), stop("a"));
  expect(started).toEqual([{ startTime: 0 }, { startTime: 0 }]);
  // Whatever moves in the list begins anew.
  document.querySelector(".attention")?.dispatchEvent(new Event("animationstart"));
  expect(started).toEqual([{ startTime: 0 }, { startTime: 0 }, { startTime: 0 }]);
});

test("ah_12: in a flood the high alarms stay one by one, the others are counted and can be unfolded", async () => {
  const alarms = [stop("high"), stop("low", { priority: "low", grouped: true })];
  const { user } = await column(alarms, { frame: { flood: "14 meldingen in tien minuten" } });
  expect(screen.getByTestId("flood").textContent).toContain("1 midden en laag");
  expect(shown()).toEqual(["high"]);
  await user.click(screen.getByRole("button", { name: "Toon alle" }));
  expect(shown()).toEqual(["high", "low"]);
});

test("ah_33: an open high alarm is said to assistive technology at once, a lower one when there is time", async () => {
  await column([stop("a"), stop("b", { priority: "low" })]);
  const aside = screen.getByRole("complementary");
  expect(aside.querySelector("[role=alert]")?.textContent).toBe("SEH-stop a");
  expect(aside.querySelector("p.hidden[role=status]")?.textContent).toBe("SEH-stop b");
});

test("ah_33: an alarm that comes while a dialog is open is said inside the dialog", async () => {
  const { backend, user } = await desk({ frame: () => sample.frame({ alarms: [stop("a")] }) });
  await screen.findAllByTestId("alarm");
  await user.keyboard("?");
  const dialog = await screen.findByRole("dialog");
  expect(dialog.querySelector("[role=alert]")?.textContent).toBe("");
  backend.sendFrame(sample.frame({ alarms: [stop("b"), stop("a")] }));
  await waitFor(() => expect(dialog.querySelector("[role=alert]")?.textContent).toContain("SEH-stop b"));
});

test("an alarm that is asked for in a notification is chosen and in sight, and its location opens", async () => {
  drawn(250);
  const { backend } = await column([stop("a"), stop("b"), stop("c")]);
  backend.sendShowAlarm("c");
  await passes(50);
  expect(current()).toEqual(["c"]);
  expect(document.querySelector(".zones")?.scrollTop).toBe(50);
  expect(session.screen).toEqual({ id: "location", site: "c" });
});

test("ah_08: P asks for a reason before an alarm goes on the shelf", async () => {
  const { backend, user } = await column([stop("a")]);
  await user.keyboard("p");
  await screen.findByRole("dialog", { name: "Op de plank: SEH-stop a" });
  await user.keyboard("bekend{Enter}");
  await waitFor(() => expect(backend.argumentsOf("shelve")).toEqual([{ id: "a", reason: "bekend", minutes: 60 }]));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBe(null));
});

test("ah_08: how many alarms lie on the shelf stands above the list, which has them too", async () => {
  const shelved = sample.alarm({ id: "b", state: "shelved" });
  await desk({ frame: () => sample.frame({ alarms: [shelved], open_alarms: 0, shelved_alarms: 1 }) });
  expect((await screen.findByTestId("open-alarms")).textContent).toContain("1 op de plank");
  expect(screen.getAllByTestId("alarm").map((row) => row.dataset["state"])).toEqual(["shelved"]);
});
