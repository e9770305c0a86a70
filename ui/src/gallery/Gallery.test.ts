import { render, screen } from "@testing-library/svelte";
import { expect, test } from "vitest";
import Gallery from "./Gallery.svelte";
import { sections } from "./states";

/** Every component, with what it is written as. */
const sources = import.meta.glob<string>("../{components,features}/**/*.svelte", { query: "?raw", import: "default", eager: true });
const ofGallery = import.meta.glob<string>(["./*.svelte", "./states.ts"], { query: "?raw", import: "default", eager: true });

const imports = (source: string) => [...source.matchAll(/from "([^"]+\.svelte)"/g)].map(([, path]) => path?.split("/").at(-1) ?? "");
const nameOf = (path: string) => path.split("/").at(-1) ?? "";

test("every component of components/ has states of its own in the gallery", () => {
  const shown = Object.values(ofGallery).flatMap(imports);
  const all = Object.keys(sources).filter((path) => path.startsWith("../components/"));
  expect(all.length).toBeGreaterThan(5);
  expect(all.map(nameOf).filter((name) => !shown.includes(name))).toEqual([]);
});

test("every component of a feature is in the gallery, by itself or within the one that it is part of", () => {
  const byName = new Map(Object.entries(sources).map(([path, source]) => [nameOf(path), source]));
  const shown = new Set<string>();
  const show = (name: string) => {
    if (shown.has(name)) return;
    shown.add(name);
    for (const part of imports(byName.get(name) ?? "")) show(part);
  };
  for (const name of Object.values(ofGallery).flatMap(imports)) show(name);
  expect([...byName.keys()].filter((name) => !shown.has(name))).toEqual([]);
});

test("every state stands on the page by day and by night", async () => {
  render(Gallery);
  expect(document.querySelectorAll("figure").length).toBeGreaterThanOrEqual(2 * sections.flatMap((section) => section.states).length);
  // What the screens ask for has arrived.
  expect((await screen.findAllByTestId("beds")).length).toBe(2);
  expect((await screen.findAllByTestId("settings")).length).toBe(2);
});
