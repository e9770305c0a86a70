/** Starts the animations of an element where all others started: what blinks, blinks together. */
export function inPhase(element: HTMLElement): () => void {
  const align = () => {
    for (const animation of element.getAnimations()) animation.startTime = 0;
  };
  align();
  // An element that takes another place in a list begins anew.
  element.addEventListener("animationstart", align);
  return () => element.removeEventListener("animationstart", align);
}
