import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig, type UserConfig } from "vite";

/** What the application, its tests and its gallery have in common. */
export const common: UserConfig = {
  plugins: [svelte()],
  // The catalogue of texts lies beside this folder.
  server: { fs: { allow: [".."] } },
  resolve: {
    alias: [
      // bits-ui exports one file that names all its 260 components; only the date and time fields are compiled here.
      {
        find: /^bits-ui\/(date-field|time-field)$/,
        replacement: "/node_modules/bits-ui/dist/bits/$1/index.js",
      },
    ],
  },
};

export default defineConfig({
  ...common,
  build: { target: "safari16", sourcemap: false, chunkSizeWarningLimit: 800 },
});
