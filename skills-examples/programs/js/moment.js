// Says when it is called and draws, as a skill that is called; an empty input is an error.
export function invoke(input) {
  if (input.length === 0) throw "nothing to do";
  const text = `${new Date().toISOString()} ${Math.random() !== Math.random()}\n`;
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}
