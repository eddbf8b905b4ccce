// Prints its input; in capitals if the flags of its configuration name that feature.

const text = host.input();
const flags = (host.read("/config/flags") ?? "").split("\n");
print(flags.includes("capitals-v2") ? text.toUpperCase() : text);
