import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { createRawSnippet } from "svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import Dialog from "./Dialog.svelte";

let opener: HTMLButtonElement;
beforeEach(() => {
  opener = document.body.appendChild(document.createElement("button"));
  opener.focus();
});
afterEach(() => opener.remove());

function open(content = `<div><input id="first"><button id="middle">x</button><button id="last" >y</button></div>`) {
  const onclose = vi.fn();
  const children = createRawSnippet(() => ({ render: () => content }));
  const { unmount } = render(Dialog, { title: "Op de plank", onclose, children });
  return { onclose, unmount, user: userEvent.setup() };
}
const focus = () => document.activeElement?.id;

test("it is modal, and has its title as its name", () => {
  open();
  expect(screen.getByRole("dialog", { name: "Op de plank" }).hasAttribute("open")).toBe(true);
});
test("it takes the focus to the first field", () => {
  open();
  expect(focus()).toBe("first");
});
test("it takes the focus to the field that is meant to be first, where one is", () => {
  open(`<div><button id="a">x</button><input id="b" data-first></div>`);
  expect(focus()).toBe("b");
});
test("Tab goes round inside it", async () => {
  const { user } = open();
  await user.tab();
  await user.tab();
  expect(focus()).toBe("last");
  await user.tab();
  expect(focus()).toBe("first");
});
test("Shift and Tab go round inside it the other way", async () => {
  const { user } = open();
  await user.tab({ shift: true });
  expect(focus()).toBe("last");
});
test("Tab passes over what cannot be used", async () => {
  const { user } = open(`<div><input id="first"><button id="last">y</button><button disabled>z</button></div>`);
  await user.tab();
  await user.tab();
  expect(focus()).toBe("first");
});
test("Escape closes it, and nothing behind it hears the key", async () => {
  const { onclose, user } = open();
  const behind = vi.fn();
  window.addEventListener("keydown", behind);
  await user.keyboard("{Escape}");
  window.removeEventListener("keydown", behind);
  expect(onclose).toHaveBeenCalledOnce();
  expect(behind).not.toHaveBeenCalled();
});
test("it gives the focus back to whatever had it", () => {
  const { unmount } = open();
  expect(document.activeElement).not.toBe(opener);
  unmount();
  expect(document.activeElement).toBe(opener);
});
