import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [svelte()],
  build: { target: "safari16", sourcemap: false, chunkSizeWarningLimit: 800 },
});
