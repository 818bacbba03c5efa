import {siteConfig} from "./tools/site.js";

export default siteConfig();
