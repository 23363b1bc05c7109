import type { Explorer } from './explorer.ts';

/** A file as somebody drops it. */
export interface File {
  readonly name: string;
  readonly contents: string | Uint8Array;
}

/** Drops files on the page as a browser does, or what else is dragged. */
export async function drop({ page }: Explorer, ...files: readonly File[]): Promise<void> {
  const sent = files.map(({ name, contents }) => ({ name, base64: Buffer.from(contents).toString('base64') }));
  await page.evaluate((all) => {
    const dataTransfer = new DataTransfer();
    for (const { name, base64 } of all) {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      dataTransfer.items.add(new File([bytes], name));
    }
    const options = { dataTransfer, bubbles: true, cancelable: true };
    const over = new DragEvent('dragover', options);
    const drop = new DragEvent('drop', options);
    document.querySelector('main')?.dispatchEvent(over);
    document.querySelector('main')?.dispatchEvent(drop);
    // Otherwise the browser would leave the page for the file.
    if (!over.defaultPrevented || !drop.defaultPrevented) throw new Error('the page does not take what is dropped');
  }, sent);
}

/** Chooses a file by the page's own button. */
export async function chooseFile({ page }: Explorer, { name, contents }: File): Promise<void> {
  const buffer = Buffer.from(contents);
  await page.getByLabel(/^Your own/).setInputFiles({ name, mimeType: '', buffer });
}
