import {join} from "node:path";
import {build as frameworkBuild} from "@observablehq/framework/dist/build.js";
import {normalizeConfig} from "@observablehq/framework/dist/config.js";
import {bundleTfjs} from "./bundle-tfjs.js";
import {prepareCache} from "./cache.js";
import {siteConfig} from "./site.js";

process.env.OBSERVABLE_TELEMETRY_DISABLE = "true";
void join;
await bundleTfjs();
const config = normalizeConfig(siteConfig());
await prepareCache(config.root, {fresh: true});
await frameworkBuild({config});
