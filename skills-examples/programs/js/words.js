// Counts words, as a skill that is called.
export function invoke(input) {
  const counts = new Map();
  for (const word of String.fromCharCode(...input).split(/\s+/).filter(Boolean))
    counts.set(word, (counts.get(word) ?? 0) + 1);
  const lines = [...counts].sort().map(([word, count]) => `${count} ${word}\n`);
  return Uint8Array.from(lines.join(""), (char) => char.charCodeAt(0));
}
