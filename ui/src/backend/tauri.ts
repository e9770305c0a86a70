// The only file that talks to Tauri.
import { invoke, type InvokeArgs } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type { FrameView } from "../bindings";
import type { Asking, Backend, Hearing, ViewName } from "./interface";

/** `previewLabel` here is `preview_label` in Rust. */
const nameInRust = (method: string) => method.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

// One function for every request: the list of them is a type only, and costs nothing in the window.
const asking = new Proxy({} as Asking, {
  get: (_, method: string) => (given?: InvokeArgs) =>
    invoke("request", { name: nameInRust(method), arguments: given ?? null }),
});

const hearing: Hearing = {
  onFrame: (heard) => listen<FrameView>("frame", (event) => heard(event.payload)),
  onChanged: (heard) =>
    listen<ViewName[] | null>("changed", (event) => heard(Array.isArray(event.payload) ? event.payload : null)),
  onShowAlarm: (heard) => listen<string>("show-alarm", (event) => heard(event.payload)),
};

export const tauri: Backend = new Proxy({} as Backend, {
  get: (_, method: string) => Reflect.get(hearing, method) ?? Reflect.get(asking, method),
});
