import { defineConfig, mergeConfig, type Plugin } from "vite";
import { common } from "./vite.config.ts";

/** One classic script: a page that is opened from a file may not load modules. */
const fromFile: Plugin = {
  name: "from-file",
  enforce: "post",
  transformIndexHtml: (html) => html.replaceAll(/ (type="module" )?crossorigin/g, " defer").replace("<link rel=\"stylesheet\" defer", "<link rel=\"stylesheet\""),
};

// The gallery: every component in every state, by day and by night, on one page, over recorded views. Never shipped.
export default mergeConfig(
  common,
  defineConfig({
    base: "./",
    plugins: [fromFile],
    build: {
      target: "safari16",
      outDir: "gallery-dist",
      modulePreload: false,
      chunkSizeWarningLimit: 800,
      rolldownOptions: { input: "gallery.html", output: { format: "iife", codeSplitting: false } },
    },
  }),
);
