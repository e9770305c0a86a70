// A backend of recorded views, for component tests and the gallery: nothing runs behind it.
//
//     const recorded = fixture({ region: () => sample.region() });
//     use(recorded);
//     recorded.calls    // what the screen asked and told, in its order
import type { FrameView } from "../bindings";
import type { Asking, Backend, Stop, ViewName } from "./interface";

export interface Fixture extends Backend {
  /** Every request so far, by method, with what it was given. */
  readonly calls: [method: string, given: unknown][];
  /** What was given to each call of one method. */
  given(method: keyof Asking): unknown[];
  sendFrame(frame: FrameView): void;
  sendChanged(views: ViewName[] | null): void;
  sendShowAlarm(id: string): void;
}

class Heard<T> {
  #hearers = new Set<(what: T) => void>();
  hear = (hearer: (what: T) => void): Promise<Stop> => {
    this.#hearers.add(hearer);
    return Promise.resolve(() => void this.#hearers.delete(hearer));
  };
  send(what: T) {
    for (const hearer of this.#hearers) hearer(what);
  }
}

/** A request without a recorded answer is answered with nothing, as a command is. */
export function fixture(answers: { [Method in keyof Asking]?: (...given: Parameters<Asking[Method]>) => unknown }): Fixture {
  const [frames, changed, shows] = [new Heard<FrameView>(), new Heard<ViewName[] | null>(), new Heard<string>()];
  const calls: Fixture["calls"] = [];
  const own = {
    calls,
    given: (method: keyof Asking) => calls.filter(([name]) => name === method).map(([, given]) => given),
    onFrame: frames.hear,
    onChanged: changed.hear,
    onShowAlarm: shows.hear,
    sendFrame: (frame: FrameView) => frames.send(frame),
    sendChanged: (views: ViewName[] | null) => changed.send(views),
    sendShowAlarm: (id: string) => shows.send(id),
  };
  return new Proxy({} as Fixture, {
    get: (_, method: string) =>
      Reflect.get(own, method) ??
      (async (given: unknown) => {
        calls.push([method, given]);
        const answer = answers[method as keyof Asking] as ((given: unknown) => unknown) | undefined;
        return answer?.(given);
      }),
  });
}
