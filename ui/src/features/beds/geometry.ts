// Where beds stand on the screen: which one lies in a direction, and which ones a rectangle takes.

export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export interface Placed {
  id: string;
  box: Box;
}

/** Rows that differ by less than this are one row: a chosen cell and a cell with a border are not drawn equally high. */
const SAME_ROW_PX = 10;
/** A step down is worth three steps aside, so that the next row comes before a far corner of this one. */
const DOWN_WEIGHS = 3;

/** The bed above (-1) or below (1), by where the cells stand, across rooms and wards of any width. */
export function nearest(cells: readonly Placed[], from: Box, way: 1 | -1): string | undefined {
  let best: { id: string; cost: number } | undefined;
  for (const { id, box } of cells) {
    const down = (box.top - from.top) * way;
    if (down < SAME_ROW_PX) continue;
    const cost = down * DOWN_WEIGHS + Math.abs(box.left - from.left);
    if (!best || cost < best.cost) best = { id, cost };
  }
  return best?.id;
}

/** The bed that an arrow leads to: along the order of the beds to left and right, by place up and down. */
export function beside(order: readonly string[], cells: readonly Placed[], from: string | null, key: string): string | undefined {
  const here = from === null ? -1 : order.indexOf(from);
  if (here < 0) return order[0];
  if (key === "ArrowRight") return order[here + 1];
  if (key === "ArrowLeft") return order[here - 1];
  const own = cells.find((cell) => cell.id === from)?.box;
  return own && nearest(cells, own, key === "ArrowDown" ? 1 : -1);
}

/** Every bed from one to another, in the order in which they stand. */
export function between(order: readonly string[], from: string, to: string): string[] {
  const [a, b] = [order.indexOf(from), order.indexOf(to)];
  return order.slice(Math.min(a, b), Math.max(a, b) + 1);
}

/** Every bed that a rectangle touches. */
export function touched(cells: readonly Placed[], band: Box): string[] {
  const touches = ({ box }: Placed) =>
    box.right > band.left && box.left < band.right && box.bottom > band.top && box.top < band.bottom;
  return cells.filter(touches).map((cell) => cell.id);
}
