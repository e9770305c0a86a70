// What the gallery shows: every component in every state that a person can meet. A new component has a section here.
import { type Component, createRawSnippet } from "svelte";
import { use } from "../backend";
import { fixture } from "../backend/fixture";
import * as sample from "../backend/sample";
import type { AlarmRow, FrameView } from "../bindings";
import Age from "../components/Age.svelte";
import BedCell from "../components/BedCell.svelte";
import Chart from "../components/Chart.svelte";
import Combobox from "../components/Combobox.svelte";
import DateTimeField from "../components/DateTimeField.svelte";
import Dialog from "../components/Dialog.svelte";
import Meter from "../components/Meter.svelte";
import PriorityMark from "../components/PriorityMark.svelte";
import Rich from "../components/Rich.svelte";
import Shape from "../components/Shape.svelte";
import AlarmList from "../features/alarms/AlarmList.svelte";
import { Column } from "../features/alarms/column.svelte";
import AlarmMetricsScreen from "../features/alarms/AlarmMetricsScreen.svelte";
import ShelveDialog from "../features/alarms/ShelveDialog.svelte";
import TakeOver from "../features/alarms/TakeOver.svelte";
import BedDialog from "../features/beds/BedDialog.svelte";
import BedsScreen from "../features/beds/BedsScreen.svelte";
import DataQualityScreen from "../features/data-quality/DataQualityScreen.svelte";
import BottomStrip from "../features/frame/BottomStrip.svelte";
import KeysSheet from "../features/frame/KeysSheet.svelte";
import TopBar from "../features/frame/TopBar.svelte";
import LabelPanel from "../features/labels/LabelPanel.svelte";
import WorklistScreen from "../features/labels/WorklistScreen.svelte";
import ConfirmDialog from "../features/location/ConfirmDialog.svelte";
import LocationScreen from "../features/location/LocationScreen.svelte";
import StopDialog from "../features/location/StopDialog.svelte";
import RegionScreen from "../features/region/RegionScreen.svelte";
import Tile from "../features/region/Tile.svelte";
import FirstStart from "../features/settings/FirstStart.svelte";
import SettingsScreen from "../features/settings/SettingsScreen.svelte";
import { session } from "../session.svelte";
import TableSample from "./TableSample.svelte";

interface State {
  name: string;
  // Each has properties of its own; `show` checks them.
  component: Component<Record<string, unknown>>;
  props: Record<string, unknown>;
}
interface Section {
  title: string;
  /** Of each state. */
  width: string;
  height?: string;
  /** Keeps its own size. */
  loose?: boolean;
  states: State[];
}

const show = <Props extends object>(component: Component<Props>, name: string, props: NoInfer<Props>): State => ({
  name,
  component: component as unknown as State["component"],
  props: props as Record<string, unknown>,
});
const screen = (component: unknown, name: string, props: Record<string, unknown> = {}): State => ({
  name,
  component: component as State["component"],
  props,
});
const nothing = () => {};

const freshnesses = ["fresh", "ageing", "stale", "unknown"];
const statuses = ["open", "threatened", "stop", "closed", "unknown"];
const priorities = ["high", "medium", "low"];
const bedStates = ["free", "occupied", "reserved", "preparing", "isolation", "blocked", "unknown"];

/** An alarm about a stop of a service. */
const stopOf = (hospital: string, service: string, changes: Partial<AlarmRow> = {}) => {
  const what = changes.status === "threatened" ? `Dreigende ${service}-stop` : `${service}-stop`;
  const id = `stop/${hospital}/${service}`;
  return sample.alarm({ id, what, hospital, service, title: `${what} ${hospital}`, group: hospital, location: hospital, ...changes });
};
/** An alarm about something else. */
const other = (id: string, title: string, changes: Partial<AlarmRow> = {}) =>
  sample.alarm({ id, title, what: title, service: null, status: null, group: null, priority: "low", when: "Sinds 02:20.", reason: "geen levering sinds het genoemde tijdstip", lines: ["Bel voor de actuele stand."], ...changes });
const over = (alarm: AlarmRow, ended: string): AlarmRow => ({ ...alarm, state: "returned-unacknowledged", ended });
const acknowledged = (alarm: AlarmRow): AlarmRow => ({ ...alarm, state: "acknowledged", open: false, note: "Bevestigd 01:40 door wan-hoofd." });

const alarms = [
  stopOf("Isala Zwolle", "SEH"),
  stopOf("Deventer Ziekenhuis", "SEH", { status: "threatened", priority: "medium", age: "4 min", phone: null }),
  other("3", "Levering stil Gelre Zutphen", { age: "26 u", stale: true, location: null }),
  over(stopOf("Gelre Apeldoorn", "SEH", { age: "2 u" }), "Voorbij 05:31"),
  acknowledged(stopOf("Isala Zwolle", "CCU", { age: "50 min" })),
  other("5", "Drukte Saxenburgh Hardenberg", { priority: "medium", state: "shelved", open: false, note: "Op de plank tot 03:00 door wan-hoofd: bekend" }),
  other("6", "Drukte Emmen", { state: "out-of-service", open: false, note: "Buiten dienst door beheer: meetfout" }),
];
/** A night at its worst: eight cards that call, one of them of a power cut. */
const worst = [
  ...["SEH", "CCU", "EHH", "CT"].map((service) => stopOf("Isala Zwolle", service, { age: "2 min" })),
  stopOf("Isala Zwolle", "Trauma", { status: "threatened", priority: "medium", age: "2 min" }),
  ...["Isala Meppel", "Deventer Ziekenhuis", "Ommelander Ziekenhuis Groningen", "Gelre Apeldoorn"].map((hospital) => stopOf(hospital, "SEH", { age: "12 min" })),
  stopOf("St Jansdal Harderwijk", "SEH", { status: "threatened", priority: "medium", age: "25 min" }),
  other("w1", "Levering stil St Jansdal Lelystad", { priority: "medium", age: "40 min" }),
  other("w2", "Drukke SEH Saxenburgh Hardenberg", { reason: "drukker dan 92 % van het eigen half jaar", age: "55 min" }),
  acknowledged(stopOf("Gelre Zutphen", "SEH", { age: "1 u" })),
  acknowledged(stopOf("Gelre Zutphen", "CCU", { age: "1 u" })),
  acknowledged(other("w3", "Levering stil Emmen", { age: "2 u" })),
  ...["Treant Emmen", "Treant Hoogeveen", "Treant Stadskanaal"].map((hospital) => over(stopOf(hospital, "SEH", { age: "2 u" }), "Voorbij 05:31")),
];
/** The column over a frame, its folds as a person left them. */
const column = (name: string, frame: FrameView, changes: Partial<Pick<Column, "overUnfolded" | "floodUnfolded">> = {}) =>
  show(AlarmList, name, { frame, column: Object.assign(new Column(() => frame), changes) });
const calm = sample.frame();
const offline = sample.frame({ connection: { state: "offline", text: "Offline sinds 01:58 — u ziet de stand van 01:55. De server antwoordt niet.", offline_since: "01:58", heard_s: null } });
const busy = sample.frame({ alarms, open_alarms: 3, shelved_alarms: 1 });
session.frame = busy;

const map = sample.beds({
  wards: [
    sample.ward("Intensive care", [
      sample.room("1", bedStates.map((state, i) => sample.bed(`1-${i + 1}`, { state }))),
      sample.room("2", [sample.bed("2-1", { manual: true }), sample.bed("2-2", { manual: true, ending: true }), sample.bed("2-3", { short: "", element: null })]),
    ]),
    sample.ward("Kliniek A1", [sample.room("3", bedStates.slice(0, 4).map((state, i) => sample.bed(`3-${i + 1}`, { state, short: "NON" })))]),
  ],
});
use(
  fixture({
    frame: () => busy,
    region: () => sample.region({ tiles: sample.tiles() }),
    beds: () => map,
    bed: () => sample.bedDetail(),
    location: () => sample.location(),
    worklist: () => sample.worklist(),
    settings: () => sample.settings(),
    alarmMetrics: () => sample.alarmMetrics(),
    dataQuality: () => sample.dataQuality(),
    labelChoices: () => sample.choices(),
    previewLabel: () => sample.preview({ overwrites: ["1 bed van collega"], already: 2 }),
    previewSet: () => sample.setPreview(),
    stopOutlook: () => sample.stopOutlook(),
  }),
);

export const sections: Section[] = [
  { title: "Vormen", width: "110px", loose: true, states: [...statuses.map((status) => show(Shape, status, { status, size: 20 })), ...["stop", "threatened"].map((status) => show(Shape, `${status}, voorbij`, { status, size: 20, hollow: true }))] },
  { title: "Prioriteiten", width: "110px", loose: true, states: priorities.map((priority) => show(PriorityMark, priority, { priority, label: priority, size: 20 })) },
  { title: "Leeftijd", width: "110px", states: freshnesses.map((freshness) => show(Age, freshness, { age: "14 min", freshness, mark: true })) },
  {
    title: "Tabel",
    width: "480px",
    states: [
      show(TableSample, "met kop", { rows: [["meldingen per uur", "0,0", "ongeveer 1"], ["meldingen in een vloed", "4 %", "≤ 1 %"]] }),
      show(TableSample, "zonder kop", { head: false, rows: [["meldingen per uur", "0,0", "ongeveer 1"]] }),
      show(TableSample, "leeg", { rows: [] }),
    ],
  },
  { title: "Dialoog", width: "520px", states: [show(Dialog, "met een zin", { title: "Op de plank", onclose: nothing, children: createRawSnippet(() => ({ render: () => "<p>Waarom zwijgt deze melding?</p>" })) })] },
  { title: "Grafiek", width: "480px", states: [show(Chart, "drie uur", { svg: sample.location().chart_3h ?? "", caption: "laatste 3 uur", alt: "drukte" })] },
  { title: "Zin met nadruk", width: "300px", states: [show(Rich, "nadruk", { text: "<b>7 van 8</b> locaties actueel" })] },
  {
    title: "Bedden in de kaart",
    width: "110px",
    loose: true,
    states: [
      ...bedStates.map((state) => show(BedCell, state, { bed: sample.bed("3-1", { state }) })),
      show(BedCell, "handmatig", { bed: sample.bed("3-2", { manual: true }) }),
      show(BedCell, "handmatig, eindigt", { bed: sample.bed("3-3", { manual: true, ending: true }) }),
      show(BedCell, "zonder label", { bed: sample.bed("3-4", { short: "", element: null }) }),
      show(BedCell, "gekozen", { bed: sample.bed("3-5", { state: "occupied" }), chosen: true }),
    ],
  },
  {
    title: "Druktemeter",
    width: "340px",
    states: [
      show(Meter, "gewoon", { meter: sample.meter({ level: "normal", position: 0.4, words: "rustig", trend: "→" }) }),
      show(Meter, "druk", { meter: sample.meter() }),
      show(Meter, "overvol", { meter: sample.meter({ level: "stop", position: 0.99, score: 192, words: "drukker dan 99 % van het half jaar" }) }),
      ...freshnesses.slice(1).map((freshness) => show(Meter, freshness, { meter: sample.meter({ freshness, age: "3 u" }) })),
    ],
  },
  {
    title: "Velden",
    width: "340px",
    loose: true,
    states: [
      show(Combobox, "voorstellen", { text: "", options: sample.choices().recent, chosen: undefined, numbered: true, placeholder: "typ een deel", label: "Element", testid: "a", onchoose: nothing }),
      show(Combobox, "gekozen", { text: "covid", options: sample.choices().elements, chosen: "ic-covid", numbered: false, placeholder: "", label: "Element", testid: "b", onchoose: nothing }),
      show(DateTimeField, "datum en tijd, leeg", { value: "", label: "Geldig tot" }),
      show(DateTimeField, "datum en tijd", { value: "2026-11-05T15:30", label: "Geldig tot" }),
      show(DateTimeField, "datum en tijd, uit", { value: "2026-11-05T15:30", label: "Geldig tot", disabled: true }),
      show(DateTimeField, "tijd", { timeOnly: true, value: "07:30", label: "tot" }),
    ],
  },
  {
    title: "Tegel",
    width: "420px",
    height: "440px",
    states: [
      ...["open", "threatened", "stop", "closed", "unknown"].map((status) =>
        show(Tile, status, {
          tile: sample.tile({ seh: { status, title: `SEH ${status}`, lines: status === "stop" ? ["sinds 01:58 tot ± 04:00", "SEH vol · kliniek vol"] : [] } }),
          dense: false,
          onopen: nothing,
        }),
      ),
      ...freshnesses.slice(1).map((freshness) =>
        show(Tile, freshness, { tile: sample.tile({ freshness, age: "3 u", meter: sample.meter({ freshness, age: "3 u" }) }), dense: false, onopen: nothing }),
      ),
      show(Tile, "onbekende getallen", { tile: sample.tile({ rows: [sample.row({ free: null, offered: null }), sample.row({ name: "Isolatie", free: 3, unknown: 2, confirmed: "14:10 telefonisch bevestigd" })] }), dense: false, onopen: nothing }),
      show(Tile, "geen SEH, favoriet", { tile: sample.tile({ seh: null, meter: null, favourite: true, contact: null }), dense: false, onopen: nothing }),
      show(Tile, "dicht", { tile: sample.tile(), dense: true, onopen: nothing }),
    ],
  },
  {
    title: "Meldingen",
    width: "372px",
    states: [
      column("geen", calm),
      column("elke toestand", busy),
      column("zoals opgenomen", sample.busyFrame()),
      column("voorbij, opengevouwen", sample.frame({ alarms: alarms.slice(3, 5), shift: "nacht" }), { overUnfolded: true }),
      column("vloed, stil, opmerking", sample.frame({
        alarms: alarms.map((a) => ({ ...a, grouped: a.priority !== "high" })),
        open_alarms: 3,
        flood: "14 meldingen in tien minuten",
        silent_for_s: 97,
        notes: ["Geluid ontbreekt: er is geen geluidsapparaat."],
      })),
    ],
  },
  // As wide and as high as the column is in a window of that size.
  ...([["1920×1080", "365px", "1012px"], ["1366×768", "270px", "700px"]] as const).map(([size, width, height]): Section => ({
    title: `Meldingen in een venster van ${size}`,
    width,
    height,
    states: [
      column("stroomuitval en storm", sample.frame({ alarms: worst, shift: "nacht" })),
      column("in een vloed", sample.frame({ alarms: worst.map((a) => ({ ...a, grouped: a.priority !== "high" })), shift: "nacht", flood: "14 meldingen in tien minuten", silent_for_s: 97 })),
    ],
  })),
  ...[1580, 1256].flatMap((width): Section[] => [
  {
    title: `Bovenbalk, ${width} px`,
    width: `${width}px`,
    height: "70px",
    states: [
      ["live", "Live"],
      ["late", "Vertraagd · 4 min"],
      ["offline", "Offline sinds 01:58 — u ziet de stand van 01:55. De server antwoordt niet."],
      ["starting", "Verbinden…"],
    ].map(([state = "", text = ""]) => show(TopBar, state, { frame: sample.frame({ connection: { state, text, offline_since: state === "offline" ? "01:58" : null, heard_s: state === "live" ? 12 : null } }) })),
  },
  {
    title: `Onderbalk, ${width} px`,
    width: `${width}px`,
    height: "54px",
    states: [
      show(BottomStrip, "volledig", { frame: calm, notification: null }),
      show(BottomStrip, "onvolledig", { frame: sample.frame({ current: 7, waiting: 3, troubled: ["label op bed 12 is geweigerd"] }), notification: null }),
      show(BottomStrip, "offline", { frame: offline, notification: null }),
      show(BottomStrip, "oefenen", { frame: sample.frame({ practice: true }), notification: null }),
      show(BottomStrip, "wat er zojuist gebeurde", { frame: calm, notification: { text: "3 bedden gelabeld: IC – Covid", bad: false } }),
      show(BottomStrip, "wat niet lukte, oefenen", {
        frame: sample.frame({ practice: true, waiting: 3, troubled: ["label op bed 12 is geweigerd"] }),
        notification: { text: "Niet opgeslagen: de schijf van deze werkplek is vol. Wat u deed is niet bewaard; maak ruimte of bel de beheerder.", bad: true },
      }),
    ],
  },
  ]),
  {
    title: "Dialogen",
    width: "520px",
    states: [
      show(KeysSheet, "toetsen", { onclose: nothing }),
      show(LabelPanel, "label", { beds: ["1", "2"], kind: "covidcapaciteit", onclose: nothing }),
      show(StopDialog, "stop", { id: "isala-zwolle", name: "Isala Zwolle", onclose: nothing }),
      show(BedDialog, "bed", { id: "1", onclose: nothing }),
      show(TakeOver, "overnemen", { onclose: nothing }),
      show(ShelveDialog, "plank", { ids: alarms.slice(0, 1).map((a) => a.id), onclose: nothing }),
      show(ShelveDialog, "plank, van meer", { ids: alarms.slice(0, 2).map((a) => a.id), onclose: nothing }),
      show(ConfirmDialog, "gebeld", { site: "isala-zwolle", name: "Isala Zwolle", kind: "specialistisch", row: sample.row({ unknown: 2 }), onclose: nothing }),
    ],
  },
  { title: "Scherm Regio", width: "1540px", height: "480px", states: [screen(RegionScreen, "een stop, een dreigende, een dubbele, een stille")] },
  { title: "Scherm Locatie", width: "1540px", height: "1100px", states: [screen(LocationScreen, "Isala", { site: "isala-zwolle" })] },
  { title: "Scherm Bedden", width: "1540px", height: "320px", states: [screen(BedsScreen, "twee afdelingen", { site: "isala-zwolle" })] },
  { title: "Scherm Werklijst", width: "1540px", height: "420px", states: [screen(WorklistScreen, "alles wat er kan staan")] },
  { title: "Scherm Kwaliteit van de meldingen", width: "1540px", height: "420px", states: [screen(AlarmMetricsScreen, "een dag")] },
  { title: "Scherm Gegevenskwaliteit", width: "1540px", height: "260px", states: [screen(DataQualityScreen, "twee soorten")] },
  { title: "Scherm Instellingen", width: "1540px", height: "760px", states: [screen(SettingsScreen, "drie locaties")] },
  { title: "Eerste start", width: "1540px", height: "620px", states: [screen(FirstStart, "leeg")] },
];
