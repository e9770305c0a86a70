// The only folder that talks to Tauri: one function a command, one listener an event.
import { invoke } from "@tauri-apps/api/core";
import { listen, type UnlistenFn } from "@tauri-apps/api/event";
import type {
  AlarmChoice,
  AppError,
  BedView,
  ConfirmRequest,
  DefectGroup,
  BedsView,
  ChannelReport,
  Decision,
  FrameView,
  LabelChoices,
  LabelPreview,
  LabelRequest,
  LocationView,
  QualityView,
  RegionView,
  SetPreview,
  SetRequest,
  SettingsView,
  SourceRequest,
  StopOutlook,
  StopRequest,
  TileChoice,
  WorklistView,
} from "../bindings";

export const frame = () => invoke<FrameView>("frame");
export const region = () => invoke<RegionView>("region");
export const location = (id: string, night: boolean) => invoke<LocationView>("location", { id, night });
export const beds = (id: string, kind: string) => invoke<BedsView>("beds", { id, kind });
export const bed = (id: string) => invoke<BedView>("bed", { id });
export const settings = () => invoke<SettingsView>("settings");
export const arrangeTiles = (choice: TileChoice) => invoke<void>("arrange_tiles", { choice });
export const previewLabel = (request: LabelRequest) => invoke<LabelPreview>("preview_label", { request });
export const labelBeds = (request: LabelRequest) => invoke<number>("label_beds", { request });
export const labelChoices = (kind: string) => invoke<LabelChoices>("label_choices", { kind });
export const beginLabelling = () => invoke<void>("begin_labelling");
export const shareLabelTime = (share: boolean) => invoke<void>("share_label_time", { share });
export const worklist = () => invoke<WorklistView>("worklist");
export const decide = (decision: Decision) => invoke<void>("decide", { decision });
export const previewSet = (request: SetRequest) => invoke<SetPreview>("preview_set", { request });
export const saveSet = (request: SetRequest) => invoke<void>("save_set", { request });
export const switchSet = (id: string, on: boolean) => invoke<void>("switch_set", { id, on });
export const dropSet = (id: string) => invoke<void>("drop_set", { id });
export const exportLabels = () => invoke<string[]>("export_labels");
export const undoLabel = () => invoke<number>("undo_label");
export const acknowledge = (id: string) => invoke<void>("acknowledge", { id });
export const shelve = (id: string, reason: string, minutes: number) => invoke<void>("shelve", { id, reason, minutes });
export const unshelve = (id: string) => invoke<void>("unshelve", { id });
/** Without a reason it goes into service again. */
export const outOfService = (id: string, reason: string | null) => invoke<void>("out_of_service", { id, reason });
export const silence = () => invoke<void>("silence");
export const takeOver = (name: string) => invoke<void>("take_over", { name });
export const chooseAlarms = (choice: AlarmChoice) => invoke<void>("choose_alarms", { choice });
export const testChannels = () => invoke<ChannelReport>("test_channels");
export const quality = (night: boolean) => invoke<QualityView>("quality", { night });
export const exportAlarms = () => invoke<string>("export_alarms");
export const stopOutlook = (site: string) => invoke<StopOutlook>("stop_outlook", { site });
export const announceStop = (request: StopRequest) => invoke<void>("announce_stop", { request });
export const liftStop = (stop: string) => invoke<void>("lift_stop", { stop });
export const openPractice = () => invoke<void>("open_practice");
export const plugPractice = (plugged: boolean) => invoke<void>("plug_practice", { plugged });
export const practiceScenario = (name: string) => invoke<void>("practice_scenario", { name });
export const defects = () => invoke<DefectGroup[]>("defects");
export const exportDefects = (location: string | null) => invoke<string>("export_defects", { location });
export const confirm = (request: ConfirmRequest) => invoke<void>("confirm", { request });
export const tryConnection = (request: SourceRequest) => invoke<string>("try_connection", { request });
export const addSource = (request: SourceRequest) => invoke<void>("add_source", { request });
export const signIn = (key: string) => invoke<void>("sign_in", { key });
export const removeSource = (key: string) => invoke<void>("remove_source", { key });
export const firstPicture = () => invoke<void>("first_picture");

export const onFrame = (tell: (frame: FrameView) => void): Promise<UnlistenFn> =>
  listen<FrameView>("frame", (event) => tell(event.payload));
export const onShowAlarm = (tell: (id: string) => void): Promise<UnlistenFn> =>
  listen<string>("show-alarm", (event) => tell(event.payload));

const words: Record<AppError["code"], string> = {
  storage: "Niet opgeslagen: de schijf neemt het niet aan.",
  "not-found": "Dit bestaat niet (meer).",
  invalid: "Dit kan zo niet.",
  offline: "Geen verbinding: er is niets verstuurd.",
  refused: "De server weigert dit.",
  "not-allowed": "Dit account mag dat hier niet.",
  "not-from-here": "Dat kan niet vanuit deze toestand.",
  unreadable: "Niet leesbaar.",
};

const isAppError = (error: unknown): error is AppError =>
  typeof error === "object" && error !== null && "code" in error && "detail" in error;

/** One Dutch sentence for an error, by its code; Dutch details of refusals and offline stops come from Rust. */
export const inWords = (error: unknown): string => {
  if (!isAppError(error)) return "Er ging iets mis; zie het logboek.";
  return error.code === "refused" || error.code === "offline" ? error.detail : words[error.code];
};
