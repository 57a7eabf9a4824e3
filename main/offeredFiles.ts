// Sounds of the watched folder that the engine has no decoder for: a window takes them, as if they were dropped on it, and its browser
// decodes them. No message carries a path.
import { randomUUID } from 'node:crypto';
import { promises as fs } from 'node:fs';
import { basename } from 'node:path';
import type { ReplyOf, RequestOf } from '../app/contract/messages';
import { MAX_FILE_BYTES } from '../app/contract/messages';
import { MAX_OFFERED_PIECE_BYTES } from '../app/contract/watching';
import { UnrollError } from '../app/errors';

/** A window that is there takes an offer within this time, and a piece of it once it has the one before. */
const ANSWER_MS = 10_000;

interface Offer {
  readonly path: string;
  readonly name: string;
  readonly byteLength: number;
  isTaken: boolean;
  /** Told of every piece. */
  readonly went: (isOver: boolean) => void;
}

export interface OfferedFilesOptions {
  readonly publish: (offerId: string) => void;
  readonly answerMs?: number;
}

export class OfferedFiles {
  readonly #options: OfferedFilesOptions;
  readonly #offers = new Map<string, Offer>();

  constructor(options: OfferedFilesOptions) {
    this.#options = options;
  }

  /**
   * @returns whether a window has read all of it; false where there is none
   * @throws UnrollError file.tooLarge; a system error where it cannot be read
   */
  async offer(path: string): Promise<boolean> {
    const { size: byteLength } = await fs.stat(path);
    const name = basename(path);
    if (byteLength > MAX_FILE_BYTES) throw new UnrollError('file.tooLarge', { file: name, limit: '1 GB' });
    const offerId = randomUUID();
    try {
      return await new Promise<boolean>((resolve) => {
        const { answerMs = ANSWER_MS } = this.#options;
        const giveUp = (): void => resolve(false);
        let timer = setTimeout(giveUp, answerMs);
        const went = (isOver: boolean): void => {
          clearTimeout(timer);
          if (isOver) resolve(true);
          else timer = setTimeout(giveUp, answerMs);
        };
        this.#offers.set(offerId, { path, name, byteLength, isTaken: false, went });
        this.#options.publish(offerId);
      });
    } finally {
      this.#offers.delete(offerId);
    }
  }

  take({ offerId }: RequestOf<'watching.take'>): ReplyOf<'watching.take'> {
    const offer = this.#offers.get(offerId);
    if (offer === undefined || offer.isTaken) return { file: null };
    offer.isTaken = true;
    offer.went(false);
    return { file: { name: offer.name, byteLength: offer.byteLength } };
  }

  /** @throws UnrollError file.unreadable where it is gone, message.refused where it is not offered */
  async read({ offerId, offset }: RequestOf<'watching.read'>): Promise<ReplyOf<'watching.read'>> {
    const offer = this.#offers.get(offerId);
    if (offer?.isTaken !== true)
      throw new UnrollError('message.refused', { method: 'watching.read', reason: 'No such file is offered.' });
    const bytes = new Uint8Array(Math.max(0, Math.min(MAX_OFFERED_PIECE_BYTES, offer.byteLength - offset)));
    try {
      const file = await fs.open(offer.path, 'r');
      try {
        const { bytesRead } = await file.read(bytes, 0, bytes.length, offset);
        offer.went(bytesRead === 0);
        return { bytes: bytes.subarray(0, bytesRead) };
      } finally {
        await file.close();
      }
    } catch (error) {
      throw new UnrollError('file.unreadable', { file: offer.name }, { cause: error });
    }
  }
}
