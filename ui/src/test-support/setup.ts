// What jsdom lacks of the engine that draws the window, and a fresh session for every test.
import { configure } from "@testing-library/svelte";
import { beforeEach } from "vitest";
import { dialogsOpen } from "../components/dialogs-open.svelte";
import { session } from "../session.svelte";

// A screen's component is compiled when a test opens it first, which takes long where others compile as well.
configure({ asyncUtilTimeout: 10_000 });

HTMLDialogElement.prototype.showModal ??= function (this: HTMLDialogElement) {
  this.setAttribute("open", "");
};
HTMLDialogElement.prototype.close ??= function (this: HTMLDialogElement) {
  this.removeAttribute("open");
};
Element.prototype.checkVisibility ??= () => true;
Element.prototype.scrollIntoView ??= () => {};
Element.prototype.scrollTo = function (this: Element, to?: ScrollToOptions | number) {
  if (typeof to === "object") this.scrollTop = to.top ?? this.scrollTop;
};
Element.prototype.getAnimations ??= () => [];
window.matchMedia ??= (query) =>
  ({ matches: false, media: query, addEventListener: () => {}, removeEventListener: () => {} }) as unknown as MediaQueryList;

beforeEach(() => {
  dialogsOpen.count = 0;
  Object.assign(session, {
    frame: null,
    screen: { id: "region", site: "" },
    lastSite: null,
    wall: false,
    filter: null,
    alarm: null,
    notification: null,
    dialog: null,
  });
});
