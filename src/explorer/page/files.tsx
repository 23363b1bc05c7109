import { useEffect, useState } from 'preact/hooks';
import { checkSize, readDropped, type Connection, type Opened } from '../model/dropped.ts';
import { reasonOf } from './reason-of.ts';

/** What has become of the file that was dropped last. */
interface Told {
  readonly says: string;
  readonly fault: boolean;
  /** Those of a trace, to choose from, and which of them was chosen. */
  readonly connections: readonly Connection[];
  readonly chosen: number;
}

/** The files that are dropped on the page, or chosen. */
export interface Dropped {
  readonly told: Told;
  readonly read: (files: FileList | null | undefined) => void;
  readonly choose: (connection: number) => void;
  /** Nothing of a file is shown any more. */
  readonly forget: () => void;
}

/** Opens traces and diagrams. They never leave the page. */
export function useFiles(onOpen: (opened: Opened) => void): Dropped {
  const [told, setTold] = useState<Told>(NOTHING);
  const open = (connections: readonly Connection[], chosen: number, make: () => Opened, ...notes: string[]): void => {
    try {
      const opened = make();
      onOpen(opened);
      setTold({ says: [...notes, ...opened.notes].join('\n'), fault: false, connections, chosen });
    } catch (error) {
      setTold({ says: reasonOf(error), fault: true, connections, chosen });
    }
  };
  const readFirst = async (file: File, ...notes: string[]): Promise<void> => {
    checkSize(file.name, file.size);
    const text = await file.text().catch((): never => {
      throw new Error(`${file.name} cannot be read: it may be a folder`);
    });
    const dropped = readDropped(file.name, text);
    if (dropped.kind === 'diagram') open([], 0, () => dropped.opened, ...notes);
    else if (dropped.connections[0] !== undefined) open(dropped.connections, 0, dropped.connections[0].open, ...notes);
  };
  const read: Dropped['read'] = (files) => {
    const [file, ...others] = files ?? [];
    if (file === undefined) return;
    const notes = others.length === 0 ? [] : [`Only the first of ${others.length + 1} files is shown.`];
    void readFirst(file, ...notes).catch((error: unknown) =>
      setTold({ ...NOTHING, says: reasonOf(error), fault: true }),
    );
  };
  useDrop(read);
  return {
    told,
    read,
    choose: (index) => {
      const connection = told.connections[index];
      if (connection !== undefined) open(told.connections, index, connection.open);
    },
    forget: () => setTold(NOTHING),
  };
}

/** Where one's own files are chosen, and what has become of them. */
export function Files({ dropped: { told, read, choose } }: { readonly dropped: Dropped }) {
  return (
    <div class="files">
      <label>
        Your own: drop a trace or a diagram here, or choose one
        <input
          type="file"
          accept=".jsonl,.json,.yaml,.yml,.trace"
          onChange={({ currentTarget }) => {
            read(currentTarget.files);
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
          <select value={told.chosen} onChange={({ currentTarget }) => choose(Number(currentTarget.value))}>
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
function useDrop(take: Dropped['read']): void {
  useEffect(() => {
    const over = (event: DragEvent): void => event.preventDefault();
    const drop = (event: DragEvent): void => {
      event.preventDefault();
      take(event.dataTransfer?.files);
    };
    addEventListener('dragover', over);
    addEventListener('drop', drop);
    return () => {
      removeEventListener('dragover', over);
      removeEventListener('drop', drop);
    };
  });
}

const NOTHING: Told = { says: '', fault: false, connections: [], chosen: 0 };
/** A longer menu would be of no use. */
const MOST_SHOWN = 1000;
