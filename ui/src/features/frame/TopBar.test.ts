import { screen } from "@testing-library/svelte";
import { expect, test } from "vitest";
import * as sample from "../../backend/sample";
import { desk } from "../../test-support/app";

const nobody = { user: null, signed_in: "j.devries" };

test("where nobody took the desk over, the bar asks who is on duty and offers the account of the machine", async () => {
  const { backend, user } = await desk({ frame: () => sample.frame(nobody), takeOver: () => null });
  await user.click(await screen.findByTestId("no-operator"));
  const name = await screen.findByRole<HTMLInputElement>("textbox", { name: /dienst/ });
  expect(name.value).toBe("j.devries");
  await user.clear(name);
  await user.type(name, "WAN-hoofd{Enter}");
  expect(backend.argumentsOf("takeOver")).toEqual([{ name: "WAN-hoofd" }]);
});
test("whoever is on duty stands in the bar", async () => {
  await desk({ frame: () => sample.frame({ user: "WACO" }) });
  expect(await screen.findByText("WACO")).toBeTruthy();
  expect(screen.queryByTestId("no-operator")).toBeNull();
});
test("on the first start the name that stands there counts when a person goes on with it", async () => {
  const { backend, user } = await desk({
    frame: () => sample.frame({ first_start: true, ...nobody }),
    takeOver: () => null,
    openPractice: () => null,
  });
  expect((await screen.findByTestId<HTMLInputElement>("first-operator")).value).toBe("j.devries");
  expect(backend.argumentsOf("takeOver")).toEqual([]);
  await user.click(screen.getByTestId("practice"));
  expect(backend.argumentsOf("takeOver")).toEqual([{ name: "j.devries" }]);
});
