import "@fontsource-variable/atkinson-hyperlegible-next";
import { mount } from "svelte";
import App from "./App.svelte";
import "./design/tokens.css";
import "./design/cards.css";

const target = document.getElementById("app");
if (target) mount(App, { target });
