// The lint rules that keep the screen's parts apart (eslint.config.js) must be able to fail.
import { ESLint } from "eslint";
import { describe, expect, test } from "vitest";

// Vitest runs in ui/, where eslint.config.js lies.
const eslint = new ESLint();

/** What the linter says of a line, were it written in that file. */
async function saidOf(file: string, line: string): Promise<string[]> {
  const text = file.endsWith(".svelte") ? `<script lang="ts">\n${line}\n</script>\n` : `${line}\n`;
  const [result] = await eslint.lintText(text, { filePath: `src/${file}` });
  return (result?.messages ?? []).filter(({ ruleId }) => ruleId?.startsWith("no-restricted-")).map(({ message }) => message);
}

describe("the linter refuses", () => {
  test.each([
    ["a feature that imports another", "features/labels/Example.svelte", 'import { beside } from "../beds/geometry"; beside;', /a feature never imports another/],
    ["a feature that imports another's file by the long way", "features/labels/example.ts", 'import "../../features/beds/geometry";', /a feature never imports another/],
    ["a feature that fetches another later", "features/labels/Example.svelte", 'void import("../beds/BedsScreen.svelte");', /a feature never imports another/],
    ["a feature's test that imports another feature", "features/labels/example.test.ts", 'import "../beds/geometry";', /a feature never imports another/],
    ["a feature that talks to Tauri", "features/beds/Example.svelte", 'import { invoke } from "@tauri-apps/api/core"; invoke;', /only src\/backend talks to Tauri/],
    ["a feature that chooses its backend", "features/beds/Example.svelte", 'import { tauri } from "../../backend/tauri"; tauri;', /ask through src\/backend/],
    ["a component that knows a feature", "components/Example.svelte", 'import Tile from "../features/region/Tile.svelte"; Tile;', /a component knows no feature/],
    ["a component that asks", "components/Example.svelte", 'import { backend } from "../backend"; backend;', /a component knows no feature/],
    ["a component that talks to Tauri", "components/Example.svelte", 'import "@tauri-apps/api/core";', /only src\/backend talks to Tauri/],
    ["the session that talks to Tauri", "example.ts", 'void import("@tauri-apps/api/event");', /only src\/backend talks to Tauri/],
  ])("%s", async (_, file, line, message) => {
    const said = await saidOf(file, line);
    expect(said.length).toBe(1);
    expect(said[0]).toMatch(message);
  });
});

describe("the linter allows", () => {
  test.each([
    ["a feature its own files", "features/beds/Example.svelte", 'import { beside } from "./geometry"; beside;'],
    ["a feature the components", "features/beds/Example.svelte", 'import Age from "../../components/Age.svelte"; Age;'],
    ["a feature the backend, whichever it is", "features/beds/Example.svelte", 'import { backend } from "../../backend"; backend;'],
    ["the backend Tauri", "backend/example.ts", 'import { invoke } from "@tauri-apps/api/core"; invoke;'],
  ])("%s", async (_, file, line) => {
    expect(await saidOf(file, line)).toEqual([]);
  });
});

test("s_05: the linter refuses text that would be taken for HTML", async () => {
  const text = '<script lang="ts">\n  const { name }: { name: string } = $props();\n</script>\n<p>{@html name}</p>\n';
  const [result] = await eslint.lintText(text, { filePath: "src/features/beds/Example.svelte" });
  expect((result?.messages ?? []).map(({ ruleId }) => ruleId)).toContain("svelte/no-at-html-tags");
});
