// Every screen, one row each. The top bar, the keys, the sheet of keys and the router read this list;
// a new screen is a row here and its component.
import type { Component } from "svelte";
import type { PlainKey } from "./text.svelte";

/** A screen of one location is given which; any other takes nothing. */
type ScreenComponent = Component<{ site: string }> | Component<Record<string, never>>;

export interface ScreenRow {
  id: string;
  /** The key that opens it, and what stands beside its name. */
  key?: string;
  title: PlainKey;
  /** Stands in the top bar. */
  bar: boolean;
  /** Shows one location, and opens on the one that was looked at last. */
  site: boolean;
  /** Where Escape leads, the region if nothing is said. */
  back?: string;
  /** The component, fetched when the screen is opened first. */
  load: () => Promise<{ default: ScreenComponent }>;
}

export const screens = [
  { id: "region", key: "1", title: "screen-region", bar: true, site: false, load: () => import("./features/region/RegionScreen.svelte") },
  { id: "location", title: "screen-location", bar: false, site: true, load: () => import("./features/location/LocationScreen.svelte") },
  { id: "beds", key: "2", title: "screen-beds", bar: true, site: true, back: "location", load: () => import("./features/beds/BedsScreen.svelte") },
  { id: "worklist", key: "T", title: "screen-worklist", bar: true, site: false, load: () => import("./features/labels/WorklistScreen.svelte") },
  { id: "alarm-metrics", key: "Q", title: "screen-alarm-metrics", bar: false, site: false, load: () => import("./features/alarms/AlarmMetricsScreen.svelte") },
  { id: "data-quality", key: "D", title: "screen-data-quality", bar: false, site: false, load: () => import("./features/data-quality/DataQualityScreen.svelte") },
  { id: "settings", key: "8", title: "screen-settings", bar: true, site: false, load: () => import("./features/settings/SettingsScreen.svelte") },
] as const satisfies readonly ScreenRow[];

export type ScreenId = (typeof screens)[number]["id"];

const byId = new Map<string, ScreenRow>(screens.map((row) => [row.id, row]));

export function screenRow(id: ScreenId): ScreenRow {
  return byId.get(id) ?? screens[0];
}

export const isScreenId = (id: string | undefined): id is ScreenId => id !== undefined && byId.has(id);
