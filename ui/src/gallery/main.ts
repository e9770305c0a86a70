// The gallery is built by `npm run gallery` and photographed by tests; it is no part of the application.
import "@fontsource-variable/atkinson-hyperlegible-next";
import { mount } from "svelte";
import "../design/cards.css";
import tokens from "../design/tokens.css?raw";
import Gallery from "./Gallery.svelte";

// The application knows one theme at a time, on its root; here both stand on one page.
const sheet = document.head.appendChild(document.createElement("style"));
sheet.textContent = tokens.replace(':root[data-night="true"]', '[data-night="true"]').replace(":root {", ':root, [data-night="false"] {');

// Whoever photographs the page has to be told why there is none.
window.addEventListener("error", (event) => (document.documentElement.dataset["wrong"] ??= event.message));
window.addEventListener("unhandledrejection", (event) => (document.documentElement.dataset["wrong"] ??= String(event.reason)));

// A modal dialog lies over everything else; here each stands in its place.
HTMLDialogElement.prototype.showModal = function () {
  this.setAttribute("open", "");
};

const target = document.getElementById("app");
if (target) mount(Gallery, { target });
// Dialogs take the focus as they open, and with it the view.
setTimeout(() => {
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  window.scrollTo(0, 0);
  document.documentElement.dataset["ready"] = "true";
}, 1500);
