import {describeTexelDigits} from "./texel-digits.js";

// Apart from that of webgl, since each compiles its kernels for seconds where there is no graphics card.
await describeTexelDigits("webgpu");
