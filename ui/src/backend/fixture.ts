// A backend of recorded views, for component tests and the gallery: nothing runs behind it.
//
//     const recorded = fixture({ region: () => sample.region() });
//     use(recorded);
//     recorded.calls    // what the screen requested, in its order
import type { FrameView } from "../bindings";
import type { RequestMethods, Backend, Unsubscribe, ViewName } from "./interface";

export interface Fixture extends Backend {
  /** Every request so far, by method, with its arguments. */
  readonly calls: [method: string, args: unknown][];
  /** The arguments of each call of one method. */
  argumentsOf(method: keyof RequestMethods): unknown[];
  sendFrame(frame: FrameView): void;
  sendChanged(views: ViewName[] | null): void;
  sendShowAlarm(id: string): void;
}

class Subscription<T> {
  #handlers = new Set<(what: T) => void>();
  subscribe = (handler: (what: T) => void): Promise<Unsubscribe> => {
    this.#handlers.add(handler);
    return Promise.resolve(() => void this.#handlers.delete(handler));
  };
  send(what: T) {
    for (const handler of this.#handlers) handler(what);
  }
}

/** A request without a recorded answer is answered with nothing, as a command is. */
export function fixture(answers: { [Method in keyof RequestMethods]?: (...args: Parameters<RequestMethods[Method]>) => unknown }): Fixture {
  const [frames, changed, shows] = [new Subscription<FrameView>(), new Subscription<ViewName[] | null>(), new Subscription<string>()];
  const calls: Fixture["calls"] = [];
  const own = {
    calls,
    argumentsOf: (method: keyof RequestMethods) => calls.filter(([name]) => name === method).map(([, args]) => args),
    onFrame: frames.subscribe,
    onChanged: changed.subscribe,
    onShowAlarm: shows.subscribe,
    sendFrame: (frame: FrameView) => frames.send(frame),
    sendChanged: (views: ViewName[] | null) => changed.send(views),
    sendShowAlarm: (id: string) => shows.send(id),
  };
  return new Proxy({} as Fixture, {
    get: (_, method: string) =>
      Reflect.get(own, method) ??
      (async (args: unknown) => {
        calls.push([method, args]);
        const answer = answers[method as keyof RequestMethods] as ((args: unknown) => unknown) | undefined;
        return answer?.(args);
      }),
  });
}
