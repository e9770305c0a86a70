import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import ts from "typescript-eslint";

// Who may import whom. The last entry that fits a file holds; `import()` is bound by the same rules as `import`.
const bounds = (patterns) => ({
  "no-restricted-imports": ["error", { patterns }],
  "no-restricted-syntax": [
    "error",
    ...patterns.map(({ regex, message }) => ({ selector: `ImportExpression > Literal[value=/${regex.replaceAll("/", "\\u002F")}/]`, message })),
  ],
});

const noTauri = { regex: "^@tauri-apps/", message: "only src/backend talks to Tauri" };
const oneBackend = { regex: "backend/(tauri|fixture)", message: "ask through src/backend, whichever it is" };
const otherFeature = {
  regex: "^\\.\\./(?!\\.\\.)|/features/",
  message: "a feature never imports another: what two need is a component, what one opens of another is a row in dialogs.ts",
};
const notAComponents = {
  regex: "/(features|backend|session\\.svelte|screens|shortcuts|dialogs)(/|$)",
  message: "a component knows no feature and asks nobody: it is given what it shows",
};

export default ts.config(
  { ignores: ["dist", "gallery-dist", "node_modules", "src/bindings"] },
  js.configs.recommended,
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: [".svelte"] } },
  },
  // TypeScript itself knows what is defined.
  { rules: { "no-undef": "off", "svelte/no-at-html-tags": "error", ...bounds([noTauri]) } },
  { files: ["src/features/**"], rules: bounds([noTauri, oneBackend, otherFeature]) },
  { files: ["src/components/**"], rules: bounds([noTauri, notAComponents]) },
  { files: ["src/features/**/*.test.ts"], rules: bounds([noTauri, otherFeature]) },
  { files: ["src/components/**/*.test.ts"], rules: bounds([noTauri]) },
  { files: ["src/backend/**"], rules: { "no-restricted-imports": "off", "no-restricted-syntax": "off" } },
);
