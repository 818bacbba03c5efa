import type {BenchRow} from "../lib/bench-row.js";
import {benchText, devicesText} from "../lib/bench-row.js";
import {element} from "./element.js";
import type {Live} from "./live.js";
import {live} from "./live.js";

/** A table of what a bench has measured: the rows that have a name, in the order of the names, and the device below. */
export function benchTable(rows: readonly BenchRow[], names: Record<string, string>): Live {
  const shown = Object.entries(names).map(([id, name]) => {
    const row = rows.find((own) => own.id === id);
    if (!row) throw new RangeError(`the bench has no row ${id}: run it again`);
    return {name, row};
  });
  const head = ["what", "measured", "samples"].map((text) => element("th", {scope: "col"}, text));
  const body = shown.map(({name, row}) =>
    element(
      "tr",
      {},
      element("th", {scope: "row", style: "font-weight: normal; text-align: left"}, name),
      element("td", {style: "white-space: nowrap"}, benchText(row)),
      element("td", {}, row.samples.toLocaleString("en"))
    )
  );
  const table = element(
    "table",
    {style: "max-width: none"},
    element("thead", {}, element("tr", {}, ...head)),
    element("tbody", {}, ...body)
  );
  const root = live(
    "What the bench has measured",
    element("div", {class: "table-scroll", role: "region", "aria-label": "Measurements", tabindex: 0}, table)
  );
  root.badge("recorded", "the project’s bench");
  root.say(`Device: ${devicesText(shown.map(({row}) => row))}.`);
  root.table(() => ({
    columns: ["what", "value", "unit", "spread", "samples", "device"],
    rows: shown.map(({name, row}) => [name, row.value, row.unit, row.spread, row.samples, row.device])
  }));
  return root;
}
