import { tellOptions } from '../diagram/picture.ts';
import type { PictureRow } from '../picture/picture.ts';
import type { Lettering } from './chunks.ts';
import { RECORDS } from './marks.ts';
import { carrierOf } from './on-the-wire.ts';
import { handshakeOf, type Recording } from './recording.ts';
import { tellBytes } from './words.ts';

/** The lines below the rows of a recorded connection: what it was, what letters stand for, how it ended. */
export const captionOf = (recording: Recording, letters: Lettering, rows: readonly PictureRow[]): readonly string[] => [
  ...aboutConnection(recording),
  ...legend(letters),
  ...aboutWire(recording, rows),
  ...aboutEnd(recording),
];

function aboutConnection(recording: Recording): readonly string[] {
  const { header } = recording;
  const handshake = handshakeOf(recording);
  const agreed = handshake === undefined ? 'no handshake' : `${handshake.protocol}, ${handshake.cipher}`;
  const name = handshake?.serverName === undefined ? '' : `, server name ${handshake.serverName}`;
  return [`${header.accepted}: ${tellOptions(header)}, ${agreed}${name}`];
}

function legend({ runs, repeated }: Lettering): readonly string[] {
  if (runs.length === 0) return [];
  if (repeated) return ['letters stand for runs of data, and begin again when there are no more'];
  const sizes = runs.map(
    ({ letter, chunks, bytes }) => `${letter} ${tellBytes(bytes)}${chunks > 1 ? ` (${chunks} chunks)` : ''}`,
  );
  return [sizes.join(', ')];
}

const aboutEnd = ({ closing }: Recording): readonly string[] =>
  closing === undefined ? ['the trace stops before the verdict'] : [closing.verdict, `exit ${closing.exitStatus}`];

/** The capitals of the wire rows; and what our close_notify looked like there, which in TLS 1.3 is not to be seen. */
function aboutWire(recording: Recording, rows: readonly PictureRow[]): readonly string[] {
  const drawn = new Set(
    rows.filter(({ group }) => group === 'wire').flatMap(({ marks }) => marks.map(({ symbol }) => symbol)),
  );
  const types = Object.entries(RECORDS).filter(([, symbol]) => drawn.has(symbol));
  if (types.length === 0) return [];
  const said = recording.events.findIndex(({ stream, kind }) => stream === 'toPeer' && kind === 'close_notify');
  const record = said === -1 ? undefined : carrierOf(recording, said);
  const ours =
    record === undefined ? '' : `; our close_notify was a record ${RECORDS[record.type]} of ${tellBytes(record.bytes)}`;
  return [`on the wire: ${types.map(([type, symbol]) => `${symbol} ${type}`).join(', ')}${ours}`];
}
