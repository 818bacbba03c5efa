export {copyRows, multiply, multiplyTransposed, pack, sumRows, transpose} from "./matrix";
export {adam, normalize, normalizeBack, silu, siluBack, squaredError} from "./elementwise";
