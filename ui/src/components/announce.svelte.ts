// What assistive technology announces at once. An open dialog makes the rest of the page inert, and with it every live
// region there; the dialog therefore says these words itself.
class Announcement {
  /** Interrupts. */
  loud = $state("");
  calm = $state("");
}

export const announcement = new Announcement();
