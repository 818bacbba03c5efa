import {describeTexelDigits} from "./texel-digits.js";

await describeTexelDigits("webgl");
