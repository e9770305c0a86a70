import "@fontsource-variable/atkinson-hyperlegible-next";
import { mount } from "svelte";
import App from "./App.svelte";
import { use } from "./backend";
import { tauri } from "./backend/tauri";
import { dialogs } from "./dialogs";
import { screens } from "./screens";
import "./design/tokens.css";
import "./design/cards.css";
// The first picture is the region's: its component comes with the first file, the others when they are opened.
import "./features/region/RegionScreen.svelte";

use(tauri);
const target = document.getElementById("app");
if (target) mount(App, { target });

// Once the first picture stands, so that no screen waits for its component when a key asks for it.
setTimeout(() => {
  for (const { load } of screens) void load();
  for (const load of Object.values(dialogs)) void load();
}, 3000);
