// Dialogs that more than one feature opens, by name: a feature never imports another one's component.
// A dialog that only its own screen opens stays in that feature.
import type { Component } from "svelte";

/** What each has to be given. */
export interface DialogProps {
  keys: { onclose: () => void };
  shelve: { ids: readonly string[]; onclose: () => void };
  "take-over": { onclose: () => void };
  label: { beds: string[]; kind: string; onclose: (kind?: string) => void };
}

export type DialogName = keyof DialogProps;

export const dialogs: { [Name in DialogName]: () => Promise<{ default: Component<DialogProps[Name]> }> } = {
  keys: () => import("./features/frame/KeysSheet.svelte"),
  shelve: () => import("./features/alarms/ShelveDialog.svelte"),
  "take-over": () => import("./features/alarms/TakeOver.svelte"),
  label: () => import("./features/labels/LabelPanel.svelte"),
};
