// What of the column a person can see, and since when it stands where it stands. Space acknowledges nothing else: a key
// that was on its way when a row arrived or moved was meant for another one.

/** How long a row has to stand before a key reaches it. */
export const STOOD_MS = 1500;
/** A pointer is aimed at what it presses; it only must not be overtaken by a row that moves. */
export const POINTED_MS = 600;
/** As far as the edges of boxes may be off by rounding. */
const SLACK_PX = 1.5;
/** Less than this is no other place. */
const MOVED_PX = 4;

export type Seen = "seen" | "too-new" | "out-of-sight";

interface Row {
  element: HTMLElement;
  version: string;
}
interface Stand {
  top: number;
  version: string;
  since: number;
}

/** What a look found. */
export interface Look {
  /** Rows that nobody has seen yet, above and below what is in sight. */
  above: number;
  below: number;
  /** Whether the time begins anew after which a key reaches a row. */
  anew: boolean;
}

const now = () => performance.now();

export class Sight {
  #port: HTMLElement | null = null;
  #rows = new Map<string, Row>();
  #stands = new Map<string, Stand>();
  /** Which version of a row was in sight once. */
  #seen = new Map<string, string>();
  #target: { key: string | null; since: number } = { key: null, since: 0 };
  #ownMove = false;

  /** The box that scrolls. */
  setPort(port: HTMLElement): () => void {
    this.#port = port;
    return () => (this.#port = null);
  }

  toTop() {
    this.#port?.scrollTo({ top: 0 });
  }

  add(id: string, row: Row): () => void {
    this.#rows.set(id, row);
    return () => {
      if (this.#rows.get(id) === row) this.#rows.delete(id);
    };
  }

  elementOf(id: string): HTMLElement | undefined {
    return this.#rows.get(id)?.element;
  }

  /** A person chose a row: what moves by that was not moved under a key that was on its way. */
  choosing() {
    this.#ownMove = true;
  }

  /** What was in sight may not have been: a dialog or another window lay before it. */
  restart() {
    this.#stands.clear();
  }

  /** Looks where every row stands; `target` is the card that keys act on, `fresh` the rows that may be new to a person. */
  measure(target: string | null, fresh: readonly string[]): Look {
    const [own, at, port] = [this.#ownMove, now(), this.#port?.getBoundingClientRect()];
    this.#ownMove = false;
    if (this.#target.key !== target) this.#target = { key: target, since: own ? this.#target.since : at };
    const look: Look = { above: 0, below: 0, anew: this.#target.since === at };
    for (const [id, { element, version }] of this.#rows) {
      const box = element.getBoundingClientRect();
      // Its card says of which hospital it is. Of a card that is higher than there is room for, the row alone is in sight.
      const card = element.closest("li")?.getBoundingClientRect() ?? box;
      const before = this.#stands.get(id);
      const cutOff = element.parentElement && box.right > element.parentElement.getBoundingClientRect().right + SLACK_PX;
      if (!port || cutOff || !isWithin(card.height > port.height ? box : card, port)) {
        this.#stands.delete(id);
        if (port && fresh.includes(id) && this.#seen.get(id) !== version) {
          if (box.top < port.top) look.above += 1;
          else look.below += 1;
        }
        continue;
      }
      this.#seen.set(id, version);
      const same = before?.version === version;
      const stays = same && (own || Math.abs(before.top - box.top) < MOVED_PX);
      if (!stays) look.anew = true;
      this.#stands.set(id, { top: box.top, version, since: stays ? before.since : at });
    }
    for (const id of this.#seen.keys()) if (!this.#rows.has(id)) this.#seen.delete(id);
    for (const id of this.#stands.keys()) if (!this.#rows.has(id)) this.#stands.delete(id);
    return look;
  }

  /** Whether a person can have seen this row where it stands now, for so long. */
  of(id: string, least: number): Seen {
    const stand = this.#stands.get(id);
    if (!stand || stand.version !== this.#rows.get(id)?.version) return "out-of-sight";
    return now() - Math.max(stand.since, this.#target.since) < least ? "too-new" : "seen";
  }

  /** Whether this row was in sight as it is, though it may have been scrolled away since. */
  wasSeen(id: string): boolean {
    const row = this.#rows.get(id);
    return row !== undefined && this.#seen.get(id) === row.version;
  }
}

/** Whole, or as much of it as there is room for. */
function isWithin(box: DOMRect, port: DOMRect): boolean {
  const fits = box.height <= port.height;
  return box.top >= port.top - SLACK_PX && (fits ? box.bottom <= port.bottom + SLACK_PX : box.top < port.bottom - 40);
}
