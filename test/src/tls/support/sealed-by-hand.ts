import { createCipheriv, createHmac } from 'node:crypto';
import type { Client } from './client.ts';

/** The only cipher suite that {@link sealedByHand} speaks, for each protocol. */
export const BY_HAND = { 'TLSv1.2': 'ECDHE-ECDSA-AES128-GCM-SHA256', 'TLSv1.3': 'TLS_AES_128_GCM_SHA256' } as const;

export const ALERT = 21;
export const HANDSHAKE = 22;

/**
 * A record of any type, encrypted with the client's keys: what no client can be made to send. It must be the first or, with
 * `sequence`, a later one after the handshake, and the client itself can send nothing after it.
 */
export function sealedByHand(client: Client, type: number, body: Uint8Array, sequence = 0): Buffer {
  const encrypt = client.tls.getProtocol() === 'TLSv1.3' ? encryptAs13 : encryptAs12;
  return encrypt(client, type, Buffer.from(body), sequence);
}

/** RFC 8446 §5.2 and §7.3. */
function encryptAs13(client: Client, type: number, body: Buffer, sequence: number): Buffer {
  const secret = secretOf(client, 'CLIENT_TRAFFIC_SECRET_0').secret;
  const derived = (label: string, length: number): Buffer => {
    const full = Buffer.from(`tls13 ${label}`);
    const info = Buffer.concat([Buffer.of(0, length, full.length), full, Buffer.of(0, 1)]);
    return createHmac('sha256', secret).update(info).digest().subarray(0, length);
  };
  const nonce = derived('iv', 12);
  nonce.writeUInt8(nonce.readUInt8(11) ^ sequence, 11);
  const header = headerOf(23, body.length + 1 + TAG);
  const sealed = seal(derived('key', 16), nonce, header, Buffer.concat([body, Buffer.of(type)]));
  return Buffer.concat([header, sealed]);
}

/** RFC 5246 §6.3 and RFC 5288 §3. Record 0 under these keys was Finished. */
function encryptAs12(client: Client, type: number, body: Buffer, sequence: number): Buffer {
  const { random, secret } = secretOf(client, 'CLIENT_RANDOM');
  const serverRandom = Buffer.concat(client.received).subarray(11, 43);
  const seed = Buffer.concat([Buffer.from('key expansion'), serverRandom, random]);
  const keyBlock = expand(secret, seed, 40);
  const counter = Buffer.alloc(8);
  counter.writeUInt8(sequence + 1, 7);
  const nonce = Buffer.concat([keyBlock.subarray(32, 36), counter]);
  const sealed = seal(keyBlock.subarray(0, 16), nonce, Buffer.concat([counter, headerOf(type, body.length)]), body);
  return Buffer.concat([headerOf(type, counter.length + sealed.length), counter, sealed]);
}

/** P_hash (RFC 5246 §5). */
const expand = (secret: Buffer, seed: Buffer, length: number): Buffer => {
  const hmac = (data: Buffer): Buffer => createHmac('sha256', secret).update(data).digest();
  const blocks: Buffer[] = [];
  for (let a = hmac(seed); blocks.length * 32 < length; a = hmac(a)) blocks.push(hmac(Buffer.concat([a, seed])));
  return Buffer.concat(blocks);
};

const seal = (key: Buffer, nonce: Buffer, additional: Buffer, plain: Buffer): Buffer => {
  const cipher = createCipheriv('aes-128-gcm', key, nonce).setAAD(additional);
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
};

const headerOf = (type: number, length: number): Buffer => Buffer.of(type, 3, 3, length >> 8, length & 255);

const secretOf = ({ keys }: Client, label: string): { random: Buffer; secret: Buffer } => {
  const [, random = '', secret = ''] = keys.find((line) => line.startsWith(`${label} `))?.split(' ') ?? [];
  return { random: Buffer.from(random, 'hex'), secret: Buffer.from(secret, 'hex') };
};

const TAG = 16;
