// The alarm column: in which order its cards stand, on which one keys act, and what they do. Drawn by AlarmList.svelte.
import { tick, untrack } from "svelte";
import { backend } from "../../backend";
import type { AlarmRow, FrameView } from "../../bindings";
import { session } from "../../session.svelte";
import { t } from "../../text.svelte";
import { type Card, cardsOf, held, type Order, orderOf, versionOf } from "./cards";
import { POINTED_MS, Sight } from "./sight";

/** The longest that somebody who points at the list keeps a new card from its place. */
export const HELD_MS = 5000;

export class Column {
  readonly sight = new Sight();
  /** In a flood: the alarms that are told together, one by one. */
  floodUnfolded = $state(false);
  overUnfolded = $state(false);
  /** What the last look found above and below what is in sight. */
  #unseen = $state.raw({ above: 0, below: 0 });
  /** Changes whenever the time begins anew after which a key reaches the chosen card. */
  restarts = $state(0);
  #order = $state.raw<Order | null>(null);
  #release: ReturnType<typeof setTimeout> | undefined;
  #frame: () => FrameView | null;

  constructor(frame: () => FrameView | null) {
    this.#frame = frame;
  }

  #alarms = $derived.by(() => this.#frame()?.alarms ?? []);
  #shown = $derived.by(() => {
    const folded = this.#frame()?.flood != null && !this.floodUnfolded;
    return cardsOf(folded ? this.#alarms.filter((alarm) => !alarm.grouped) : this.#alarms);
  });
  #held = $derived.by(() => held(this.#inZone("now"), this.#order));

  #inZone(zone: Card["zone"]): Card[] {
    return this.#shown.filter((card) => card.zone === zone);
  }

  get now(): Card[] {
    return this.#held.cards;
  }
  get acknowledged(): Card[] {
    return this.#inZone("acknowledged");
  }
  get over(): Card[] {
    return this.#inZone("over");
  }
  /** How many alarms are told together with others. */
  get grouped(): number {
    return this.#alarms.filter((alarm) => alarm.grouped).length;
  }

  /** New cards that a person has not seen in their place: above what is in sight, or kept from it for a moment. */
  get newAbove(): number {
    return Math.max(this.#held.waiting, this.#unseen.above);
  }
  get newBelow(): number {
    return this.#unseen.below;
  }

  /** The card that the space bar means: the chosen one while it asks for that, else the first of those that call. */
  get current(): Card | null {
    const chosen = this.#chosen;
    return (chosen?.alarms[0].open ? chosen : undefined) ?? this.now[0] ?? this.over[0] ?? chosen ?? this.acknowledged[0] ?? null;
  }
  /** The card that every other key means: what was acknowledged can be chosen too. */
  get attended(): Card | null {
    return this.#chosen ?? this.current;
  }
  /** What ended after it was chosen, and was folded away by that, is chosen no more. */
  get #chosen(): Card | undefined {
    const chosen = this.#shown.find((card) => card.alarms.some((alarm) => alarm.id === session.alarm));
    return chosen?.zone === "over" && !this.overUnfolded ? undefined : chosen;
  }
  /** Whether a card is drawn whole. What was acknowledged takes one line until somebody asks for more. */
  isWhole(card: Card): boolean {
    const one = card.zone === "acknowledged" ? this.#chosen : this.current;
    return one?.key === card.key;
  }

  /** Somebody points at the list: what stands there keeps its place, for a while. */
  pointed() {
    // While something waits, a hand that moves on does not keep it waiting.
    if (this.#order !== null && this.#held.waiting > 0) return;
    this.#order ??= orderOf(this.#inZone("now"));
    clearTimeout(this.#release);
    this.#release = setTimeout(() => this.release(), HELD_MS);
  }
  release() {
    clearTimeout(this.#release);
    this.#order = null;
  }

  /** Unfolds what the card of an alarm is folded in, and brings it into sight. */
  async reveal(id: string) {
    const alarm = this.#alarms.find((a) => a.id === id);
    if (!alarm) return;
    if (alarm.grouped) this.floodUnfolded = true;
    if (alarm.open && alarm.ended !== null) this.overUnfolded = true;
    await tick();
    const row = this.sight.elementOf(id);
    // Its card may be higher than there is room for: as much of it as fits, and the row.
    row?.closest("li")?.scrollIntoView({ block: "nearest" });
    row?.scrollIntoView({ block: "nearest" });
    this.look();
  }

  /** The list brings it into sight, as it does what a notification chose. */
  choose(id: string | null) {
    this.sight.choosing();
    session.alarm = id;
    // What moves after this was not moved by the choice, though nothing else may have changed by it.
    void tick().then(() => this.look());
  }

  /** Chooses the next card, of all of them, and brings it into sight. */
  next() {
    const all = cardsOf(this.#alarms);
    const folded = all.filter((card) => card.zone === "now" && card.alarms.every((alarm) => alarm.grouped && !this.#isShown(alarm)));
    const cards = [...this.now, ...folded, ...this.acknowledged, ...this.over];
    const here = cards.findIndex((card) => card.key === this.attended?.key);
    this.choose(cards[(here + 1) % Math.max(cards.length, 1)]?.alarms[0].id ?? null);
  }
  #isShown(alarm: AlarmRow): boolean {
    return this.#shown.some((card) => card.alarms.includes(alarm));
  }

  /** Looks what is in sight; after every change of what is drawn and where. */
  look() {
    untrack(() => {
      const fresh = this.now.flatMap((card) => card.alarms);
      const measure = () => this.sight.measure(this.current?.key ?? null, fresh.map((alarm) => alarm.id));
      let look = measure();
      // A high alarm that nobody has seen comes into sight by itself, unless somebody is at work further down.
      if (look.above > 0 && this.#order === null && fresh.some((a) => a.priority === "high" && !this.sight.wasSeen(a.id))) {
        this.sight.toTop();
        look = measure();
      }
      this.#unseen = { above: look.above, below: look.below };
      if (look.anew) this.restarts += 1;
    });
  }
  /** What lay before the window is gone. */
  lookAnew() {
    this.sight.restart();
    this.look();
  }
  /** Brings the first of the new ones into sight. */
  showNew() {
    this.release();
    const unseen = this.now.flatMap((card) => card.alarms).find((alarm) => !this.sight.wasSeen(alarm.id));
    void this.reveal(unseen?.id ?? this.now[0]?.alarms[0].id ?? "");
  }

  /** Acknowledges of a card what a person can have seen; of the rest it says why not. */
  async acknowledge(card: Card, stood = POINTED_MS) {
    this.look();
    const seen = card.alarms.filter((alarm) => this.sight.of(alarm.id, stood) === "seen");
    await this.#send(seen);
    const [left] = card.alarms.filter((alarm) => !seen.includes(alarm));
    if (left) await this.#refuse(left);
    else if (card.alarms.some((alarm) => alarm.id === session.alarm)) session.alarm = null;
  }

  /** Acknowledges what ended, as far as it was in sight. */
  async acknowledgeOver() {
    this.look();
    const over = this.over.flatMap((card) => card.alarms);
    const seen = over.filter((alarm) => this.sight.wasSeen(alarm.id) && this.sight.of(alarm.id, POINTED_MS) !== "too-new");
    await this.#send(seen);
    const [left] = over.filter((alarm) => !seen.includes(alarm));
    if (left) await this.#refuse(left);
  }

  async #refuse(alarm: AlarmRow) {
    const hidden = this.sight.of(alarm.id, 0) === "out-of-sight";
    session.notify(t(hidden ? "alarm-was-out-of-sight" : "alarm-too-new", { alarm: alarm.title }));
    if (hidden) await this.reveal(alarm.id);
  }

  async #send(alarms: readonly AlarmRow[]) {
    for (const { id, raised } of alarms) await session.attempt(() => backend.acknowledge({ id, raised }));
  }

  /** Draws an alarm's row: where it stands is looked at from now on. */
  watch = (alarm: AlarmRow) => (element: HTMLElement) => this.sight.add(alarm.id, { element, version: versionOf(alarm) });
}
