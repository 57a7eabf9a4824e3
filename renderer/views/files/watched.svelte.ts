// The folder that is watched: the host watches it, the window says how it is and lets the person choose.
import type { ReplyOf, RequestOf } from '../../../app/contract/messages';
import type { WatchedFolder } from '../../../app/contract/watching';
import { errorMessageOf, type Bridge } from '../../bridge/bridge';

type Method = 'watching.get' | 'watching.choose' | 'watching.rest' | 'watching.stop';

export class Watched {
  folder = $state.raw<WatchedFolder | null>(null);
  /** False in a browser: a folder is named there when Unroll is started. */
  canChoose = $state(false);
  readonly #bridge: Bridge;
  readonly #add: (files: readonly File[]) => void;

  /** @param add takes sounds that this window's browser is to decode */
  constructor(bridge: Bridge, add: (files: readonly File[]) => void) {
    this.#bridge = bridge;
    this.#add = add;
  }

  /** Hears of it until the returned function is called. */
  follow(): () => void {
    const stop = [
      this.#bridge.on('watching.changed', ({ watched }) => (this.folder = watched)),
      this.#bridge.on('watching.offered', ({ offerId }) => void this.#take(offerId)),
    ];
    return () => stop.forEach((each) => each());
  }

  load(): Promise<void> {
    return this.#ask('watching.get', {});
  }
  choose(): Promise<void> {
    return this.#ask('watching.choose', {});
  }
  rest(isPaused: boolean): Promise<void> {
    return this.#ask('watching.rest', { isPaused });
  }
  stop(): Promise<void> {
    return this.#ask('watching.stop', {});
  }

  /** One that is gone meanwhile, or whose host is, is offered again. */
  async #take(offerId: string): Promise<void> {
    try {
      const { file } = await this.#bridge.request('watching.take', { offerId });
      if (file === null) return;
      const pieces: Blob[] = [];
      for (let offset = 0; ;) {
        const { bytes } = await this.#bridge.request('watching.read', { offerId, offset });
        if (bytes.length === 0) break;
        pieces.push(new Blob([new Uint8Array(bytes)]));
        offset += bytes.length;
      }
      this.#add([new File(pieces, file.name)]);
    } catch (error) {
      if (errorMessageOf(error) === null) throw error;
    }
  }

  async #ask<M extends Method>(method: M, body: RequestOf<M>): Promise<void> {
    const reply: ReplyOf<'watching.get'> = await this.#bridge.request(method, body);
    this.folder = reply.watched;
    this.canChoose = reply.canChoose;
  }
}
