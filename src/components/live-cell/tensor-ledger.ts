// Which tensors belong to which run. tfjs keeps its engine in a global, whoever has loaded it, and calls `trackTensor`
// for every tensor and `makeVariable` for every variable (tfjs-core 4.22, engine.js, pinned). A test in the browser
// compares tf.memory() before and after, so it notices when that changes.

interface Tensor {
  isDisposed: boolean;
  dispose(): void;
}

interface Engine {
  trackTensor(tensor: Tensor, backend: unknown): void;
  makeVariable(...options: unknown[]): Tensor;
  disposeTensor(tensor: Tensor): void;
  disposeVariable(variable: Tensor): void;
}

/** The tensors of a run that live. */
export type Tensors = Set<Tensor>;

let owner: Tensors | null = null;
let hooked: Engine | undefined;
const owners = new WeakMap<Tensor, Tensors>();

/** From now on tensors are of this run; with null, of none. */
export function attributeTensors(to: Tensors | null): void {
  owner = to;
  const {_tfengine: engine} = globalThis as {_tfengine?: Engine};
  if (to && engine && engine !== hooked) hook((hooked = engine));
}

/** Frees what is left of a run's tensors. */
export function freeTensors(tensors: Tensors): void {
  for (const tensor of [...tensors]) {
    try {
      if (!tensor.isDisposed) tensor.dispose();
    } catch {
      // its backend is gone, and so is its memory
    }
  }
  tensors.clear();
}

function hook(engine: Engine): void {
  const {trackTensor, makeVariable, disposeTensor, disposeVariable} = engine;
  const own = (tensor: Tensor): Tensor => {
    if (owner) {
      owner.add(tensor);
      owners.set(tensor, owner);
    }
    return tensor;
  };
  const disown = (tensor: Tensor): void => void owners.get(tensor)?.delete(tensor);
  engine.trackTensor = function (tensor, backend) {
    trackTensor.call(this, tensor, backend);
    if (!isVariable(tensor)) own(tensor);
  };
  engine.makeVariable = function (...options) {
    return own(makeVariable.apply(this, options));
  };
  engine.disposeTensor = function (tensor) {
    if (!isVariable(tensor)) disown(tensor);
    disposeTensor.call(this, tensor);
  };
  engine.disposeVariable = function (variable) {
    disown(variable);
    disposeVariable.call(this, variable);
  };
}

// A variable that is assigned to is disposed of and tracked anew, whoever has made it: it stays whose it was.
function isVariable(tensor: Tensor): boolean {
  return "assign" in tensor;
}
