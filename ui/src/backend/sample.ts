// Views as the application sends them, to be changed where a test or the gallery shows a state. They are recorded by
// tests/tests/recorded_views.rs, which fails when the application sends something else; nothing is made up here but how a
// single row differs from the recorded one.
import type {
  AlarmRow,
  BedCell,
  BedsView,
  BedView,
  CapacityRow,
  DataQualityIssueGroup,
  FrameView,
  LabelChoices,
  LabelPreview,
  LocationView,
  Meter,
  AlarmMetricsView,
  RegionView,
  Room,
  SetPreview,
  SettingsView,
  StopOutlook,
  StorageView,
  Tile,
  Ward,
  WorklistView,
} from "../bindings";
import recordedAlarmMetrics from "./fixtures/alarm_metrics.json";
import recordedBed from "./fixtures/bed.json";
import recordedBeds from "./fixtures/beds.json";
import recordedDataQuality from "./fixtures/data_quality.json";
import recordedFrame from "./fixtures/frame.json";
import recordedChoices from "./fixtures/label_choices.json";
import recordedLocation from "./fixtures/location.json";
import recordedPreview from "./fixtures/preview_label.json";
import recordedSetPreview from "./fixtures/preview_set.json";
import recordedRegion from "./fixtures/region.json";
import recordedSettings from "./fixtures/settings.json";
import recordedOutlook from "./fixtures/stop_outlook.json";
import recordedWorklist from "./fixtures/worklist.json";

/** A recorded view, changed; a file of JSON knows no tuples and no closed sets of words, so its type is said here. */
const recorded =
  <View extends object>(view: unknown) =>
  (changes: Partial<View> = {}): View => ({ ...(structuredClone(view) as View), ...changes });

/** The first of a list that was recorded with something in it. */
function first<T>(list: readonly T[]): T {
  const [found] = list;
  if (found === undefined) throw new Error("nothing was recorded");
  return found;
}

const [isala, ...others] = recordedRegion.tiles;

export const alarm = recorded<AlarmRow>(first(recordedFrame.alarms));

/** The frame as it was recorded, its alarms too. */
export const busyFrame = recorded<FrameView>(recordedFrame);

/** The frame of a quiet night: without alarms unless some are given. */
export const frame = (changes: Partial<FrameView> = {}): FrameView =>
  busyFrame({
    alarms: [],
    open_alarms: changes.alarms?.filter((a) => a.open).length ?? 0,
    waiting: 0,
    current: recordedFrame.locations,
    ...changes,
  });

export const meter = recorded<Meter>(isala?.meter);

export const row = (changes: Partial<CapacityRow> = {}): CapacityRow =>
  recorded<CapacityRow>(first(isala?.rows ?? []))({ unknown: 0, confirmed: null, ...changes });

/** A location with an open emergency department. */
export const tile = (changes: Partial<Tile> = {}): Tile =>
  recorded<Tile>(isala)({ seh: { status: "open", title: "SEH open", lines: [] }, ...changes });

/** Every tile as it was recorded: a stop, one that threatens, a second copy, one that is silent. */
export const tiles = (): Tile[] => recorded<RegionView>(recordedRegion)().tiles;

export const region = (changes: Partial<RegionView> = {}): RegionView =>
  recorded<RegionView>(recordedRegion)({ tiles: [tile(), first(others as Tile[])], ...changes });

const recordedBedCell = first(first(first(recordedBeds.wards).rooms).beds);

export const bed = (id: string, changes: Partial<BedCell> = {}): BedCell =>
  recorded<BedCell>(recordedBedCell)({ id, name: id, title: `Bed ${id}`, state: "free", manual: false, ending: false, ...changes });

export const room = (id: string, beds: BedCell[]): Room => ({ id, name: `Kamer ${id}`, beds });

export const ward = (id: string, rooms: Room[]): Ward => ({
  id,
  name: `Afdeling ${id}`,
  free: 1,
  capacity: rooms.flatMap((r) => r.beds).length,
  rooms,
});

export const beds = recorded<BedsView>(recordedBeds);
export const choices = recorded<LabelChoices>(recordedChoices);
export const preview = recorded<LabelPreview>(recordedPreview);
export const setPreview = recorded<SetPreview>(recordedSetPreview);
export const bedDetail = recorded<BedView>(recordedBed);
export const location = recorded<LocationView>(recordedLocation);
export const worklist = recorded<WorklistView>(recordedWorklist);
export const alarmMetrics = recorded<AlarmMetricsView>(recordedAlarmMetrics);
export const dataQuality = (): DataQualityIssueGroup[] => structuredClone(recordedDataQuality);
export const settings = recorded<SettingsView>(recordedSettings);
export const storage = recorded<StorageView>(recordedSettings.storage);
export const stopOutlook = recorded<StopOutlook>(recordedOutlook);
