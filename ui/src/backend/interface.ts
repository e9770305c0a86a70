// What the screens may ask and subscribe to. Tauri answers in the window (tauri.ts), recorded views in tests (fixture.ts).
//
//     const view = await backend.location({ id: "isala-zwolle", night: false });
//
// The methods follow from the list of requests, so that a new request needs no line here.
import type { FrameView, Requests } from "../bindings";

/** `preview_label` in Rust is `previewLabel` here. */
type Camel<Name extends string> = Name extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<Camel<Tail>>}` : Name;

type Method<Arguments, Answer> = [Arguments] extends [null] ? () => Promise<Answer> : (args: Arguments) => Promise<Answer>;

export type RequestMethods = {
  [Name in keyof Requests as Camel<Name>]: Method<Requests[Name]["arguments"], Requests[Name]["answer"]>;
};

/** Views are named by the request that answers them. */
export type ViewName = keyof Requests;

/** Ends listening. */
export type Unsubscribe = () => void;

export interface Subscriptions {
  /** The frame as it is now, sent whenever it changed. */
  onFrame(handler: (frame: FrameView) => void): Promise<Unsubscribe>;
  /** Views that changed, to be asked for again; `null` where it is not known which. */
  onChanged(handler: (views: ViewName[] | null) => void): Promise<Unsubscribe>;
  /** An alarm that the person asked to see, in a notification or in the tray. */
  onShowAlarm(handler: (id: string) => void): Promise<Unsubscribe>;
}

export type Backend = RequestMethods & Subscriptions;
