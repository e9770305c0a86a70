// Views as Rust sends them, one of each, to be changed where a test or the gallery shows a state.
import type {
  AlarmRow,
  BedCell,
  BedsView,
  CapacityRow,
  FrameView,
  LabelChoices,
  LabelPreview,
  Meter,
  RegionView,
  Room,
  Tile,
  Ward,
} from "../bindings";

export const alarm = (given: Partial<AlarmRow> = {}): AlarmRow => ({
  id: "stop/isala-zwolle/seh",
  priority: "high",
  state: "unacknowledged",
  open: true,
  title: "SEH-stop Isala Zwolle",
  age: "12 min",
  lines: ["tot ± 04:00 · SEH vol · kliniek vol"],
  phone: "038-000 0100",
  note: null,
  location: "isala-zwolle",
  stale: false,
  grouped: false,
  ...given,
});

export const frame = (given: Partial<FrameView> = {}): FrameView => ({
  region: "Regio Zwolle",
  time: "02:14",
  connection: { state: "live", text: "Live 12 s" },
  user: "wan-hoofd",
  workstation: "balie",
  alarms: [],
  open_alarms: given.alarms?.filter((a) => a.open).length ?? 0,
  shelved_alarms: 0,
  flood: null,
  silent_for_s: null,
  worst: "none",
  shift: "nacht",
  locations: 8,
  current: 8,
  waiting: 0,
  troubled: [],
  last_complete: "02:10",
  notes: [],
  practice: false,
  first_start: false,
  revision: 1,
  ...given,
});

export const meter = (given: Partial<Meter> = {}): Meter => ({
  score: 131,
  variant: "NEDOCS",
  position: 0.94,
  words: "drukker dan 94 % van het half jaar",
  trend: "↑",
  spark: "M0 20L20 16L40 17L60 9L80 11L100 4",
  level: "warn",
  freshness: "fresh",
  age: "2 min",
  ...given,
});

export const row = (given: Partial<CapacityRow> = {}): CapacityRow => ({
  name: "IC beademd",
  capacity: 14,
  free: 2,
  unknown: 0,
  held: 1,
  offered: 1,
  element: "ic-beademd",
  confirmed: null,
  ...given,
});

export const tile = (given: Partial<Tile> = {}): Tile => ({
  id: "isala-zwolle",
  name: "Isala Zwolle",
  tag: "traumacentrum",
  seh: { status: "open", title: "SEH open", lines: [] },
  meter: meter(),
  points: [
    { name: "EHH", status: "open", word: "open" },
    { name: "CCU", status: "threatened", word: "dreigend" },
    { name: "Trauma", status: "closed", word: "gesloten" },
  ],
  rows: [row(), row({ name: "Isolatie", element: "isolatie", free: 4, held: 0, offered: 4 })],
  favourite: false,
  contact: "038-000 0100",
  on_duty: "regiehouder SEH",
  held: null,
  age: "2 min",
  freshness: "fresh",
  ...given,
});

export const region = (given: Partial<RegionView> = {}): RegionView => ({
  tiles: [tile(), tile({ id: "deventer", name: "Deventer Ziekenhuis", tag: "24/7" })],
  totals: [{ name: "IC beademd", free: 12, offered: 8, from: 7, of: 8, unknown: 3 }],
  ...given,
});

export const bed = (id: string, given: Partial<BedCell> = {}): BedCell => ({
  id,
  name: id,
  state: "free",
  short: "IC",
  element: "ic",
  manual: false,
  ending: false,
  title: `Bed ${id}`,
  ...given,
});

export const room = (id: string, beds: BedCell[]): Room => ({ id, name: `Kamer ${id}`, beds });

export const ward = (id: string, rooms: Room[]): Ward => ({
  id,
  name: `Afdeling ${id}`,
  free: 1,
  capacity: rooms.flatMap((r) => r.beds).length,
  rooms,
});

export const beds = (given: Partial<BedsView> = {}): BedsView => ({
  id: "isala-zwolle",
  name: "Isala Zwolle",
  age: "2 min",
  freshness: "fresh",
  kind: "covidcapaciteit",
  kinds: [{ code: "covidcapaciteit", display: "Covidcapaciteit", short: "C" }],
  may_label: true,
  wards: [],
  free: 3,
  manual: 0,
  without_label: 0,
  blocked: 0,
  unknown: 1,
  ...given,
});

const choosable = (code: string, display: string, short: string) => ({ code, display, short });

export const choices = (given: Partial<LabelChoices> = {}): LabelChoices => ({
  kinds: [choosable("covidcapaciteit", "Covidcapaciteit", "C"), choosable("specialistisch", "Specialistisch", "S")],
  elements: [
    choosable("kliniek-covid", "Kliniek – Covid", "KC"),
    choosable("kliniek-non-covid", "Kliniek – Non-Covid", "KN"),
    choosable("ic-covid", "IC – Covid", "ICC"),
    choosable("ic-non-covid", "IC – Non-Covid", "ICN"),
  ],
  recent: [choosable("ic-covid", "IC – Covid", "ICC"), choosable("kliniek-covid", "Kliniek – Covid", "KC")],
  rule: null,
  ...given,
});

export const preview = (given: Partial<LabelPreview> = {}): LabelPreview => ({
  changes: ["2 × IC – Non-Covid → IC – Covid"],
  already: 0,
  overwrites: [],
  until: "morgen 10:00 (wo)",
  suggestion: null,
  ...given,
});
