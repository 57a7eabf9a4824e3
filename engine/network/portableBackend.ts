// Where portable operations run: one TensorFlow.js, on the backend of a rung.
import type * as tfjs from '@tensorflow/tfjs';
import type { Rung } from '../../app/contract/rung';
import { tensorflowNode } from '../runtime/native';
import { tensorflowWasm } from '../runtime/wasm';

/** The rungs that run one operation at a time. */
export type PortableRung = Exclude<Rung, 'compiled'>;
export type TensorFlow = typeof tfjs;

const BACKEND_NAMES: Record<PortableRung, string> = { native: 'tensorflow', wasm: 'wasm' };

export interface PortableBackend {
  readonly rung: PortableRung;
  /**
   * Calls `use` with this backend as the current one. Tensors made inside are disposed at the end, those kept by
   * tf.keep excepted.
   */
  tidy<R>(use: (tf: TensorFlow) => R): R;
}

/** Loads what the rung needs. Several backends may be open side by side. */
export async function openPortableBackend(rung: PortableRung): Promise<PortableBackend> {
  const tf: TensorFlow = rung === 'wasm' ? await tensorflowWasm() : tensorflowNode();
  const name = BACKEND_NAMES[rung];
  await tf.setBackend(name);
  return {
    rung,
    tidy: <R>(use: (tf: TensorFlow) => R): R => {
      if (tf.getBackend() !== name) void tf.setBackend(name); // answers at once for a backend that has started
      const engine = tf.engine();
      engine.startScope();
      try {
        return use(tf);
      } finally {
        engine.endScope();
      }
    },
  };
}
