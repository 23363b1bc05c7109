import { useRef, useState } from 'preact/hooks';
import { reasonOf } from './reason-of.ts';

interface Props {
  readonly permalink: () => string;
  /** Throws a sentence for people when there can be no file. */
  readonly diagram: () => string;
  readonly onReset: () => void;
}

/** Takes what the page shows elsewhere. What is copied is shown, too: a browser can refuse the clipboard. */
export function Export({ permalink, diagram, onReset }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [shown, setShown] = useState({ text: '', says: '' });
  const copy = async (make: () => string): Promise<void> => {
    let text: string;
    try {
      text = make();
    } catch (error) {
      setShown({ text: '', says: reasonOf(error) });
      dialog.current?.showModal();
      return;
    }
    dialog.current?.showModal();
    setShown({ text, says: '' });
    try {
      // Where a page came over plain http from another machine there is no clipboard at all.
      await navigator.clipboard.writeText(text);
      setShown({ text, says: 'Copied.' });
    } catch {
      setShown({ text, says: 'The browser does not let this page copy: copy it from here.' });
    }
  };
  return (
    <div class="export">
      <button type="button" onClick={() => void copy(permalink)}>
        Copy permalink
      </button>
      <button type="button" onClick={() => void copy(diagram)}>
        Copy as diagram file
      </button>
      <button type="button" onClick={onReset}>
        Start over
      </button>
      <dialog ref={dialog} aria-labelledby="copied">
        <p id="copied" role="status">
          {shown.says}
        </p>
        {shown.text !== '' && (
          <textarea
            readOnly
            rows={Math.min(shown.text.split('\n').length + 1, 24)}
            aria-label="What was copied"
            value={shown.text}
          />
        )}
        <form method="dialog">
          <button>Close</button>
        </form>
      </dialog>
    </div>
  );
}
