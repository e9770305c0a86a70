import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, test, vi } from "vitest";
import { use } from "../../backend";
import { fixture } from "../../backend/fixture";
import * as sample from "../../backend/sample";
import type { LabelRequest } from "../../bindings";
import type { Answers } from "../../test-support/app";
import LabelPanel from "./LabelPanel.svelte";

async function panel(beds: string[] = ["a1", "a2"], answers: Answers = {}) {
  const backend = fixture({ labelChoices: () => sample.choices(), previewLabel: () => sample.preview(), ...answers });
  use(backend);
  const onclose = vi.fn();
  render(LabelPanel, { beds, kind: "covidcapaciteit", onclose });
  await screen.findByRole("option", { name: /IC – Covid/ });
  const asked = () => (backend.argumentsOf("labelBeds") as { request: LabelRequest }[]).map(({ request }) => request);
  return { backend, onclose, asked, user: userEvent.setup() };
}
const counted = () => screen.getByTestId("preview").textContent;
const element = () => screen.getByRole<HTMLInputElement>("combobox", { name: "Element" });
const selected = () => within(screen.getByRole("listbox", { name: "Element" })).getAllByRole("option", { selected: true });
const names = () => selected().map((option) => option.textContent?.trim());

test("the title counts the beds", async () => {
  await panel(["a1", "a2", "a3"]);
  expect(screen.getByRole("dialog").getAttribute("aria-label")).toBe("Label geven · 3 bedden");
});

test("what will change is counted before Enter, and nothing is labelled until then", async () => {
  const { asked, user } = await panel();
  await user.keyboard("ICC");
  await waitFor(() => expect(counted()).toContain("2 × IC – Non-Covid → IC – Covid"));
  expect(asked()).toEqual([]);
  await user.keyboard("{Enter}");
  await waitFor(() => expect(asked().map((request) => [request.beds, request.element])).toEqual([[["a1", "a2"], "ic-covid"]]));
});

describe("choosing an element", () => {
  test("a digit takes one of those that were given last", async () => {
    const { asked, user } = await panel();
    await user.keyboard("2{Enter}");
    await waitFor(() => expect(asked().map((request) => request.element)).toEqual(["kliniek-covid"]));
  });
  test("an exact short code wins over the first name that contains it", async () => {
    const { user } = await panel();
    await user.keyboard("cov");
    expect(names()).toEqual(["Kliniek – Covid"]);
  });
  test("arrows point at another proposal, which Enter then takes", async () => {
    const { asked, user } = await panel();
    await user.keyboard("covid{ArrowDown}");
    expect(names()).toEqual(["IC – Non-Covid"]);
    expect(element().getAttribute("aria-activedescendant")).toBe(selected()[0]?.id);
    await user.keyboard("{Enter}");
    await waitFor(() => expect(asked().map((request) => request.element)).toEqual(["ic-non-covid"]));
  });
  test("Enter without an element labels nothing", async () => {
    const { asked, user } = await panel();
    await user.keyboard("xyz{Enter}");
    expect(counted()).toContain("Geen element met deze naam.");
    expect(asked()).toEqual([]);
  });
});

describe("the end", () => {
  test("is the next ten in the morning unless one says otherwise", async () => {
    const { asked, user } = await panel();
    await user.keyboard("1{Enter}");
    await waitFor(() => expect(asked().map((request) => request.until)).toEqual([{ kind: "next-ten" }]));
  });
  test("is typed as day, month, year and a 24-hour time", async () => {
    const { asked, user } = await panel();
    await user.keyboard("1");
    const parts = screen.getAllByRole("spinbutton");
    expect(parts.map((part) => part.textContent?.trim())).toEqual(["dd", "mm", "jjjj", "––", "––"]);
    await user.click(parts[0]!);
    await user.keyboard("251120261530");
    await user.click(screen.getByTestId("give"));
    await waitFor(() => expect(asked().map((request) => request.until)).toEqual([{ kind: "at", at: "2026-11-25T15:30" }]));
  });
});

test("labels of colleagues that would be overwritten are said before Enter", async () => {
  const { user } = await panel(["a1"], { previewLabel: () => sample.preview({ overwrites: ["1 bed van collega"] }) });
  await user.keyboard("1");
  await waitFor(() => expect(counted()).toContain("1 bed van collega: wordt overschreven"));
});

test("the panel labels the beds that it was opened with, also when others are chosen meanwhile", async () => {
  const beds = ["a1"];
  const { asked, user } = await panel(beds);
  beds.push("a2");
  await user.keyboard("1{Enter}");
  await waitFor(() => expect(asked().map((request) => request.beds)).toEqual([["a1"]]));
});

test("a label that is refused keeps the panel open", async () => {
  const refuse = () => {
    throw { code: "refused", detail: "De server weigert het label.", retry: false };
  };
  const { asked, onclose, user } = await panel(["a1"], { labelBeds: refuse });
  await user.keyboard("1{Enter}");
  await waitFor(() => expect(asked().length).toBe(1));
  expect(onclose).not.toHaveBeenCalled();
});
