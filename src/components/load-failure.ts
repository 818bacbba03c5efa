// What the browsers say when a part of the page that comes later, such as tfjs, could not be fetched.
const failure =
  /(?:Uncaught )?(?:TypeError: )?(?:(?:Failed to fetch|error loading) dynamically imported module(?:: ?[^\s)]*)?|Importing a module script failed\.?)/i;

const said = "A part of this page could not be loaded: is there a connection? Try again once there is one.";

/** The text of an error in words for the reader, where it is a browser's about a part of the page that did not come. */
export function inWords(text: string): string {
  return text.replace(failure, said);
}

/** Whether a text says that a part of the page did not come. */
export function isLoadFailure(text: string): boolean {
  return failure.test(text);
}
