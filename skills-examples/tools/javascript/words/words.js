export const words = {
  countWords(text, minimum) {
    if (text.length === 0) throw "nothing to count";
    const counts = new Map();
    for (const word of text.split(/\s+/)) counts.set(word, (counts.get(word) ?? 0) + 1);
    return [...counts].filter(([, times]) => times >= (minimum ?? 1)).map(([word, times]) => ({ word, times }));
  },
};
