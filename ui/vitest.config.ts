import { svelteTesting } from "@testing-library/svelte/vite";
import { defineConfig, mergeConfig } from "vitest/config";
import { common } from "./vite.config.ts";

// Component tests: jsdom, so that they need neither a display nor a browser. What depends on a real layout is
// computed from boxes that the tests give (features/beds/geometry.ts) and seen in the real window by tests/.
export default mergeConfig(
  common,
  defineConfig({
    plugins: [svelteTesting()],
    test: {
      environment: "jsdom",
      include: ["src/**/*.test.ts"],
      setupFiles: ["src/test-support/setup.ts"],
      restoreMocks: true,
      // One jsdom a worker: starting one costs more than the tests of a file; setup.ts begins every test anew.
      pool: "threads",
      isolate: false,
      // The machine that builds has two cores.
      maxWorkers: 2,
      testTimeout: 20_000,
    },
  }),
);
