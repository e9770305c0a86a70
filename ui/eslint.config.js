import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import ts from "typescript-eslint";

const onlyBackend = {
  "no-restricted-imports": [
    "error",
    { patterns: [{ group: ["@tauri-apps/*"], message: "only src/backend talks to Tauri" }] },
  ],
};

export default ts.config(
  { ignores: ["dist", "node_modules", "src/bindings"] },
  js.configs.recommended,
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: [".svelte"] } },
  },
  // TypeScript itself knows what is defined.
  { rules: { "no-undef": "off", "svelte/no-at-html-tags": "error", ...onlyBackend } },
  { files: ["src/backend/**"], rules: { "no-restricted-imports": "off" } },
);
