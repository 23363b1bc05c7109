/** `1 byte`, `12 bytes`. */
export const tellBytes = (bytes: number): string => `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`;
