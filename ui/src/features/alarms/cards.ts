// Which alarms stand on one card, in which zone of the column, and in which order. Nothing here draws or asks.
import type { AlarmRow } from "../../bindings";

/** What calls now, what somebody saw or set aside, and what ended before anybody saw it. */
export type Zone = "now" | "acknowledged" | "over";

export interface Card {
  key: string;
  zone: Zone;
  /** In the order in which Rust reads them: the first is the worst. */
  alarms: readonly [AlarmRow, ...AlarmRow[]];
}

/** What a person has to have seen of an alarm; its age grows by itself. */
export const versionOf = (alarm: AlarmRow): string => [alarm.raised, alarm.state, alarm.priority, alarm.title].join("|");

export const zoneOf = (alarm: AlarmRow): Zone => (!alarm.open ? "acknowledged" : alarm.ended === null ? "now" : "over");

const keyOf = (alarm: AlarmRow): string => {
  // What is set aside comes back by itself, each at its own time.
  const alone = alarm.group === null || (zoneOf(alarm) === "acknowledged" && alarm.state !== "acknowledged");
  return `${zoneOf(alarm)}:${alone ? alarm.id : alarm.group}`;
};

/** One card for each alarm; the services of one hospital share theirs. */
export function cardsOf(alarms: readonly AlarmRow[]): Card[] {
  const cards = new Map<string, Card>();
  for (const alarm of alarms) {
    const [key, zone] = [keyOf(alarm), zoneOf(alarm)];
    const before = cards.get(key);
    cards.set(key, { key, zone, alarms: before ? [...before.alarms, alarm] : [alarm] });
  }
  return [...cards.values()];
}

const isHigh = (card: Card) => card.alarms.some((alarm) => alarm.priority === "high");

/** How the cards stood when somebody began to point at them: by key, whether each was high. */
export type Order = ReadonlyMap<string, boolean>;

export const orderOf = (cards: readonly Card[]): Order => new Map(cards.map((card) => [card.key, isHigh(card)]));

/**
 * The cards as they stand while somebody points at them: each keeps its place and new ones wait below, but what became
 * high meanwhile stands on top (AH-21). `waiting` counts what has not come to its place.
 */
export function held(cards: readonly Card[], order: Order | null): { cards: Card[]; waiting: number } {
  if (order === null) return { cards: [...cards], waiting: 0 };
  const top = cards.filter((card) => isHigh(card) && order.get(card.key) !== true);
  const rest = cards.filter((card) => !top.includes(card));
  const kept = [...order.keys()].flatMap((key) => rest.find((card) => card.key === key) ?? []);
  const waiting = rest.filter((card) => !order.has(card.key));
  return { cards: [...top, ...kept, ...waiting], waiting: waiting.length };
}
