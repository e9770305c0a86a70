// What can be asked of Rust: the request's name there, what it takes, what it answers.
import type {
  AlarmChoice,
  BedsView,
  BedView,
  ChannelReport,
  ConfirmRequest,
  Decision,
  DefectGroup,
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

type Request<Arguments, Answer> = { arguments: Arguments; answer: Answer };

export type Requests = {
  frame: Request<null, FrameView>;
  region: Request<null, RegionView>;
  location: Request<{ id: string; night: boolean }, LocationView>;
  beds: Request<{ id: string; kind: string }, BedsView>;
  bed: Request<{ id: string }, BedView>;
  settings: Request<null, SettingsView>;
  arrange_tiles: Request<{ choice: TileChoice }, void>;
  preview_label: Request<{ request: LabelRequest }, LabelPreview>;
  label_beds: Request<{ request: LabelRequest }, number>;
  label_choices: Request<{ kind: string }, LabelChoices>;
  begin_labelling: Request<null, void>;
  share_label_time: Request<{ share: boolean }, void>;
  worklist: Request<null, WorklistView>;
  decide: Request<{ decision: Decision }, void>;
  preview_set: Request<{ request: SetRequest }, SetPreview>;
  save_set: Request<{ request: SetRequest }, void>;
  switch_set: Request<{ id: string; on: boolean }, void>;
  drop_set: Request<{ id: string }, void>;
  export_labels: Request<null, string[]>;
  undo_label: Request<null, number>;
  acknowledge: Request<{ id: string }, void>;
  shelve: Request<{ id: string; reason: string; minutes: number }, void>;
  unshelve: Request<{ id: string }, void>;
  /** Without a reason it goes into service again. */
  out_of_service: Request<{ id: string; reason: string | null }, void>;
  silence: Request<null, void>;
  take_over: Request<{ name: string }, void>;
  choose_alarms: Request<{ choice: AlarmChoice }, void>;
  test_channels: Request<null, ChannelReport>;
  quality: Request<{ night: boolean }, QualityView>;
  export_alarms: Request<null, string>;
  stop_outlook: Request<{ site: string }, StopOutlook>;
  announce_stop: Request<{ request: StopRequest }, void>;
  lift_stop: Request<{ stop: string }, void>;
  open_practice: Request<null, void>;
  plug_practice: Request<{ plugged: boolean }, void>;
  practice_scenario: Request<{ name: string }, void>;
  defects: Request<null, DefectGroup[]>;
  export_defects: Request<{ location: string | null }, string>;
  confirm: Request<{ request: ConfirmRequest }, void>;
  try_connection: Request<{ request: SourceRequest }, string>;
  add_source: Request<{ request: SourceRequest }, void>;
  sign_in: Request<{ key: string }, void>;
  remove_source: Request<{ key: string }, void>;
  first_picture: Request<null, void>;
};
