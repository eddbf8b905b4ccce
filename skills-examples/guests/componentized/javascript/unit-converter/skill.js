// Writes lengths in the units that the user wants.
import { getEnvironment } from 'wasi:cli/environment@0.2.12';

export function invoke(input) {
  const imperial = new Map(getEnvironment()).get('UNITS') === 'imperial';
  const lines = String.fromCharCode(...input).trim().split('\n').map((line) => {
    const metres = parseFloat(line);
    return imperial ? `${(metres / 0.3048).toFixed(1)} ft` : `${metres.toFixed(1)} m`;
  });
  return Uint8Array.from(lines.join('\n'), (char) => char.charCodeAt(0));
}
