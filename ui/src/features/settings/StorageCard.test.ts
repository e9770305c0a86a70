import { render, screen, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { use } from "../../backend";
import { fixture } from "../../backend/fixture";
import * as sample from "../../backend/sample";
import type { StorageView } from "../../bindings";
import StorageCard from "./StorageCard.svelte";

const copy = { id: "ledger-20261121.sqlite", made: "21 nov 23:10", whole: true };
const hurt: Partial<StorageView> = {
  remarks: ["Het logboek is beschadigd"],
  unreadable: [{ what: "labels", rows: 2 }],
  copies: [copy, { id: "ledger-20261120.sqlite", made: "20 nov 23:10", whole: false }],
  offered: copy,
};
function shown(given: Partial<StorageView>) {
  const asked: unknown[] = [];
  use(fixture({ restoreLedger: (given) => void asked.push(given), keepLedger: () => void asked.push("keep") }));
  render(StorageCard, { storage: sample.storage(given) });
  return { card: screen.getByTestId("storage"), asked, user: userEvent.setup() };
}

test("r_07: what cannot be read of the ledger stands there, how much and of which kind", () => {
  expect(within(shown(hurt).card).getByTestId("unreadable").textContent).toContain("2 × labels");
});
test("r_07: the last good copy is one button, and is put back after it was named with its date", async () => {
  const { asked, user } = shown(hurt);
  await user.click(screen.getByTestId("restore"));
  expect(asked).toEqual([]);
  expect(screen.getByTestId("restore-dialog").textContent).toContain("21 nov 23:10");
  await user.click(screen.getByTestId("restore-do"));
  expect(asked).toEqual([{ backup: copy.id }]);
});
test("r_07: Enter alone puts nothing back, since the button that leaves things as they are has the focus", async () => {
  const { asked, user } = shown(hurt);
  await user.click(screen.getByTestId("restore"));
  await user.keyboard("{Enter}");
  expect(asked).toEqual([]);
});
test("r_07: a damaged copy is named and cannot be chosen", async () => {
  const { card, user } = shown(hurt);
  await user.click(screen.getByTestId("all-copies"));
  const row = [...card.querySelectorAll("li")].find((li) => li.textContent?.includes("20 nov"));
  expect(row?.textContent).toContain("beschadigd");
  expect(row?.querySelector("button")).toBe(null);
});
test("r_07: until the next start a choice can be taken back", async () => {
  const { asked, user } = shown({ ...hurt, chosen: copy });
  expect(screen.getByTestId("restore-chosen").textContent).toContain("21 nov 23:10");
  expect(screen.queryByTestId("restore")).toBe(null);
  await user.click(screen.getByTestId("keep-ledger"));
  expect(asked).toEqual(["keep"]);
});
test("where nothing is wrong no copy is offered", () => {
  expect(within(shown({ copies: [copy] }).card).queryByTestId("restore")).toBe(null);
});
