// unroll onnx --model NAME --out FILE
import { promises as fs } from 'node:fs';
import { basename } from 'node:path';
import { exportOnnx } from '../onnx/exportOnnx';
import { readChosenModel } from './model';
import { say } from './output';

export interface OnnxOptions {
  readonly model?: string;
  readonly out: string;
}

/** @throws UnrollError model.missing, model.invalid, model.noDefault */
export async function onnxCommand({ model, out }: OnnxOptions): Promise<void> {
  const { manifest, parameters } = await readChosenModel(model, 'default');
  const bytes = exportOnnx(manifest, parameters);
  await fs.writeFile(out, bytes);
  say(`${basename(out)}: ${manifest.name.en}, ${(bytes.length / 1e6).toFixed(1)} MB.`);
}
