// The alarm column with places and with time: jsdom draws nothing, and nobody waits for real seconds.
import { screen, waitFor } from "@testing-library/svelte";
import { afterEach, expect, vi } from "vitest";
import * as sample from "../backend/sample";
import type { AlarmRow, FrameView } from "../bindings";
import { type Answers, desk } from "./app";

/** How high each row is drawn. */
export const ROW_PX = 100;

/** An alarm about a stop of its own hospital. */
export const stop = (id: string, changes: Partial<AlarmRow> = {}): AlarmRow =>
  sample.alarm({ id, what: "SEH-stop", hospital: id, title: `SEH-stop ${id}`, location: id, group: id, ...changes });
export const over = (id: string, changes: Partial<AlarmRow> = {}): AlarmRow =>
  stop(id, { state: "returned-unacknowledged", ended: "Voorbij 05:31", ...changes });
export const acknowledged = (id: string, changes: Partial<AlarmRow> = {}): AlarmRow =>
  stop(id, { state: "acknowledged", open: false, note: "Bevestigd 03:00 door wan-hoofd.", ...changes });

/** Rows stand below each other in a box of this height that scrolls. */
export function drawn(height: number) {
  const rows = () => [...document.querySelectorAll<HTMLElement>("[data-testid=alarm]")];
  const port = () => document.querySelector<HTMLElement>(".zones");
  const box = (top: number, high: number) => new DOMRect(0, top, 300, high);
  /** Of a row, or of the card that rows stand on. */
  const placeOf = (element: Element) => {
    const within = rows().filter((row) => element === row || (element.matches("li") && element.contains(row)));
    return within[0] ? { top: rows().indexOf(within[0]) * ROW_PX, high: within.length * ROW_PX } : null;
  };
  vi.spyOn(HTMLElement.prototype, "getBoundingClientRect").mockImplementation(function (this: HTMLElement) {
    if (this.matches(".zones")) return box(0, height);
    const place = placeOf(this);
    return place ? box(place.top - (port()?.scrollTop ?? 0), place.high - 10) : box(0, 0);
  });
  vi.spyOn(Element.prototype, "scrollIntoView").mockImplementation(function (this: Element) {
    const [place, scrolled] = [placeOf(this), port()];
    if (!scrolled || !place) return;
    if (place.top + place.high > scrolled.scrollTop + height) scrolled.scrollTop = place.top + place.high - height;
    if (place.top < scrolled.scrollTop) scrolled.scrollTop = place.top;
  });
}

afterEach(() => {
  vi.useRealTimers();
});

/** Lets time pass, and what waits for it happen. */
export const passes = (ms: number) => vi.advanceTimersByTimeAsync(ms);
/** Long enough to have seen what stands there. */
export const looked = () => passes(2000);

/** The whole application with these alarms, which somebody has looked at for a while. */
export async function column(alarms: AlarmRow[], { frame = {}, ...answers }: { frame?: Partial<FrameView> } & Omit<Answers, "frame"> = {}) {
  vi.useFakeTimers({ toFake: ["performance", "setTimeout", "clearTimeout"], shouldAdvanceTime: true });
  const at = await desk({ ...answers, frame: () => sample.frame({ ...frame, alarms }) });
  await waitFor(() => expect(screen.getByRole("complementary")).toBeTruthy());
  await looked();
  return {
    ...at,
    /** The ids of the alarms that were acknowledged. */
    seen: () => at.backend.argumentsOf("acknowledge").map((args) => (args as { id: string }).id),
    becomes: async (...rows: AlarmRow[]) => {
      at.backend.sendFrame(sample.frame({ ...frame, alarms: rows }));
      await passes(50);
    },
  };
}

/** The ids of the alarms that are drawn, in their order. */
export const shown = () => screen.queryAllByTestId("alarm").map((row) => row.dataset["id"]);
/** What one presses to choose the card of an alarm. */
export const head = (id: string) => {
  const row = screen.getAllByTestId("alarm").find((alarm) => alarm.dataset["id"] === id);
  return row?.closest("li")?.querySelector<HTMLElement>(".head") as HTMLElement;
};
/** The ids on the card that keys act on. */
export const current = () =>
  [...document.querySelectorAll<HTMLElement>("[aria-current=true] [data-testid=alarm]")].map((row) => row.dataset["id"]);
