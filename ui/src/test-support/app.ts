// The whole application over recorded views, as a person at the desk has it before them.
import { render } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import App from "../App.svelte";
import { use } from "../backend";
import { type Fixture, fixture } from "../backend/fixture";
import * as sample from "../backend/sample";

export type Answers = Parameters<typeof fixture>[0];

export async function desk(answers: Answers = {}): Promise<{ backend: Fixture; user: ReturnType<typeof userEvent.setup> }> {
  const backend = fixture({ frame: () => sample.frame(), region: () => sample.region(), ...answers });
  use(backend);
  render(App);
  return { backend, user: userEvent.setup() };
}
