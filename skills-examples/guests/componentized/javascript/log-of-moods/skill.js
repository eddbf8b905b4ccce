// Keeps a log of moods, and starts a new one when it is full.
import { getDirectories } from 'wasi:filesystem/preopens@0.2.12';

const LOG = 'var/log/moods/current';
const OLD = 'var/log/moods/previous';
const ENTRIES_MAX = 6;
const bytes = (text) => Uint8Array.from(text, (char) => char.charCodeAt(0));

export function invoke(input) {
  const [root] = getDirectories()[0];
  let log = '';
  try {
    log = String.fromCharCode(...Object.values(root.openAt({}, LOG, {}, { read: true }).read(10000, 0)[0]));
  } catch {
    // The first entry.
  }
  if (log.split('\n').length > ENTRIES_MAX) {
    root.renameAt(LOG, root, OLD);
    log = '';
  }
  const entry = String.fromCharCode(...input).trim();
  root.openAt({}, LOG, { create: true, truncate: true }, { write: true }).write(bytes(`${log}${entry}\n`), 0);
  return bytes('noted');
}
