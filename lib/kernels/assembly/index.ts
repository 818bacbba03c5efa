export {multiply, pack} from "./multiply";
export {multiplyTransposed} from "./multiply-transposed";
export {copyRows, sumRows, transpose} from "./rows";
export {adam, normalize, normalizeBack, rectify, rectifyBack, silu, siluBack} from "./elementwise";
