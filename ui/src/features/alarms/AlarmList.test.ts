import { fireEvent, screen, waitFor } from "@testing-library/svelte";
import { describe, expect, test } from "vitest";
import * as sample from "../../backend/sample";
import type { AlarmRow } from "../../bindings";
import { session } from "../../session.svelte";
import { desk } from "../../test-support/app";

const { alarm } = sample;
const named = (id: string, changes: Partial<AlarmRow> = {}) => alarm({ id, title: `SEH-stop ${id}`, location: id, ...changes });

async function list(...alarms: AlarmRow[]) {
  const at = await desk({ frame: () => sample.frame({ alarms }) });
  await waitFor(() => expect(screen.getAllByTestId("alarm").length).toBe(alarms.length));
  return at;
}
const shown = () => screen.getAllByTestId("alarm").map((row) => row.dataset["id"]);

test("alarms stand in the order that Rust gives them", async () => {
  await list(named("c"), named("a"), named("b"));
  expect(shown()).toEqual(["c", "a", "b"]);
});

test("ah_21: while the pointer is over the list a new alarm waits below, and comes to its place afterwards", async () => {
  const { backend } = await list(named("a"), named("b"));
  const aside = screen.getByRole("complementary");
  await fireEvent.pointerEnter(aside);
  backend.sendFrame(sample.frame({ alarms: [named("new"), named("b"), named("a")] }));
  await waitFor(() => expect(shown()).toEqual(["a", "b", "new"]));
  await fireEvent.pointerLeave(aside);
  await waitFor(() => expect(shown()).toEqual(["new", "b", "a"]));
});

describe("Space", () => {
  test("acknowledges the first alarm that is open", async () => {
    const { backend, user } = await list(named("seen", { open: false, state: "acknowledged" }), named("open"), named("later"));
    await user.keyboard(" ");
    expect(backend.argumentsOf("acknowledge")).toEqual([{ id: "open" }]);
  });
  test("acknowledges the alarm that V has chosen", async () => {
    const { backend, user } = await list(named("a"), named("b"));
    await user.keyboard("v ");
    expect(backend.argumentsOf("acknowledge")).toEqual([{ id: "b" }]);
  });
  test("acknowledges nothing when nothing is open", async () => {
    const { backend, user } = await list(named("a", { open: false, state: "acknowledged" }));
    await user.keyboard(" ");
    expect(backend.argumentsOf("acknowledge")).toEqual([]);
  });
  test("acknowledges nothing while a dialog is open", async () => {
    const { backend, user } = await list(named("a"));
    await user.keyboard("?");
    await screen.findByRole("dialog");
    await user.keyboard(" ");
    expect(backend.argumentsOf("acknowledge")).toEqual([]);
  });
});

test("the button says Space on the one alarm that Space acknowledges", async () => {
  await list(named("a"), named("b"));
  expect(screen.getAllByTestId("acknowledge").map((button) => button.textContent?.includes("spatie"))).toEqual([true, false]);
});

test("ah_12: in a flood the high alarms stay one by one, the others are counted and can be unfolded", async () => {
  const alarms = [named("high"), named("low", { priority: "low", grouped: true })];
  const { user } = await desk({ frame: () => sample.frame({ alarms, flood: "14 meldingen in tien minuten" }) });
  await screen.findByTestId("flood");
  expect(shown()).toEqual(["high"]);
  await user.click(screen.getByRole("button", { name: "Toon alle" }));
  expect(shown()).toEqual(["high", "low"]);
});

test("ah_33: an open high alarm is said to assistive technology at once, a lower one when there is time", async () => {
  await list(named("a"), named("b", { priority: "low" }));
  const aside = screen.getByRole("complementary");
  expect(aside.querySelector("[role=alert]")?.textContent).toBe("SEH-stop a");
  expect(aside.querySelector("p.hidden[role=status]")?.textContent).toBe("SEH-stop b");
});

test("ah_33: an alarm that comes while a dialog is open is said inside the dialog", async () => {
  const { backend, user } = await list(named("a"));
  await user.keyboard("?");
  const dialog = await screen.findByRole("dialog");
  expect(dialog.querySelector("[role=alert]")?.textContent).toBe("");
  backend.sendFrame(sample.frame({ alarms: [named("b"), named("a")] }));
  await waitFor(() => expect(dialog.querySelector("[role=alert]")?.textContent).toContain("SEH-stop b"));
});

test("an alarm that is asked for in a notification is chosen, and its location opens", async () => {
  const { backend } = await list(named("a"), named("b"));
  backend.sendShowAlarm("b");
  expect(session.currentAlarm?.id).toBe("b");
  expect(session.screen).toEqual({ id: "location", site: "b" });
});

test("ah_08: P asks for a reason before an alarm goes on the shelf", async () => {
  const { backend, user } = await list(named("a"));
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
