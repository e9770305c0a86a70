// Written by `cargo xtask bindings` from src-tauri/crates/app. Do not edit.

export type ErrorCode = "storage" | "not-found" | "invalid" | "offline" | "refused" | "not-allowed" | "not-from-here" | "changed" | "unreadable";

export type AppError = { code: ErrorCode, 
/**
 * For the log and the command line.
 */
detail: string, 
/**
 * Whether doing the same again may help.
 */
retry: boolean, };

export type View = "frame" | "region" | "location" | "beds" | "worklist" | "alarm_metrics" | "data_quality" | "settings";

export type Language = "nl" | "en";

export type FrameView = { 
/**
 * In which the screen speaks.
 */
language: Language, region: string, time: string, connection: Connection, 
/**
 * `null` until somebody takes the desk over.
 */
user: string | null, 
/**
 * Who is signed in to the machine, to be offered as a name.
 */
signed_in: string | null, workstation: string, alarms: Array<AlarmRow>, open_alarms: number, shelved_alarms: number, 
/**
 * "14 meldingen in tien minuten" while that is so (AH-12).
 */
flood: string | null, 
/**
 * Seconds of silence that are left (AH-06).
 */
silent_for_s: number | null, 
/**
 * The shift whose watch list holds.
 */
shift: string | null, locations: number, current: number, waiting: number, 
/**
 * Labels or stops that the server refused or that somebody else overtook.
 */
troubled: Array<string>, last_complete: string | null, 
/**
 * Standing remarks on what does not work at this workstation.
 */
notes: Array<string>, practice: boolean, 
/**
 * No source was ever chosen.
 */
first_start: boolean, };

export type Connection = { 
/**
 * `none`, `starting`, `live`, `late` or `offline`.
 */
state: string, text: string, 
/**
 * Since when no source answers: nothing on the screen is current then, however young it is.
 */
offline_since: string | null, 
/**
 * Seconds since something was last heard, while that is live: a screen counts on from there by itself.
 */
heard_s: number | null, };

export type AlarmRow = { id: string, 
/**
 * `high`, `medium` or `low`.
 */
priority: string, 
/**
 * The state's code of the alarm life cycle.
 */
state: string, open: boolean, 
/**
 * What and where, in one.
 */
title: string, what: string, hospital: string, 
/**
 * The stop's service, by its short name; of other alarms nothing.
 */
service: string | null, 
/**
 * `stop` or `threatened`, of an alarm about a stop.
 */
status: string | null, 
/**
 * Under which the alarms of one hospital's services are shown together.
 */
group: string | null, age: string, 
/**
 * Since when, and until when.
 */
when: string | null, reason: string | null, 
/**
 * What else there is to know: what was agreed, who saw it elsewhere.
 */
lines: Array<string>, 
/**
 * When it ended, if it did.
 */
ended: string | null, 
/**
 * When it was raised last. An acknowledgement names it, so that it never reaches what came after.
 */
raised: string, phone: string | null, 
/**
 * Who acknowledged it, or why and until when it is set aside.
 */
note: string | null, location: string | null, 
/**
 * Standing for over a day (AH-13).
 */
stale: boolean, 
/**
 * In a flood, told together with the others; the high ones never are.
 */
grouped: boolean, };

export type ChannelReport = { notification: string | null, sound: string | null, };

export type RegionView = { tiles: Array<Tile>, sehs: SehCount, totals: Array<RegionTotal>, };

export type RegionTotal = { name: string, 
/**
 * Free and offered at the locations that are current.
 */
free: number, offered: number, 
/**
 * Locations counted, of those that have such beds.
 */
from: number, of: number, 
/**
 * Beds there of which nobody knows the state.
 */
unknown: number, };

export type SehCount = { of: number, open: number, threatened: number, stop: number, 
/**
 * Outside their opening hours.
 */
closed: number, 
/**
 * Without fresh information.
 */
unknown: number, };

export type Tile = { id: string, name: string, 
/**
 * "24/7", "08:00–22:00", "geen SEH".
 */
tag: string, seh: SehStatus | null, meter: Meter | null, points: Array<Point>, rows: Array<CapacityRow>, favourite: boolean, contact: string | null, 
/**
 * Whose number that is at this hour, where the source says so.
 */
on_duty: string | null, 
/**
 * How often "free" held lately, where somebody called.
 */
free_confirmed: string | null, age: string, 
/**
 * `fresh`, `ageing`, `stale` or `unknown`.
 */
freshness: string, };

export type SehStatus = { 
/**
 * `open`, `threatened`, `stop`, `closed` or `unknown`.
 */
status: string, title: string, lines: Array<string>, };

export type Meter = { score: number, 
/**
 * "NEDOCS" or "mNEDOCS", with "herberekend" where the score is ours.
 */
variant: string, 
/**
 * Where the pointer stands, 0 to 1: percentile of its own half year, else on the fixed scale to 200.
 */
position: number, 
/**
 * "drukker dan 94 % van het half jaar", or the fixed band's word.
 */
words: string, 
/**
 * `↑`, `→` or `↓` against half an hour ago.
 */
trend: string, 
/**
 * The last three hours as an SVG path in a box of 100 by 24.
 */
spark: string, 
/**
 * How the value stands out: `normal`, `warn` or `stop`; an old value does not.
 */
level: string, 
/**
 * Of the measurement itself, whatever else its location delivers: `fresh`, `ageing`, `stale` or `unknown`.
 */
freshness: string, age: string, };

export type Point = { name: string, status: string, word: string, };

export type CapacityRow = { name: string, capacity: number | null, free: number | null, 
/**
 * Beds of which nobody knows the state.
 */
unknown: number, held: number, offered: number | null, 
/**
 * The element's code.
 */
element: string, 
/**
 * "14:10 telefonisch bevestigd door …", where somebody called within half a day.
 */
confirmed: string | null, };

export type LocationView = { id: string, name: string, organisation: string | null, age: string, freshness: string, 
/**
 * How often "free" held lately, where somebody called.
 */
free_confirmed: string | null, delivered: string | null, stops: Array<StopRow>, meter: Meter | null, scores: Array<Score>, 
/**
 * The last three hours and the last day as SVG images, for a day and a night ground.
 */
chart_3h: string | null, chart_24h: string | null, process: Array<[string, string]>, capacity: Array<CapacityTab>, wards: Array<StripWard>, contacts: Array<ContactRow>, 
/**
 * The region's documents, at hand without a network.
 */
documents: Array<Document>, total_capacity: number | null, total_free: number | null, total_unknown: number | null, };

export type StopRow = { name: string, status: string, word: string, lines: Array<string>, 
/**
 * What this hospital agreed to do at this status.
 */
actions: Array<string>, 
/**
 * Stops that were announced through the server and can be lifted there.
 */
liftable: Array<string>, };

export type Score = { variant: string, score: number, source: string, terms: Array<Term>, age: string, };

export type Term = { name: string, input: string, points: number, };

export type CapacityTab = { kind: string, name: string, rows: Array<CapacityRow>, };

export type StripWard = { id: string, name: string, free: number | null, capacity: number | null, 
/**
 * One state code a bed.
 */
beds: Array<string>, };

export type ContactRow = { role: string, phone: string | null, 
/**
 * This is their shift.
 */
on_duty: boolean, 
/**
 * This is somebody else's shift.
 */
off_duty: boolean, };

export type Document = { title: string, paragraphs: Array<string>, };

export type BedsView = { id: string, name: string, age: string, freshness: string, kind: string, kinds: Array<Choosable>, 
/**
 * This account may label here.
 */
may_label: boolean, wards: Array<Ward>, free: number, manual: number, without_label: number, blocked: number, unknown: number, };

export type Ward = { id: string, name: string, free: number, capacity: number, rooms: Array<Room>, };

export type Room = { id: string, name: string, beds: Array<BedCell>, };

export type BedCell = { id: string, 
/**
 * What stands in the cell: room and bed.
 */
name: string, state: string, 
/**
 * The element's short code, empty where the bed has no label of this classification.
 */
short: string, element: string | null, manual: boolean, 
/**
 * The manual label ends within the hour.
 */
ending: boolean, 
/**
 * For the pointer and for screen readers: everything in one sentence.
 */
title: string, };

export type Choosable = { code: string, display: string, short: string, };

export type BedView = { id: string, title: string, state: string, word: string, 
/**
 * What was delivered, beside what it was read as: (element, as delivered, as read).
 */
codes: Array<[string, string, string]>, labels: Array<LabelStack>, 
/**
 * The last 24 hours, oldest first.
 */
history: Array<Span>, 
/**
 * The resource as it was delivered last, without patient data.
 */
raw: string, };

export type LabelStack = { kind: string, shown: string, 
/**
 * "EPD", "regio" or "handmatig door … tot …: reden".
 */
source: string, 
/**
 * The EPD's value where a person laid another one over it.
 */
under: string | null, };

export type Span = { state: string, 
/**
 * "sinds 02:10: bezet".
 */
text: string, 
/**
 * Share of the 24 hours.
 */
share: number, };

export type SettingsView = { 
/**
 * In the order in which they stand.
 */
locations: Array<LocationSetting>, 
/**
 * Every element in use, those on the tiles first and in their order.
 */
rows: Array<RowSetting>, most_rows: number, alarms: AlarmSettings, sources: Array<SourceRow>, storage: StorageView, 
/**
 * Version of the code lists, and whether they are our proposal.
 */
code_lists: Array<string>, 
/**
 * Version of the region's agreements, where there are any.
 */
agreements: string | null, 
/**
 * Whose drive times count, under which licence, and of when.
 */
drive_times: Array<string>, };

export type SourceRow = { key: string, name: string, address: string, 
/**
 * `starting`, `live` or `offline`.
 */
state: string, 
/**
 * Since when and why, in words.
 */
text: string, 
/**
 * Who we are there, in words.
 */
account: string, 
/**
 * A person can sign in with the browser.
 */
can_sign_in: boolean, };

export type StorageView = { 
/**
 * What is wrong, in words; empty: nothing, or it was not looked at yet.
 */
remarks: Array<string>, 
/**
 * Rows of the ledger that cannot be read, by their kind.
 */
unreadable: Array<UnreadableRows>, 
/**
 * The copies of the ledger, newest first.
 */
copies: Array<LedgerCopy>, 
/**
 * The copy to be put back first: the newest whole one, where something is wrong.
 */
offered: LedgerCopy | null, 
/**
 * The copy that is put back at the next start.
 */
chosen: LedgerCopy | null, 
/**
 * When it was looked through.
 */
looked: string | null, };

export type UnreadableRows = { what: string, rows: number, };

export type LedgerCopy = { id: string, 
/**
 * When it was made, in words.
 */
made: string, whole: boolean, };

export type LocationSetting = { id: string, name: string, favourite: boolean, };

export type RowSetting = { kind: string, kind_name: string, element: string, name: string, chosen: boolean, };

export type AlarmSettings = { repeat_s: number, 
/**
 * The shifts that the region's watch list knows.
 */
shifts: Array<string>, current: string | null, 
/**
 * Location, and by shift whether it is watched; last whether its busyness is an alarm.
 */
rows: Array<WatchRow>, 
/**
 * The stop points that the region knows: code and name.
 */
services: Array<Choice>, choice: AlarmChoice, };

export type WatchRow = { id: string, name: string, watched: Array<boolean>, busyness: boolean, };

export type AlarmChoice = { 
/**
 * Seconds, 15 to 300.
 */
repeat_s: number | null, 
/**
 * By shift, the locations that raise no alarm at this desk.
 */
unwatched: { [key in string]: Array<string> }, 
/**
 * Locations whose busyness is an alarm; those of the region where nothing was chosen.
 */
busyness: Array<string> | null, 
/**
 * The first that fits counts; they come before those of the region.
 */
rules: Array<DeskRule>, };

export type DeskRule = { shift: string | null, location: string | null, service: string | null, level: "threatened" | "stop" | null, 
/**
 * None is no alarm: it stands on the screen, and nobody is called for it.
 */
priority: "high" | "medium" | "low" | null, };

export type AlarmMetricsView = { 
/**
 * "de laatste 24 uur".
 */
period: string, measures: Array<Measure>, 
/**
 * Alarms in each ten minutes as an SVG image.
 */
chart: string | null, 
/**
 * Sources with the most alarms.
 */
top: Array<[string, number]>, 
/**
 * Alarms that stand for over a day.
 */
stale: Array<string>, table: Array<TypeRow>, };

export type Measure = { name: string, value: string, aim: string, 
/**
 * `null` where there is nothing to judge yet.
 */
good: boolean | null, };

export type TypeRow = { name: string, priority: string, cause: string, consequence: string, response: string, delays: string, };

export type TileChoice = { 
/**
 * Locations that stand first.
 */
favourites: Array<string>, 
/**
 * Locations in a person's own order; those that it does not name follow, largest first.
 */
order: Array<string>, 
/**
 * Rows of every tile; none chosen is the usual ones.
 */
rows: Array<RowChoice>, };

export type RowChoice = { kind: string, element: string, };

export type Until = { "kind": "shift" } | { "kind": "next-ten" } | { "kind": "day" } | { "kind": "week" } | { "kind": "open" } | { "kind": "at", at: string, };

export type LabelRequest = { beds: Array<string>, 
/**
 * Code of the classification.
 */
kind: string, element: string, reason: string, until: Until, };

export type LabelPreview = { 
/**
 * "14 × Kliniek – Non-Covid → Kliniek – Covid", most first.
 */
changes: Array<string>, 
/**
 * Beds that carry the element already.
 */
already: number, 
/**
 * Beds that somebody else labelled by hand: who, and how many.
 */
overwrites: Array<string>, 
/**
 * The end in words; nothing until it is withdrawn.
 */
until: string | null, 
/**
 * The most specialised element that fits these beds, where another than the chosen one does (domain.md 2.5, rule 2).
 */
suggestion: Suggestion | null, };

export type Suggestion = { element: string, display: string, why: string, };

export type LabelChoices = { kinds: Array<Choosable>, elements: Array<Choosable>, recent: Array<Choosable>, 
/**
 * What to keep in mind with this classification.
 */
rule: string | null, };

export type LabelKey = { bed: string, classification: string, };

export type Decision = { "kind": "keep", labels: Array<LabelKey>, } | { "kind": "let-go", labels: Array<LabelKey>, } | { "kind": "extend", labels: Array<LabelKey>, } | { "kind": "repeat", labels: Array<LabelKey>, } | { "kind": "mine", row: string, } | { "kind": "theirs", row: string, } | { "kind": "retry", row: string, } | { "kind": "withdraw", row: string, };

export type SetRequest = { name: string, 
/**
 * Beds, classification, element, reason and end of the line.
 */
label: LabelRequest, 
/**
 * "22:00" and "07:30" for every night; otherwise the label's own end counts.
 */
daily: [string, string] | null, 
/**
 * Relabel also the beds that a person labelled singly.
 */
over_single: boolean, };

export type SetPreview = { 
/**
 * The line in words: which wards and rooms, and how many beds.
 */
touches: Array<string>, beds: number, 
/**
 * Beds that a person labelled singly: left as they are unless that is asked for.
 */
single: Array<string>, 
/**
 * Beds that another set that is on labels otherwise; the one that was on first stays.
 */
conflicts: Array<string>, };

export type Advice = { location: string, department: string, what: string, beds: number, since: string, };

export type WorklistView = { groups: Array<WorkGroup>, sets: Array<SetRow>, 
/**
 * "vandaag 12 keer, 84 bedden, 3 min 10 s", a line a day, the newest first.
 */
time: Array<string>, 
/**
 * The time is reported with this person's name.
 */
shared: boolean, advice: Array<Advice>, };

export type WorkGroup = { 
/**
 * `missing`, `ending`, `ended`, `contradicts`, `unsent`, `dissolved`.
 */
code: string, title: string, rows: Array<WorkRow>, };

export type WorkRow = { title: string, lines: Array<string>, 
/**
 * The beds to label, where that is what is asked.
 */
beds: Array<string>, classification: string, labels: Array<LabelKey>, 
/**
 * The outbox row to decide.
 */
row: string | null, 
/**
 * `label`, `keep`, `let-go`, `extend`, `repeat`, `mine`, `theirs`, `retry`, `withdraw`.
 */
actions: Array<string>, };

export type SetRow = { id: string, name: string, on: boolean, when: string, author: string, preview: SetPreview, };

export type StopRequest = { site: string, service: string, 
/**
 * `stop` or `threatened`.
 */
level: StopLevelChoice, 
/**
 * Codes, the leading one first.
 */
reasons: Array<string>, note: string, 
/**
 * From now.
 */
minutes: number, };

export type StopLevelChoice = "threatened" | "stop";

export type StopOutlook = { always_welcome: string, 
/**
 * The other SEHs, nearest first.
 */
others: Array<OtherSeh>, 
/**
 * Set when nothing can be announced now: the reason and whom to call.
 */
blocked: string | null, services: Array<Choice>, reasons: Array<Choice>, };

export type OtherSeh = { name: string, status: string, open: boolean, drive: Drive | null, score: number | null, };

export type Drive = { 
/**
 * Minutes by car, as people read them: "25–32".
 */
band: string, 
/**
 * With siren, where that is known.
 */
siren_min: number | null, 
/**
 * Worked out from the distance alone.
 */
by_distance: boolean, };

export type Choice = { code: string, display: string, 
/**
 * Customary duration in minutes, for services.
 */
minutes: number | null, };

export type SignInKind = "none" | "basic" | "service" | "person";

export type SourceRequest = { 
/**
 * A FHIR base address, or a folder with CSV deliveries.
 */
address: string, sign_in: SignInKind, 
/**
 * The name, or the client's id.
 */
user: string, 
/**
 * Where to sign in, for a server that does not say so itself.
 */
issuer: string, 
/**
 * The password or the client's secret; kept in the keyring and nowhere else.
 */
secret: string | null, 
/**
 * Ids of the own organisations, for their data in shadow running.
 */
own_organizations: Array<string>, };

export type DataQualityIssueGroup = { location: string, code: string, 
/**
 * The code in words.
 */
what: string, count: number, 
/**
 * Of the oldest, in words.
 */
since: string | null, 
/**
 * Where and what, of the first few.
 */
examples: Array<string>, };

export type ConfirmRequest = { site: string, 
/**
 * The classification's code.
 */
kind: string, element: string, 
/**
 * Beds that are really free.
 */
actual: number, };

/** What can be asked of Rust: the request's name there, what it takes, what it answers. */
export type Requests = {
  frame: { arguments: null; answer: FrameView };
  region: { arguments: null; answer: RegionView };
  location: { arguments: { id: string; night: boolean }; answer: LocationView };
  beds: { arguments: { id: string; kind: string }; answer: BedsView };
  settings: { arguments: null; answer: SettingsView };
  preview_label: { arguments: { request: LabelRequest }; answer: LabelPreview };
  preview_set: { arguments: { request: SetRequest }; answer: SetPreview };
  stop_outlook: { arguments: { site: string }; answer: StopOutlook };
  data_quality: { arguments: null; answer: Array<DataQualityIssueGroup> };
  bed: { arguments: { id: string }; answer: BedView };
  label_choices: { arguments: { kind: string }; answer: LabelChoices };
  worklist: { arguments: null; answer: WorklistView };
  alarm_metrics: { arguments: { night: boolean }; answer: AlarmMetricsView };
  export_labels: { arguments: null; answer: Array<string> };
  export_alarms: { arguments: null; answer: string };
  export_data_quality: { arguments: { location: string | null }; answer: string };
  arrange_tiles: { arguments: { choice: TileChoice }; answer: void };
  label_beds: { arguments: { request: LabelRequest }; answer: number };
  begin_labelling: { arguments: null; answer: void };
  share_label_time: { arguments: { share: boolean }; answer: void };
  decide: { arguments: { decision: Decision }; answer: void };
  save_set: { arguments: { request: SetRequest }; answer: void };
  switch_set: { arguments: { id: string; on: boolean }; answer: void };
  drop_set: { arguments: { id: string }; answer: void };
  undo_label: { arguments: null; answer: number };
  acknowledge: { arguments: { id: string; raised: string | null }; answer: void };
  shelve: { arguments: { id: string; reason: string; minutes: number }; answer: void };
  unshelve: { arguments: { id: string }; answer: void };
  out_of_service: { arguments: { id: string; reason: string | null }; answer: void };
  silence: { arguments: null; answer: void };
  take_over: { arguments: { name: string }; answer: void };
  choose_language: { arguments: { language: Language }; answer: void };
  choose_alarms: { arguments: { choice: AlarmChoice }; answer: void };
  announce_stop: { arguments: { request: StopRequest }; answer: void };
  lift_stop: { arguments: { stop: string }; answer: void };
  confirm: { arguments: { request: ConfirmRequest }; answer: void };
  restore_ledger: { arguments: { backup: string }; answer: void };
  keep_ledger: { arguments: null; answer: void };
  test_channels: { arguments: null; answer: ChannelReport };
  open_practice: { arguments: null; answer: void };
  plug_practice: { arguments: { plugged: boolean }; answer: void };
  practice_scenario: { arguments: { name: string }; answer: void };
  try_connection: { arguments: { request: SourceRequest }; answer: string };
  add_source: { arguments: { request: SourceRequest }; answer: void };
  sign_in: { arguments: { key: string }; answer: void };
  remove_source: { arguments: { key: string }; answer: void };
  first_picture: { arguments: null; answer: void };
};
