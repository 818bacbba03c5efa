import type {ChartOptions} from "./chart.js";
import {chart} from "./chart.js";
import {element} from "./element.js";
import {chartTable} from "./figure-table.js";
import type {BadgeKind, Live} from "./live.js";
import {live} from "./live.js";

export interface ChartFigureOptions extends ChartOptions {
  badge: readonly [kind: BadgeKind, detail?: string];
  say: string; // what there is to see, for those who do not see it
}

/** A chart that needs no control, in the frame that all figures share: badge, status and downloads. */
export function chartFigure({badge, say, ...options}: ChartFigureOptions): Live {
  const root = live(options.title, element("div", {class: "chart-box"}, chart(options) as unknown as HTMLElement));
  root.badge(...badge);
  root.say(say);
  root.table(() => chartTable(options));
  return root;
}
