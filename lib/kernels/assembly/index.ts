export {multiply, pack} from "./multiply";
export {multiplyTransposed} from "./multiply-transposed";
export {copyRows, sumRows, transpose} from "./rows";
export {adam, normalize, normalizeBack, silu, siluBack} from "./elementwise";
