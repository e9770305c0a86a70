/** Starts the animations of an element where all others started: what blinks, blinks together. */
export function inPhase(element: HTMLElement) {
  for (const animation of element.getAnimations()) animation.startTime = 0;
}
