import type {Exhibit} from "./exhibit.js";
import {listExhibits} from "./list-exhibits.js";
import {sourceExhibits} from "./source-exhibits.js";
import {tableExhibits} from "./table-exhibits.js";
import {updateExhibits} from "./update-exhibits.js";

/** All exhibits, in the order of the page. */
export const exhibits: Exhibit[] = [...sourceExhibits, ...listExhibits, ...updateExhibits, ...tableExhibits];

/** The exhibit of a name; throws a RangeError that lists the names if there is none. */
export function exhibitOf(name: string): Exhibit {
  const exhibit = exhibits.find((one) => one.name === name);
  if (exhibit) return exhibit;
  throw new RangeError(`there is no exhibit “${name}”: choose one of ${exhibits.map((one) => one.name).join(", ")}`);
}
