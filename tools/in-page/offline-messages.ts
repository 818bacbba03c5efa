/** What the build tells the offline reader: all files with hashes of their content, and which of them a page can ask for. */
export interface FileList {
  files: [path: string, hash: string][];
  pages: Record<string, number[]>; // by their paths without .html; the first page's is empty
}

/** What a page asks of the offline reader. */
export interface KeepRequest {
  page: string; // its address
  list: string; // the address of the list of its build
}

/** What comes of it. */
export type KeepAnswer = {kept: true} | {kept: false; full: boolean};
