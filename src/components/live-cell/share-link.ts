import {readSettings} from "./page-settings.js";
import {encodeShare} from "./share.js";

/** Makes the link of the page as the reader has it, and copies it; `text` says what happened. */
export async function shareLink(edits: ReadonlyMap<string, string>): Promise<{text: string; link?: string}> {
  const settings = readSettings();
  if (edits.size === 0 && Object.keys(settings).length === 0)
    return {text: "Nothing on this page differs from its own code and settings, so its plain address is the link."};
  const hash = await encodeShare({cells: Object.fromEntries(edits), settings});
  if (typeof hash !== "string") return {text: hash.problem};
  const link = location.origin + location.pathname + hash;
  try {
    await navigator.clipboard.writeText(link);
    return {
      text: "A link with your changes is in the clipboard. Whoever opens it sees them, and chooses whether to run them.",
      link
    };
  } catch {
    return {text: "Copy this link: whoever opens it sees your changes, and chooses whether to run them.", link};
  }
}
