// What the screens may ask and hear. Tauri answers in the window (tauri.ts), recorded views in tests (fixture.ts).
//
//     const view = await backend.location({ id: "isala-zwolle", night: false });
//
// The methods follow from the list of requests, so that a new request needs no line here.
import type { FrameView, Requests } from "../bindings";

/** `preview_label` in Rust is `previewLabel` here. */
type Camel<Name extends string> = Name extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<Camel<Tail>>}` : Name;

type Ask<Arguments, Answer> = [Arguments] extends [null] ? () => Promise<Answer> : (given: Arguments) => Promise<Answer>;

export type Asking = {
  [Name in keyof Requests as Camel<Name>]: Ask<Requests[Name]["arguments"], Requests[Name]["answer"]>;
};

/** Views are named by the request that answers them. */
export type ViewName = keyof Requests;

/** Ends listening. */
export type Stop = () => void;

export interface Hearing {
  /** The frame as it is now, sent whenever it changed. */
  onFrame(heard: (frame: FrameView) => void): Promise<Stop>;
  /** Views that changed, to be asked for again; `null` where it is not known which. */
  onChanged(heard: (views: ViewName[] | null) => void): Promise<Stop>;
  /** An alarm that the person asked to see, in a notification or in the tray. */
  onShowAlarm(heard: (id: string) => void): Promise<Stop>;
}

export type Backend = Asking & Hearing;
