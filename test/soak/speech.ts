import type { Peer } from '../live/support/peer.ts';
import { pattern } from './pattern.ts';

/** Bytes: what surely went, and what was at most begun. */
export interface Said {
  readonly least: number;
  readonly most: number;
}

/** What a peer says, through an engine that may fail. */
export class Speech {
  readonly #peer: Peer;
  #engineGone: Promise<void> | undefined;

  said: Said = { least: 0, most: 0 };
  /** Bytes that it was told to send, whether or not it has come to that. */
  toldBytes = 0;

  constructor(peer: Peer) {
    this.#peer = peer;
  }

  async say(bytes: number, send: (data: Buffer) => Promise<void>): Promise<void> {
    const data = pattern('peer', this.said.most, bytes);
    this.said = { ...this.said, most: this.said.most + bytes };
    await this.whileItCan(send(data));
    this.said = { ...this.said, least: this.said.most };
  }

  /** Nobody may read any more: then its engine fails, and tells those who wait for it nothing. */
  async whileItCan(done: Promise<void>): Promise<void> {
    const { tls } = this.#peer;
    this.#engineGone ??= new Promise((resolve) => tls.once('close', resolve));
    // Nobody waits for it any more when the engine is the first to go.
    done.catch(() => undefined);
    if (!tls.destroyed) await Promise.race([done, this.#engineGone]);
    if (tls.destroyed) throw new Error('the engine has failed');
  }
}
