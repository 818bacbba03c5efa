/** What the library exports, for completion in the editor; loaded when a reader first edits. */
import {libraryDocs} from "../../tools/library-docs.js";

process.stdout.write(JSON.stringify(libraryDocs()));
