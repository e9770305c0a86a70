// The backend that is in use. main.ts chooses the one of the window, a test the recorded one.
import type { Backend } from "./interface";

export type { Backend, ViewName } from "./interface";

// Whoever imports a `let` sees it change: nobody has to be handed a backend.
export let backend: Backend;

export function use(chosen: Backend) {
  backend = chosen;
}
