/**
 * Takes out of a page or a module of the site when each of its files was last written, which Framework notes there: it is
 * another time in every checkout, and two builds of one commit are to be the same bytes.
 */
export function withoutFileTimes(text: string): string {
  return text.replace(/,"lastModified":\d+(?:\.\d+)?(?=[,}])/g, "");
}
