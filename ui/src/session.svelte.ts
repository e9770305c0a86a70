// Where the person is looking, and what Rust last said. Everything that is shown comes from Rust.
import { untrack } from "svelte";
import { backend, type ViewName } from "./backend";
import type { FrameView } from "./bindings";
import type { DialogName, DialogProps } from "./dialogs";
import { messageOf } from "./errors";
import { isScreenId, type ScreenId, screenRow } from "./screens";
import type { ActionOf, Handler } from "./shortcuts";
import { setLanguage, t } from "./text.svelte";

export type OpenDialog = { [Name in DialogName]: { name: Name; props: DialogProps[Name] } }[DialogName];

/** How often a view was announced as changed. One for each view: a screen must not ask again for another's sake. */
class Changes {
  count = $state(0);
}

class Session {
  frame = $state.raw<FrameView | null>(null);
  screen = $state<{ id: ScreenId; site: string }>({ id: "region", site: "" });
  /** The location that was looked at last; where a screen of one location opens. */
  lastSite = $state<string | null>(null);
  night = $state(false);
  /** Only the region and the alarms, larger, for a screen on the wall. */
  wall = $state(false);
  /** The words that the region is filtered by; nothing while no filter is asked for. */
  filter = $state<string | null>(null);
  alarm = $state<string | null>(null);
  notification = $state<{ text: string; bad: boolean } | null>(null);
  dialog = $state.raw<OpenDialog | null>(null);
  #notified: ReturnType<typeof setTimeout> | undefined;

  #changes = new Map<ViewName, Changes>();
  /** Counts the times when Rust did not say which view changed. */
  #all = new Changes();
  #actions = new Map<string, Handler>();

  open(id: ScreenId, site?: string) {
    if (!screenRow(id).site) {
      this.screen = { id, site: "" };
      return;
    }
    const at = site ?? this.lastSite;
    if (at === null) return;
    this.lastSite = at;
    this.screen = { id, site: at };
  }

  /** One step up: out of the location's beds, the wall or the filter, else to the region. */
  back() {
    const { back } = screenRow(this.screen.id);
    if (isScreenId(back)) this.open(back, this.screen.site);
    else if (this.wall) this.wall = false;
    else if (this.filter !== null) this.filter = null;
    else this.open("region");
  }

  ask<Name extends DialogName>(name: Name, props: Omit<DialogProps[Name], "onclose"> & Partial<DialogProps[Name]>) {
    const onclose = (...args: never[]) => {
      this.dialog = null;
      (props.onclose as ((...args: never[]) => void) | undefined)?.(...args);
    };
    this.dialog = { name, props: { ...props, onclose } } as unknown as OpenDialog;
  }

  /** Hears Rust until the returned function is called. */
  listen(): () => void {
    const stops = [
      backend.onFrame((frame) => this.#framed(frame)),
      backend.onChanged((views) => this.announce(views)),
      backend.onShowAlarm((id) => this.showAlarm(id)),
    ];
    void this.attempt(backend.frame).then((frame) => frame && this.#framed(frame));
    return () => {
      for (const stop of stops) void stop.then((end) => end());
    };
  }

  #framed(frame: FrameView) {
    this.frame = frame;
    void setLanguage(frame.language);
  }

  /** These views changed, or nobody knows which. */
  announce(views: readonly ViewName[] | null) {
    if (views === null) this.#all.count += 1;
    else {
      for (const view of views) this.#of(view).count += 1;
    }
  }

  #of(view: ViewName): Changes {
    const changes = this.#changes.get(view) ?? new Changes();
    this.#changes.set(view, changes);
    return changes;
  }

  /** A number that grows when a view has to be asked for again. */
  changes(view: ViewName): number {
    return this.#all.count + this.#of(view).count;
  }

  /** A screen's own keys, while it is open. To be called while the component starts. */
  actions<Where extends ScreenId>(where: Where, handlers: Record<ActionOf<Where>, Handler>) {
    $effect(() => {
      const names = Object.entries<Handler>(handlers).map(([action, handler]) => {
        this.#actions.set(`${where}/${action}`, handler);
        return `${where}/${action}`;
      });
      return () => names.forEach((name) => this.#actions.delete(name));
    });
  }

  handler(where: string, action: string): Handler | undefined {
    return this.#actions.get(`${where}/${action}`);
  }

  notify(text: string, bad = false) {
    this.notification = { text, bad };
    clearTimeout(this.#notified);
    this.#notified = setTimeout(() => (this.notification = null), bad ? 12000 : 5000);
  }

  setNight(night: boolean) {
    this.night = night;
    document.documentElement.dataset["night"] = String(night);
  }

  /** Puts a phone number where it can be pasted. */
  async copy(phone: string | null | undefined) {
    if (!phone) return this.notify(t("phone-unknown"), true);
    try {
      await navigator.clipboard.writeText(phone);
      this.notify(t("phone-copied", { phone }));
    } catch {
      this.notify(t("phone-not-copied", { phone }), true);
    }
  }

  /** Does something and says in words why it failed, if it did. */
  async attempt<T>(what: () => Promise<T>): Promise<T | undefined> {
    try {
      return await what();
    } catch (error) {
      this.notify(messageOf(error), true);
      return undefined;
    }
  }

  /** Does something that answers nothing; whether it was done. */
  async done(what: () => Promise<unknown>): Promise<boolean> {
    return (await this.attempt(async () => (await what(), true))) ?? false;
  }

  showAlarm(id: string) {
    this.alarm = id;
    const location = this.frame?.alarms.find((a) => a.id === id)?.location;
    if (location) this.open("location", location);
  }
}

export const session = new Session();

export interface Live<T> {
  readonly value: T | null;
  reload(): Promise<void>;
}

/**
 * A view for as long as its component lives: asked for at once, when what `ask` reads changes, and when Rust names it.
 *
 *     const region = live("region", () => backend.region());
 *     region.value?.tiles
 */
export function live<T>(name: ViewName, ask: () => Promise<T>): Live<T> {
  // Svelte does not track what is made inside the effect that reads it: the count has to exist before.
  untrack(() => session.changes(name));
  let value = $state.raw<T | null>(null);
  let asked = 0;
  let shown = 0;
  async function reload() {
    const mine = ++asked;
    const fresh = await session.attempt(ask);
    // An answer that a later one overtook is not shown. One whose later question is still open is: where changes come
    // faster than answers, nothing would ever be shown otherwise.
    if (fresh === undefined || mine < shown) return;
    shown = mine;
    value = fresh;
  }
  $effect(() => {
    session.changes(name);
    void reload();
  });
  return {
    get value() {
      return value;
    },
    reload: () => untrack(reload),
  };
}
