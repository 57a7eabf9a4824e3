// What browsers, workers and Node share beyond the language itself, for app/tsconfig.json alone.
declare class TextEncoder {
  encode(text?: string): Uint8Array<ArrayBuffer>;
}
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(data?: ArrayBufferView | ArrayBuffer): string;
}
