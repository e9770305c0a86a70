// Views as Rust sends them, one of each, to be changed where a test or the gallery shows a state.
import type {
  AlarmRow,
  BedCell,
  BedsView,
  BedView,
  CapacityRow,
  DefectGroup,
  FrameView,
  LabelChoices,
  LabelPreview,
  LocationView,
  Meter,
  QualityView,
  RegionView,
  Room,
  SetPreview,
  SettingsView,
  StopOutlook,
  Tile,
  Ward,
  WorklistView,
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
  language: "nl",
  region: "Regio Zwolle",
  time: "02:14",
  connection: { state: "live", text: "Live", heard_s: 12 },
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

export const bedDetail = (given: Partial<BedView> = {}): BedView => ({
  id: "1-1",
  title: "Intensive care · kamer 1 · bed 1",
  state: "occupied",
  word: "bezet",
  codes: [
    ["operationalStatus", "O", "bezet"],
    ["status", "active", "in gebruik"],
  ],
  labels: [{ kind: "Covidcapaciteit", shown: "IC – Covid", source: "handmatig door wan-hoofd tot 10:00: cohort", under: "IC – Non-Covid" }],
  history: [
    { state: "free", text: "sinds 02:10: vrij", share: 0.3 },
    { state: "preparing", text: "sinds 09:30: in voorbereiding", share: 0.1 },
    { state: "occupied", text: "sinds 11:50: bezet", share: 0.6 },
  ],
  raw: '{ "resourceType": "Location" }',
  ...given,
});

const chart =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 120"><path d="M0 90L150 60L300 70L450 30L600 40" fill="none" stroke="#808890" stroke-width="2"/></svg>';

export const location = (given: Partial<LocationView> = {}): LocationView => ({
  id: "isala-zwolle",
  name: "Isala Zwolle",
  organisation: "Isala",
  age: "2 min",
  freshness: "fresh",
  held: "12 van 14 keer klopte het",
  delivered: "02:12",
  stops: [
    { name: "SEH", status: "stop", word: "stop", lines: ["sinds 01:58 tot ± 04:00", "SEH vol · kliniek vol"], actions: ["regiehouder belt de meldkamer"], liftable: ["flag-1"] },
    { name: "CCU", status: "threatened", word: "dreigend", lines: [], actions: [], liftable: [] },
    { name: "Trauma", status: "open", word: "open", lines: [], actions: [], liftable: [] },
  ],
  meter: meter(),
  scores: [
    { variant: "NEDOCS", score: 131.4, source: "herberekend", age: "2 min", terms: [{ name: "bezette SEH-bedden", input: "22 van 24", points: 78.3 }] },
    { variant: "NEDOCS", score: 129, source: "van de server", age: "2 min", terms: [] },
  ],
  chart_3h: chart,
  chart_24h: chart,
  process: [["wachtenden", "7"]],
  capacity: [
    { kind: "specialistisch", name: "Specialistisch", rows: [row(), row({ name: "Isolatie", element: "isolatie", free: null, offered: null, confirmed: "14:10 telefonisch bevestigd door wan-hoofd" })] },
    { kind: "covidcapaciteit", name: "Covidcapaciteit", rows: [] },
  ],
  wards: [{ id: "ic", name: "Intensive care", free: 2, capacity: 14, beds: ["free", "occupied", "reserved", "preparing", "isolation", "unknown", "occupied"] }],
  contacts: [
    { role: "Regiehouder SEH", phone: "038-000 0100", on_duty: true, off_duty: false },
    { role: "Bedcoördinator", phone: "038-000 0101", on_duty: false, off_duty: true },
    { role: "Opnamebureau", phone: null, on_duty: false, off_duty: false },
  ],
  documents: [{ title: "Afspraken bij stops", paragraphs: ["Bij een stop belt de regiehouder de meldkamer."] }],
  total_capacity: 512,
  total_free: 23,
  total_unknown: 4,
  ...given,
});

const set: SetPreview = { touches: ["IC → IC – Covid"], beds: 30, single: ["IC 3-1 door collega"], conflicts: ["Kliniek A1 in nachtset"] };

export const worklist = (given: Partial<WorklistView> = {}): WorklistView => ({
  groups: [
    { code: "missing", title: "Zonder verplicht label", rows: [{ title: "Isala Zwolle · A1", lines: ["3 bedden"], beds: ["a1"], classification: "covidcapaciteit", labels: [], row: null, actions: ["label"] }] },
    { code: "unsent", title: "Niet verstuurd", rows: [{ title: "Bed IC 1-1", lines: ["hier: IC – Covid, door wan-hoofd om 02:10"], beds: [], classification: "covidcapaciteit", labels: [], row: "7", actions: ["mine", "theirs"] }] },
    { code: "ended", title: "Afgelopen", rows: [{ title: "Bed IC 1-2", lines: ["IC – Covid tot 10:00"], beds: [], classification: "covidcapaciteit", labels: [], row: null, actions: ["repeat", "let-go"] }] },
  ],
  sets: [
    { id: "1", name: "harmonica stand 2", on: true, when: "elke dag 22:00–07:30", author: "wan-hoofd", preview: set },
    { id: "2", name: "cohort", on: false, when: "tot het eind", author: "collega", preview: { ...set, single: [], conflicts: [] } },
  ],
  time: ["vandaag 12 keer, 84 bedden, 3 min 10 s"],
  shared: false,
  advice: [{ location: "Isala Zwolle", department: "A1", what: "IC – Covid", beds: 6, since: "3 november" }],
  ...given,
});

export const alarmMetrics = (given: Partial<QualityView> = {}): QualityView => ({
  period: "de laatste 24 uur",
  measures: [
    { name: "meldingen per dag", value: "38", aim: "≤ 150", good: true },
    { name: "in een vloed", value: "4 %", aim: "≤ 1 %", good: false },
    { name: "tijd tot bevestigen", value: "–", aim: "≤ 2 min", good: null },
  ],
  chart,
  top: [["Isala Zwolle", 12]],
  stale: ["Levering blijft uit: Zutphen"],
  table: [{ name: "SEH-stop", priority: "high", cause: "Een SEH neemt niemand meer aan", consequence: "Ambulances rijden om", response: "Bel de regiehouder", delays: "direct" }],
  ...given,
});

export const dataQuality = (): DefectGroup[] => [
  { location: "Isala Zwolle", code: "unknown-code", what: "een code die niet bekend is", count: 12, since: "vandaag 01:10", examples: ["Location/w00-k01-b1: specialisme 9999"] },
  { location: "Deventer Ziekenhuis", code: "no-state", what: "een bed zonder stand", count: 3, since: null, examples: ["Location/d-1", "Location/d-2"] },
];

export const settings = (given: Partial<SettingsView> = {}): SettingsView => ({
  locations: [
    { id: "isala-zwolle", name: "Isala Zwolle", favourite: true },
    { id: "deventer", name: "Deventer Ziekenhuis", favourite: false },
    { id: "hardenberg", name: "Saxenburgh Hardenberg", favourite: false },
  ],
  rows: [
    { kind: "specialistisch", kind_name: "Specialistisch", element: "ic-beademd", name: "IC beademd", chosen: true },
    { kind: "specialistisch", kind_name: "Specialistisch", element: "stroke", name: "Stroke-unit", chosen: false },
  ],
  most_rows: 6,
  alarms: {
    repeat_s: 60,
    shifts: ["dag", "avond", "nacht"],
    current: "nacht",
    rows: [{ id: "isala-zwolle", name: "Isala Zwolle", watched: [true, true, false], busyness: true }],
    services: [{ code: "ccu", display: "CCU", minutes: 120 }],
    choice: { repeat_s: null, unwatched: {}, busyness: null, rules: [{ shift: null, location: null, service: "ccu", level: null, priority: "high" }] },
  },
  sources: [
    { key: "1", name: "Regio Zwolle", address: "https://regio.example/fhir", state: "live", text: "levert sinds 01:10", account: "aangemeld als beddenwacht", can_sign_in: false },
    { key: "2", name: "levering", address: "/var/lib/levering", state: "offline", text: "offline sinds 01:58: map niet gevonden", account: "zonder account", can_sign_in: true },
  ],
  code_lists: ["labels 2026-06 (voorstel)"],
  agreements: null,
  ...given,
});

export const stopOutlook = (given: Partial<StopOutlook> = {}): StopOutlook => ({
  always_welcome: "Levensbedreigend: altijd welkom.",
  others: [
    { name: "Deventer Ziekenhuis", status: "open", open: true, drive_min: 24, score: 92 },
    { name: "Saxenburgh Hardenberg", status: "stop", open: false, drive_min: null, score: null },
  ],
  blocked: null,
  services: [{ code: "seh", display: "SEH", minutes: 120 }],
  reasons: [
    { code: "seh-vol", display: "SEH vol", minutes: null },
    { code: "kliniek-vol", display: "kliniek vol", minutes: null },
  ],
  ...given,
});
