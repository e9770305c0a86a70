// The only file that talks to Tauri.
import { invoke, type InvokeArgs } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type { FrameView } from "../bindings";
import type { RequestMethods, Backend, Subscriptions, ViewName } from "./interface";

/** `previewLabel` here is `preview_label` in Rust. */
const nameInRust = (method: string) => method.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

// One function for every request: the list of them is a type only, and costs nothing in the window.
const requests = new Proxy({} as RequestMethods, {
  get: (_, method: string) => (args?: InvokeArgs) =>
    invoke("request", { name: nameInRust(method), arguments: args ?? null }),
});

const subscriptions: Subscriptions = {
  onFrame: (handler) => listen<FrameView>("frame", (event) => handler(event.payload)),
  onChanged: (handler) =>
    listen<ViewName[] | null>("changed", (event) => handler(Array.isArray(event.payload) ? event.payload : null)),
  onShowAlarm: (handler) => listen<string>("show-alarm", (event) => handler(event.payload)),
};

export const tauri: Backend = new Proxy({} as Backend, {
  get: (_, method: string) => Reflect.get(subscriptions, method) ?? Reflect.get(requests, method),
});
