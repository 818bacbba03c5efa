import {describeTexelDigits} from "./texel-digits.js";

describeTexelDigits("webgl");
