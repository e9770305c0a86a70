// One sentence for an error, by its code. Of refusals and offline stops Rust says the particulars.
import type { AppError, ErrorCode } from "./bindings";
import { type PlainKey, t } from "./text.svelte";

const messages: Record<ErrorCode, PlainKey> = {
  storage: "error-storage",
  "not-found": "error-not-found",
  invalid: "error-invalid",
  offline: "error-offline",
  refused: "error-refused",
  "not-allowed": "error-not-allowed",
  "not-from-here": "error-not-from-here",
  changed: "error-changed",
  unreadable: "error-unreadable",
};

const isAppError = (error: unknown): error is AppError =>
  typeof error === "object" && error !== null && "code" in error && "detail" in error;

export function messageOf(error: unknown): string {
  if (!isAppError(error)) return t("error-other");
  return error.code === "refused" || error.code === "offline" ? error.detail : t(messages[error.code]);
}
