// What the window shows right now. Everything in it comes from Rust; here is only where the person is looking.
import * as backend from "./backend";
import type { FrameView } from "./bindings";

export type Screen =
  | { name: "region" }
  | { name: "location"; id: string }
  | { name: "beds"; id: string }
  | { name: "worklist" }
  | { name: "quality" }
  | { name: "defects" }
  | { name: "settings" };

class Desk {
  frame = $state<FrameView | null>(null);
  screen = $state<Screen>({ name: "region" });
  /** The location that was looked at last; where screen 2 opens. */
  lastSite = $state<string | null>(null);
  night = $state(false);
  /** Only the region and the alarms, larger, for a screen on the wall. */
  wall = $state(false);
  /** The words that the region is filtered by; nothing while no filter is asked for. */
  filter = $state<string | null>(null);
  alarm = $state<string | null>(null);
  said = $state<{ text: string; bad: boolean } | null>(null);
  keysShown = $state(false);
  shelving = $state<string | null>(null);
  takingOver = $state(false);
  /** Open dialogs take the keys. */
  busy = $state(0);
  #silence: ReturnType<typeof setTimeout> | undefined;

  open(screen: Screen) {
    this.screen = screen;
    if ("id" in screen) this.lastSite = screen.id;
  }

  say(text: string, bad = false) {
    this.said = { text, bad };
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => (this.said = null), bad ? 12000 : 5000);
  }

  setNight(night: boolean) {
    this.night = night;
    document.documentElement.dataset["night"] = String(night);
  }

  /** Puts a phone number where it can be pasted. */
  async copy(phone: string | null | undefined) {
    if (!phone) return this.say("Hier is geen nummer bekend.", true);
    try {
      await navigator.clipboard.writeText(phone);
      this.say(`Gekopieerd: ${phone}`);
    } catch {
      this.say(`Niet gekopieerd; het nummer is ${phone}`, true);
    }
  }

  /** Does something and says in words why it failed, if it did. */
  async attempt<T>(what: () => Promise<T>): Promise<T | undefined> {
    try {
      return await what();
    } catch (error) {
      this.say(backend.inWords(error), true);
      return undefined;
    }
  }

  /** Chooses the next alarm of the list. */
  nextAlarm() {
    const ids = (this.frame?.alarms ?? []).map((a) => a.id);
    const here = ids.indexOf(this.currentAlarm?.id ?? "");
    this.alarm = ids[(here + 1) % Math.max(ids.length, 1)] ?? null;
  }

  /** The alarm that keys act on: the chosen one, else the first that is open, else the first. */
  get currentAlarm() {
    const alarms = this.frame?.alarms ?? [];
    return alarms.find((a) => a.id === this.alarm) ?? alarms.find((a) => a.open) ?? alarms[0] ?? null;
  }

  async acknowledge(id: string) {
    await this.attempt(() => backend.acknowledge(id));
    if (this.alarm === id) this.alarm = null;
  }
}

export const desk = new Desk();
