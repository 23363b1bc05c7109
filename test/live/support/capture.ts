import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { Watch, within } from './watch.ts';

/** Why nothing can be captured on the loopback device; `undefined` when it can. */
export const captureRefused = (): string | undefined => {
  const { status, stderr } = spawnSync('dumpcap', ['-i', 'lo', '-d', '-f', 'tcp'], { encoding: 'utf8' });
  return status === 0 ? undefined : (stderr.trim().split('\n').at(-1) ?? 'for no reason told');
};

/** Packets of one port on the loopback device, in the format of pcap. */
export interface Capture {
  /** Resolves with all that was captured once both sides have sent their FIN. */
  ended(): Promise<Buffer>;
}

/** Resolves when the capture has begun. */
export const capture = async (port: number): Promise<Capture> => {
  const dumpcap = spawn('dumpcap', ['-i', 'lo', '-f', `tcp port ${String(port)}`, '-P', '-w', '-'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [packets, told] = [Buffer.alloc(0), ''];
  const watch = new Watch(() => `${String(packets.length)} bytes; ${told}`);
  dumpcap.stdout.on('data', (chunk: Buffer) => {
    packets = Buffer.concat([packets, chunk]);
    watch.changed();
  });
  dumpcap.stderr.setEncoding('utf8').on('data', (text: string) => {
    told += text;
    watch.changed();
  });
  // It names its output file once the device is open and the filter is in force.
  await watch.until('the capture to begin', () => /^File: /m.test(told));
  return {
    ended: async () => {
      await watch.until('both FINs', () => finPorts(packets).size === 2);
      dumpcap.kill('SIGINT');
      await within('dumpcap to end', once(dumpcap, 'close'));
      return packets;
    },
  };
};

/** The ports from which a FIN has come. */
const finPorts = (pcap: Buffer): Set<number> => {
  const ports = new Set<number>();
  for (let at = FILE_HEADER; at + PACKET_HEADER <= pcap.length;) {
    const length = pcap.readUInt32LE(at + 8);
    const packet = pcap.subarray(at + PACKET_HEADER, at + PACKET_HEADER + length);
    if (packet.length < length) break;
    const tcp = packet.subarray(ETHERNET_HEADER + 4 * ((packet[ETHERNET_HEADER] ?? 0) & 15));
    if (((tcp[13] ?? 0) & FIN) !== 0) ports.add(tcp.readUInt16BE(0));
    at += PACKET_HEADER + length;
  }
  return ports;
};

/** Bytes; the loopback device looks like Ethernet. */
const [FILE_HEADER, PACKET_HEADER, ETHERNET_HEADER] = [24, 16, 14];
const FIN = 1;

/** A TLS record as tshark sees it. */
export interface CapturedRecord {
  readonly port: number;
  readonly length: number;
  /** The number of the alert in it, decrypted; -1 for any other record. */
  readonly alert: number;
}

/** The TLS records of a capture of `port`, in their order, decrypted with a key log. */
export const decryptedRecords = (pcapFile: string, port: number, keyLogFile: string): CapturedRecord[] => {
  const args = ['-r', pcapFile, '-d', `tcp.port==${String(port)},tls`, '-o', `tls.keylog_file:${keyLogFile}`];
  const { stdout, stderr, status } = spawnSync(
    'tshark',
    [...args, '-Y', 'tls.record', '-T', 'json', '--no-duplicate-keys', '-J', 'tcp tls'],
    { encoding: 'utf8', maxBuffer: 1 << 26 },
  );
  if (status !== 0) throw new Error(stderr);
  return (JSON.parse(stdout) as Frame[]).flatMap(({ _source: { layers } }) =>
    list(layers.tls).flatMap((tls) =>
      list(tls['tls.record']).map((record) => ({
        port: Number(layers.tcp['tcp.srcport']),
        length: Number(record['tls.record.length']),
        alert: Number(record['tls.alert_message']?.['tls.alert_message.desc'] ?? -1),
      })),
    ),
  );
};

interface Frame {
  readonly _source: { readonly layers: { readonly tcp: Fields; readonly tls: OneOrMore<Layer> } };
}
interface Layer {
  readonly 'tls.record'?: OneOrMore<RecordFields>;
}
type RecordFields = Fields & { readonly 'tls.alert_message'?: Fields };
type Fields = Readonly<Record<`tcp.${string}` | `tls.${string}`, string>>;
type OneOrMore<T> = T | readonly T[];

const list = <T>(value: OneOrMore<T> | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T];
