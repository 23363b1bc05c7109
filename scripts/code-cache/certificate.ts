import { generateKeyPairSync, sign } from 'node:crypto';

/** A key and a certificate that it has signed itself, both PEM, for nobody but ourselves: valid on one day in 2000. */
export function selfSigned(): { readonly key: string; readonly certificate: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const signed = sequence(
    INTEGER_1,
    ECDSA_WITH_SHA256,
    NAME,
    sequence(utcTime('000101000000Z'), utcTime('000102000000Z')),
    NAME,
    publicKey.export({ format: 'der', type: 'spki' }),
  );
  const signature = sign('sha256', signed, privateKey);
  const der = sequence(signed, ECDSA_WITH_SHA256, element(0x03, Buffer.from([0]), signature));
  return {
    key: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    certificate: `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`,
  };
}

/** One element in DER (X.690 §8.1), of at most 64 KiB. */
function element(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...contents: readonly Uint8Array[]): Buffer => element(0x30, ...contents);
const utcTime = (time: string): Buffer => element(0x17, Buffer.from(time));
const objectIdentifier = (hex: string): Buffer => element(0x06, Buffer.from(hex, 'hex'));

/** RFC 5280 §4.1: version 1, so that no extensions are needed; the serial number. */
const INTEGER_1 = element(0x02, Buffer.from([1]));
const ECDSA_WITH_SHA256 = sequence(objectIdentifier('2a8648ce3d040302'));
/** CN=code cache */
const NAME = sequence(element(0x31, sequence(objectIdentifier('550403'), element(0x0c, Buffer.from('code cache')))));
