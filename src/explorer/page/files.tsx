import { useEffect, useState } from 'preact/hooks';
import { checkSize, readDropped, type Connection, type Opened } from '../model/dropped.ts';
import { reasonOf } from './reason-of.ts';

interface Props {
  readonly onOpen: (opened: Opened) => void;
}

/** What has become of the file that was dropped last. */
interface Told {
  readonly says: string;
  readonly fault: boolean;
  /** Those of a trace, to choose from. */
  readonly connections: readonly Connection[];
}

/** Opens traces and diagrams that are dropped on the page, or chosen. They never leave it. */
export function Files({ onOpen }: Props) {
  const [told, setTold] = useState<Told>(NOTHING);
  const fault = (error: unknown): void => setTold({ says: reasonOf(error), fault: true, connections: [] });
  const open = (connections: readonly Connection[], make: () => Opened): void => {
    try {
      const opened = make();
      onOpen(opened);
      setTold({ says: opened.notes.join('\n'), fault: false, connections });
    } catch (error) {
      setTold({ says: reasonOf(error), fault: true, connections });
    }
  };
  const read = async (file: File): Promise<void> => {
    checkSize(file.name, file.size);
    const dropped = readDropped(file.name, await file.text());
    if (dropped.kind === 'diagram') {
      open([], () => dropped.opened);
      return;
    }
    const [first] = dropped.connections;
    if (first !== undefined) open(dropped.connections, first.open);
  };
  useDrop((file) => void read(file).catch(fault));
  return (
    <div class="files">
      <label>
        Your own: drop a trace or a diagram here, or choose one
        <input
          type="file"
          accept=".jsonl,.json,.yaml,.yml,.trace"
          onChange={({ currentTarget }) => {
            const file = currentTarget.files?.[0];
            if (file !== undefined) void read(file).catch(fault);
            // So that the same file can be chosen again.
            currentTarget.value = '';
          }}
        />
      </label>
      {told.connections.length > 1 && (
        <label>
          {told.connections.length > MOST_SHOWN
            ? `The first ${MOST_SHOWN} of its ${told.connections.length} connections`
            : 'Its connections'}
          <select
            onChange={({ currentTarget }) => {
              const connection = told.connections[Number(currentTarget.value)];
              if (connection !== undefined) open(told.connections, connection.open);
            }}
          >
            {told.connections.slice(0, MOST_SHOWN).map(({ line }, i) => (
              <option key={i} value={i}>
                {line}
              </option>
            ))}
          </select>
        </label>
      )}
      <p class={told.fault ? 'fault' : 'note'} role="status">
        {told.says}
      </p>
    </div>
  );
}

/** The whole page takes files. */
function useDrop(take: (file: File) => void): void {
  useEffect(() => {
    const over = (event: DragEvent): void => event.preventDefault();
    const drop = (event: DragEvent): void => {
      event.preventDefault();
      const file = event.dataTransfer?.files[0];
      if (file !== undefined) take(file);
    };
    addEventListener('dragover', over);
    addEventListener('drop', drop);
    return () => {
      removeEventListener('dragover', over);
      removeEventListener('drop', drop);
    };
  });
}

const NOTHING: Told = { says: '', fault: false, connections: [] };
/** A longer menu would be of no use. */
const MOST_SHOWN = 1000;
