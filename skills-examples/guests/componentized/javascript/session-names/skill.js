// Gives sessions names that people can remember.
import { getRandomBytes } from 'wasi:random/random@0.2.12';

const ADJECTIVES = ['calm', 'quick', 'red', 'old', 'tall', 'warm', 'wide', 'young'];
const NOUNS = ['fox', 'hill', 'lamp', 'oak', 'river', 'ship', 'stone', 'wolf'];

export function invoke(input) {
  const lines = String.fromCharCode(...input).trim().split('\n').map((line) => {
    const [one, two, three] = Object.values(getRandomBytes(3));
    return `${ADJECTIVES[one % 8]}-${NOUNS[two % 8]}-${three} ${line}`;
  });
  return Uint8Array.from(lines.join('\n'), (char) => char.charCodeAt(0));
}
