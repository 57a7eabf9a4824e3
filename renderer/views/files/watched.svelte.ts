// The folder that is watched: the host watches it, the window says how it is and lets the person choose.
import type { ReplyOf, RequestOf } from '../../../app/contract/messages';
import type { WatchedFolder } from '../../../app/contract/watching';
import type { Bridge } from '../../bridge/bridge';

type Method = 'watching.get' | 'watching.choose' | 'watching.rest' | 'watching.stop';

export class Watched {
  folder = $state.raw<WatchedFolder | null>(null);
  /** False in a browser: a folder is named there when Unroll is started. */
  canChoose = $state(false);
  readonly #bridge: Bridge;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  /** Hears of it until the returned function is called. */
  follow(): () => void {
    return this.#bridge.on('watching.changed', ({ watched }) => (this.folder = watched));
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

  async #ask<M extends Method>(method: M, body: RequestOf<M>): Promise<void> {
    const reply: ReplyOf<'watching.get'> = await this.#bridge.request(method, body);
    this.folder = reply.watched;
    this.canChoose = reply.canChoose;
  }
}
