import { screen, waitFor } from "@testing-library/svelte";
import { describe, expect, test, vi } from "vitest";
import * as sample from "./backend/sample";
import { session } from "./session.svelte";
import { desk } from "./test-support/app";

/** Long enough for a question that should not be asked. */
const settle = () => new Promise((done) => setTimeout(done, 20));

describe("a screen asks again", () => {
  test("when Rust names its view, and not when it names another", async () => {
    const { backend } = await desk();
    await screen.findAllByTestId("tile");
    const asked = backend.argumentsOf("region").length;
    backend.sendChanged(["beds", "worklist"]);
    await settle();
    expect(backend.argumentsOf("region").length).toBe(asked);
    backend.sendChanged(["region"]);
    await waitFor(() => expect(backend.argumentsOf("region").length).toBe(asked + 1));
  });
  test("when Rust says that something changed and not what", async () => {
    const { backend } = await desk();
    await screen.findAllByTestId("tile");
    const asked = backend.argumentsOf("region").length;
    backend.sendChanged(null);
    await waitFor(() => expect(backend.argumentsOf("region").length).toBe(asked + 1));
  });
  test("not for a frame alone, once Rust names its views", async () => {
    const { backend } = await desk();
    await screen.findAllByTestId("tile");
    backend.sendChanged(["beds"]);
    const asked = backend.argumentsOf("region").length;
    backend.sendFrame(sample.frame({ time: "02:15:00" }));
    await screen.findByText("02:15:00");
    await settle();
    expect(backend.argumentsOf("region").length).toBe(asked);
  });
});

test("an answer that comes late does not replace a newer one", async () => {
  const answers: ((view: unknown) => void)[] = [];
  const { backend } = await desk({ region: () => new Promise((answer) => answers.push(answer)) });
  await waitFor(() => expect(answers.length).toBeGreaterThan(0));
  const before = answers.length;
  backend.sendChanged(["region"]);
  await waitFor(() => expect(answers.length).toBe(before + 1));
  answers.at(-1)?.(sample.region({ tiles: [sample.tile({ name: "nieuw" })] }));
  await screen.findByText("nieuw");
  answers[before - 1]?.(sample.region({ tiles: [sample.tile({ name: "oud" })] }));
  await settle();
  expect(screen.queryByText("oud")).toBe(null);
});

test("where changes come faster than answers, an answer is shown while the next is awaited", async () => {
  const answers: ((view: unknown) => void)[] = [];
  const { backend } = await desk({ region: () => new Promise((answer) => answers.push(answer)) });
  await waitFor(() => expect(answers.length).toBeGreaterThan(0));
  const before = answers.length;
  backend.sendChanged(["region"]);
  await waitFor(() => expect(answers.length).toBe(before + 1));
  answers[before - 1]?.(sample.region({ tiles: [sample.tile({ name: "eerste" })] }));
  await screen.findByText("eerste");
  answers.at(-1)?.(sample.region({ tiles: [sample.tile({ name: "tweede" })] }));
  await screen.findByText("tweede");
});

test("what failed is said in words, by its code and not by what the program says of it", async () => {
  await desk();
  await session.attempt(() => Promise.reject({ code: "storage", detail: "SQLITE_FULL", retry: true }));
  expect((await screen.findByText(/^Niet opgeslagen/)).textContent).not.toContain("SQLITE");
});

test("a screen of one location opens on the one that was looked at last, and not before there is one", () => {
  session.open("beds");
  expect(session.screen.id).toBe("region");
  session.open("location", "deventer");
  session.open("region");
  session.open("beds");
  expect(session.screen).toEqual({ id: "beds", site: "deventer" });
});

test("the phone number of the focused tile is copied by C", async () => {
  const { user } = await desk();
  const written = vi.spyOn(navigator.clipboard, "writeText");
  await screen.findAllByTestId("tile");
  await user.keyboard("{ArrowRight}c");
  expect(written).toHaveBeenCalledWith("038-000 0101");
  expect((await screen.findByText(/^Gekopieerd/)).textContent).toBe("Gekopieerd: 038-000 0101");
});
