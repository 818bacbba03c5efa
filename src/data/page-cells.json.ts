/** The cells of all pages, and the library, for a download of a page's code; loaded when a reader asks for one. */
import {pageCells} from "../../tools/page-cells.js";

process.stdout.write(JSON.stringify(pageCells()));
